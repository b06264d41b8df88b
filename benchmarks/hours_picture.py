"""The picture of accuracy against hours: one line with its 95 % band, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hours import Moment

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 56
INK, FAINT, LINE = "#24292f", "#d0d7de", "#0969da"
TICKS = 6
TITLE = "Validation accuracy in %, with its 95 % interval over tasks"


def draw(moments: Sequence[Moment], path: Path) -> None:
    """Written anew from what was kept; nothing where no two validations are."""
    points = [moment for moment in moments if moment.mean is not None]
    if len(points) > 1:
        path.write_text("\n".join(_picture(points)) + "\n", encoding="utf-8")


def _picture(points: Sequence[Moment]) -> Iterator[str]:
    last, low = points[-1].hours, min(_ends(point)[0] for point in points[1:])
    floor = int(100 * low) // 5 * 5

    def across(hours: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * hours / last

    def up(share: float) -> float:
        room = HEIGHT - TOP - BOTTOM
        return TOP + room * (100 - max(100 * share, floor)) / (100 - floor)

    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">'
    )
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield f'<text x="{LEFT}" y="22">{TITLE}</text>'
    for percent in range(floor, 101, 5 if 100 - floor > 10 else 1):
        y = up(percent / 100)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{percent}</text>'
    for tick in range(TICKS + 1):
        hours = last * tick / TICKS
        yield (
            f'<text x="{across(hours):.1f}" y="{HEIGHT - BOTTOM + 20}" '
            f'text-anchor="middle">{hours:.2f}</text>'
        )
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">hours</text>'
    seen = [point for point in points if _ends(point)[1] * 100 >= floor]
    upper = [f"{across(p.hours):.1f} {up(_ends(p)[1]):.1f}" for p in seen]
    lower = [f"{across(p.hours):.1f} {up(_ends(p)[0]):.1f}" for p in reversed(seen)]
    yield f'<path d="M{"L".join(upper + lower)}Z" fill="{LINE}" fill-opacity=".15"/>'
    middle = [f"{across(p.hours):.1f} {up(p.mean or 0):.1f}" for p in seen]
    yield f'<path d="M{"L".join(middle)}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    yield "</svg>"


def _ends(point: Moment) -> tuple[float, float]:
    mean, ci95 = point.mean or 0.0, point.ci95 or 0.0
    return mean - ci95, min(mean + ci95, 1.0)
