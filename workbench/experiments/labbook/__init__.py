"""Runs as a lab book: what a person says of them, finding, comparing and throwing away."""
