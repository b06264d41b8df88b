"""The queue in the window, and the races that wait in it or run."""
