"""Every task of an evaluation: all curves, which are hard, which classes fail together."""
