"""Every task of an evaluation: its curve, its place among the others, and the task itself again."""
