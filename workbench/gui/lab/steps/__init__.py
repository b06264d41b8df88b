"""The inner steps: their curves, and how one walks through them."""
