"""What is folded away below the lab until it is asked for."""
