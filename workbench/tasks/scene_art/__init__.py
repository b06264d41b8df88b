"""Invented shapes and characters, and the scenes they lie in."""
