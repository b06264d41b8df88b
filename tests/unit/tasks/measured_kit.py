"""Tables of measurements for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core.task import unheard
from workbench.tasks.curves_csv import CurvesCsv
from workbench.tasks.measured.params import CurvesCsvParams

HEAD = "id,x1,x2,y1,y2"


def lines(ids: int = 10, rows: int = 6, tail: str = "") -> str:
    """Two inputs and two outputs, with slopes of its own for each id."""
    found = [HEAD]
    for i in range(ids):
        for r in range(rows):
            x1, x2 = float(r), float(r * 7 % 5)
            found.append(f"unit {i},{x1},{x2},{100 + i * x1 - x2:g},{2 * x2 + i:g}")
    return "\n".join(found) + "\n" + tail


def own(path: Path, data: str | bytes | None = None, **settings: Any) -> CurvesCsv:
    """A prepared family of the file, written first where there is ``data``."""
    if data is not None:
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    sizes = {"shots": 3, "queries": 2, **settings}
    family = CurvesCsv(CurvesCsvParams(root=path, **sizes))
    family.prepare(unheard)
    return family
