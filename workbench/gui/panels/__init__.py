"""One file a panel. Panels never import panels: they meet in the `Workspace` they are given."""
