"""The window round its panels: menus, actions, transport, status, log, and how it ends."""
