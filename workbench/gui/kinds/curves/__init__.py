"""Curves of one input and one value: points under the hand, the fitted function."""
