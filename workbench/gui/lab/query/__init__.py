"""What the learner says of the query items."""
