"""Scenes with boxes: what tasks of few-shot detection are made of."""
