"""What can be taken away from a run: weights, an adapted model, curves, how to repeat it."""
