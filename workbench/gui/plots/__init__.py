"""Curves over the iterations and over the inner steps, of one run or of several."""
