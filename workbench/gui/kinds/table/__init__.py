"""The face of every kind of task that has none of its own."""
