"""Which commit of the program runs, where it runs from a checkout.

The program's own, and not that of the folder it was called in: that settles what is computed, while
the user's folder may be any. Read without git, so that changes that were not committed are unknown.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]


@cache
def revision(root: Path = ROOT) -> str:
    """Forty hexadecimal digits; empty for a program that was installed."""
    try:
        return _head(_git(root))
    except (OSError, UnicodeDecodeError):
        return ""


def _git(root: Path) -> Path:
    """The folder of a checkout, or of one of several worktrees of a repository."""
    git = root / ".git"
    return root / git.read_text().removeprefix("gitdir:").strip() if git.is_file() else git


def _head(git: Path) -> str:
    head = (git / "HEAD").read_text().strip()
    if not head.startswith("ref:"):
        return head
    name = head.removeprefix("ref:").strip()
    shared = git / "commondir"
    base = git / shared.read_text().strip() if shared.exists() else git
    if (base / name).exists():
        return (base / name).read_text().strip()
    for line in (base / "packed-refs").read_text().splitlines():
        if line.endswith(f" {name}"):
            return line.split()[0]
    return ""
