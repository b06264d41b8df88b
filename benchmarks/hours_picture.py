"""The picture of accuracy against hours of processor time: a line with its 95 % band, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hours import Moment

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 56
INK, FAINT, LINE = "#24292f", "#d0d7de", "#0969da"
STEPS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
"""Of the hours that are written below."""
MOST_TICKS = 8
TITLE = "Validation accuracy in %, with its 95 % interval over tasks"
BELOW = "hours of one core, training and validation"


def draw(moments: Sequence[Moment], path: Path) -> None:
    """Written anew from what was kept; the untrained network is left out."""
    points = [Point.of(moment) for moment in moments if moment.mean and moment.iteration]
    if points:
        path.write_text("\n".join(_picture(points)) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Point:
    """In hours and per cent."""

    hours: float
    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, moment: Moment) -> Point:
        mean, ci95 = 100 * (moment.mean or 0), 100 * (moment.ci95 or 0)
        return cls(moment.cpu_hours, mean, mean - ci95, min(mean + ci95, 100))


@dataclass(frozen=True)
class Frame:
    last: float
    floor: int

    def at(self, hours: float, percent: float) -> str:
        return f"{self.across(hours):.1f} {self.up(percent):.1f}"

    def across(self, hours: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * hours / self.last

    def up(self, percent: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (100 - percent) / (100 - self.floor)


def _picture(points: Sequence[Point]) -> Iterator[str]:
    frame = Frame(points[-1].hours, int(min(point.low for point in points)) // 5 * 5)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">'
    )
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield _text(LEFT, 22, TITLE, "start")
    yield _text(WIDTH - RIGHT, HEIGHT - 12, BELOW, "end")
    yield from _axes(frame)
    yield from _line(frame, points)
    yield "</svg>"


def _axes(frame: Frame) -> Iterator[str]:
    for percent in range(frame.floor, 101, 5 if frame.floor < 90 else 1):
        y = frame.up(percent)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>'
        yield _text(LEFT - 8, y + 4, str(percent), "end")
    step = next((step for step in STEPS if frame.last / step <= MOST_TICKS), STEPS[-1])
    for tick in range(int(frame.last / step) + 1):
        yield _text(frame.across(tick * step), HEIGHT - BOTTOM + 20, f"{tick * step:g}", "middle")


def _line(frame: Frame, points: Sequence[Point]) -> Iterator[str]:
    upper = [frame.at(point.hours, point.high) for point in points]
    lower = [frame.at(point.hours, point.low) for point in reversed(points)]
    middle = [frame.at(point.hours, point.mean) for point in points]
    yield f'<path d="M{"L".join(upper + lower)}Z" fill="{LINE}" fill-opacity=".15"/>'
    yield f'<path d="M{"L".join(middle)}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    for x, y in map(str.split, middle):
        yield f'<circle cx="{x}" cy="{y}" r="3" fill="{LINE}"/>'


def _text(x: float, y: float, told: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{told}</text>'
