"""Measurements of one's own: rows under the hand, in their own units, and a plot of two columns."""
