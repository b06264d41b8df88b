"""The window. Nothing here imports torch before the first paint: see `workspace.Workspace.load`."""
