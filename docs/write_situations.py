"""Writes the table of docs/own-data.md: what people bring, and what becomes of it.

    python docs/write_situations.py [--check]

Each row is a test of tests/unit/tasks/test_situations.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.situations import files, sizes, splits
from tests.situations.kit import Situation

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "own-data.md"
START = "<!-- written by docs/write_situations.py -->\n"
TABLES = {
    "Splits": splits.SITUATIONS,
    "Numbers of classes and pictures": sizes.SITUATIONS,
    "Files": files.SITUATIONS,
}


def main() -> None:
    """Write the table, or with ``--check`` say whether it is as it would be written."""
    text = FILE.read_text(encoding="utf-8")
    written = text[: text.index(START)] + START + "\n".join(lines()) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(written, encoding="utf-8")
    elif text != written:
        sys.exit(f"{FILE.relative_to(ROOT)} is old: python docs/write_situations.py")


def lines() -> Iterator[str]:
    """The three tables."""
    for title, situations in TABLES.items():
        yield f"\n## {title}\n"
        yield "| data | settings | classes in train / val / test | what is said |"
        yield "|---|---|---|---|"
        yield from map(row, situations)


def row(one: Situation) -> str:
    outcome = "refused" if one.classes is None else " / ".join(map(str, one.classes))
    where = f" at `{one.where}`" if one.classes is None else ""
    said = f"… {one.says} …" if one.says else ""
    return f"| {one.what} | {settings(one.settings)} | {outcome}{where} | {said} |"


def settings(values: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}` {value}" for name, value in values.items())


if __name__ == "__main__":
    main()
