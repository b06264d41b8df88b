"""Measuring a recorded run on held-out tasks, of its own data or of another family's."""
