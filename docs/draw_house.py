"""Draws ``docs/images/house.svg``: rooms on floors, and which takes what from which.

    python docs/draw_house.py

An arrow is as thick as there are imports from a room to one below it. One that runs up would be
red, and there is none: ``lint-imports`` and ``tests/contract/test_imports.py`` see to that.
"""

from __future__ import annotations

import ast
from collections import Counter
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = (
    ("start",),
    ("gui/shell",),
    ("gui/kinds", "gui/browse", "gui/runs", "gui/queue", "gui/plugins"),
    ("gui/explorer", "gui/search"),
    ("gui/lab",),
    ("gui/forms", "gui/plots", "gui/windows"),
    ("gui/takeaway",),
    ("gui/state",),
    ("gui/style", "gui/threads", "cli"),
    ("experiments",),
    ("plugins",),
    ("tasks", "models", "algorithms"),
    ("engine",),
    ("core",),
)
WIDTH, FLOOR, BOX, TALL, EDGE = 980, 74, 150, 38, 30
STYLE = (
    "text{font:13px sans-serif;fill:#222}.n{font-size:11px;fill:#777}"
    "rect{fill:#fff;stroke:#8aa}.gui{fill:#eef4fb}path{fill:none;stroke:#357;opacity:.28}"
    "path.up{stroke:#c00;opacity:1}@media(prefers-color-scheme:dark){svg{background:#1d1f21}"
    "text{fill:#ddd}.n{fill:#999}rect{fill:#26292c;stroke:#678}.gui{fill:#22303d}path{stroke:#8bf}}"
)


def room_of(module: str) -> str:
    """The room of a module; loose files, which every room may use, have none."""
    parts = module.split(".")
    if len(parts) < 3:
        return ""
    return f"gui/{parts[2]}" if parts[1] == "gui" else parts[1]


def imports() -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Files by room, and imports by the rooms that they lead from and to."""
    files, arrows = Counter[str](), Counter[tuple[str, str]]()
    for file in (ROOT / "workbench").rglob("*.py"):
        here = room_of(".".join(file.relative_to(ROOT).with_suffix("").parts))
        files[here] += 1
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbench."):
                there = room_of(f"{node.module}.{node.names[0].name}")
                if here and there and here != there:
                    arrows[here, there] += 1
    return files, arrows


def drawn() -> str:
    files, arrows = imports()
    at = {
        room: (round(WIDTH * (place + 1) / (len(floor) + 1)), EDGE + FLOOR * number)
        for number, floor in enumerate(FLOORS)
        for place, room in enumerate(floor)
    }
    parts = [_arrow(at[a], at[b], n) for (a, b), n in arrows.most_common() if a in at and b in at]
    parts += [_box(room, files[room], *place) for room, place in at.items()]
    height = EDGE + FLOOR * len(FLOORS)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">'
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>", ""])


def _arrow(start: tuple[int, int], end: tuple[int, int], count: int) -> str:
    (x, y), (u, v) = start, end
    up = ' class="up"' if v < y else ""
    middle = (y + TALL + v) / 2
    line = f"M{x} {y + TALL}C{x} {middle} {u} {middle} {u} {v}"
    return f'<path{up} stroke-width="{0.8 + count**0.5 / 2:.1f}" d="{line}"/>'


def _box(room: str, files: int, x: int, y: int) -> str:
    kind = ' class="gui"' if room.startswith("gui") else ""
    return (
        f'<rect{kind} x="{x - BOX // 2}" y="{y}" width="{BOX}" height="{TALL}" rx="7"/>'
        f'<text x="{x}" y="{y + 17}" text-anchor="middle">{escape(room)}</text>'
        f'<text class="n" x="{x}" y="{y + 31}" text-anchor="middle">{files} files</text>'
    )


if __name__ == "__main__":
    (ROOT / "docs" / "images" / "house.svg").write_text(drawn())
