"""How the program begins: a window, a command, or a terminal without a display."""
