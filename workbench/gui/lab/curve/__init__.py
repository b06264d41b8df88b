"""A curve task by hand: its support points, the learner's functions, and the true curve bent."""
