"""Packages outside the project that add parts and faces: found, trusted, loaded, listed."""
