"""Scenes with boxes: support boxes under the hand, found boxes at every step."""
