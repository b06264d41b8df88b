"""Procedural handwriting: invented alphabets, the people who write them, and their ink."""
