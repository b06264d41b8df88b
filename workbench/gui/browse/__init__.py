"""The parts of the task browser, one widget a file."""
