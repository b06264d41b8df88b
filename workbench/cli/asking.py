"""Questions to the person at the terminal. Where there is none, the answer is no."""

from __future__ import annotations

import sys

from workbench import terminal

YES = ("y", "yes")


def agreed(question: str) -> bool:
    """Whether somebody is there to be asked, and says yes; no is what Return alone means."""
    if not (terminal.is_terminal(sys.stdin) and terminal.is_terminal(sys.stderr)):
        return False
    terminal.say(f"{question} [y/N]")
    return sys.stdin.readline().strip().lower() in YES
