"""Plug-ins in the window: asked about, their faces taken, listed in About."""
