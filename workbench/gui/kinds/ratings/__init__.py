"""Rated items as cards with stars, and the ranking that follows from them."""
