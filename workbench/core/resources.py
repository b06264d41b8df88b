"""Where presets, icons and fonts lie: in a checkout and in a wheel alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def path(*parts: str) -> Path:
    """The path of a bundled file; a wheel carries the folder inside the package."""
    inside = _PACKAGE / "_resources"
    root = inside if inside.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)
