"""Measurements of the user's own: rows of inputs and outputs, a task for each id."""
