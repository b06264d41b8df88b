"""A workbench for few-shot meta-learning: see MAML and its relatives learn to learn."""

__version__ = "0.1.0"
