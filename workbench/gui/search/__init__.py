"""The search in the window: put together from the form, and a study as pictures that follow it."""
