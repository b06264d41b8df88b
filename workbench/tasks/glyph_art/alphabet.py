"""Invented alphabets: a small stock of pen movements, and characters composed of them.

After the idea of B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum, "Human-level concept learning
through probabilistic program induction", Science 350 (2015): characters are strokes, strokes are
chains of sub-strokes, and an alphabet reuses few of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float64]
Stroke = Array
"""Control points ``[3n + 1, 2]`` of n chained cubic Bezier curves, x to the right, y down."""

MAX_STROKES = 4
MAX_PIECES = 3
MOVEMENTS = 7
LENGTHS = (0.35, 0.55, 0.8)
DERIVED = 0.35
"""The share of characters that are a variation of another one: hard to tell apart."""
SHORTEST = 0.9
"""Least length of ink of a character whose longer side is 1."""
LONGEST = 4.5
"""Most ink: beyond it a character is a scribble."""
NEAREST = 0.055
"""Least mean distance between the ink of two characters of an alphabet."""
_TRIES = 200


@dataclass(frozen=True)
class Character:
    """What is written, in the unit box: longer side 1, centred on the origin."""

    strokes: tuple[Stroke, ...]


@dataclass(frozen=True)
class _Habits:
    """What the characters of one alphabet have in common."""

    movements: Array
    """``[MOVEMENTS, 4, 2]`` sub-strokes that start at the origin."""
    usage: Array
    strokes: Array
    """Probabilities of 1..MAX_STROKES strokes."""
    pieces: Array
    """Probabilities of 1..MAX_PIECES sub-strokes in a stroke."""
    anchors: Array
    """``[4, 2]`` points where a stroke may start."""
    join: float
    """Probability that a stroke starts on an earlier one."""


def invent_alphabet(size: int, rng: Generator) -> tuple[Character, ...]:
    """``size`` distinct characters that share their habits."""
    habits = _habits(rng)
    raw: list[list[Stroke]] = []
    found: list[Character] = []
    nearest = NEAREST
    while len(found) < size:
        for _ in range(_TRIES):
            strokes = _vary(raw, habits, rng) if _derive(raw, rng) else _compose(habits, rng)
            character = Character(_normalised(strokes))
            if SHORTEST <= _length(character) <= LONGEST and _distance(character, found) >= nearest:
                raw.append(strokes)
                found.append(character)
                break
        else:
            # A poor stock of movements may hold too few distinct characters.
            nearest *= 0.8
    return tuple(found)


def invent_name(rng: Generator) -> str:
    """A pronounceable name of an alphabet."""
    syllables = [_pick("bdfgklmnprstvz", rng) + _pick("aeiou", rng) for _ in range(3)]
    return "".join(syllables).capitalize() + _pick(["", "n", "r", "s", "sh"], rng)


def points_on(strokes: tuple[Stroke, ...] | list[Stroke], per_piece: int) -> Array:
    """Points along all strokes, ``[pieces * per_piece, 2]``."""
    pieces = np.stack([s[3 * i : 3 * i + 4] for s in strokes for i in range(len(s) // 3)])
    points: Array = (bernstein(np.linspace(0, 1, per_piece)) @ pieces).reshape(-1, 2)
    return points


def bernstein(t: Array) -> Array:
    """Weights ``[len(t), 4]`` of the control points of a cubic Bezier curve at ``t``."""
    u = 1 - t
    return np.stack([u * u * u, 3 * t * u * u, 3 * t * t * u, t * t * t], axis=-1)


def _pick(options: str | list[str], rng: Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _habits(rng: Generator) -> _Habits:
    return _Habits(
        movements=np.stack([_movement(way, rng) for way in rng.permutation(8)[:MOVEMENTS]]),
        usage=rng.dirichlet(np.full(MOVEMENTS, 2.0)),
        strokes=rng.dirichlet([2.0, 3.0, 2.0, 1.0]),
        pieces=rng.dirichlet([3.0, 2.0, 1.0]),
        anchors=rng.uniform(-0.5, 0.5, size=(4, 2)),
        join=float(rng.uniform(0.4, 0.8)),
    )


def _movement(direction: int, rng: Generator) -> Array:
    """A straight line, an arc or an S in one of eight directions."""
    angle = np.pi / 4 * direction
    along = np.array([np.cos(angle), np.sin(angle)]) * LENGTHS[int(rng.integers(3))]
    across = np.array([-along[1], along[0]]) * rng.choice([-1.0, 1.0])
    shape = rng.choice(3, p=[0.4, 0.4, 0.2])
    bend = np.array([[0.0, 0.0], [0.6, 0.6], [0.8, -0.8]])[shape]
    return np.stack(
        [0 * along, along / 3 + bend[0] * across, along * 2 / 3 + bend[1] * across, along]
    )


def _compose(habits: _Habits, rng: Generator) -> list[Stroke]:
    strokes: list[Stroke] = []
    for _ in range(1 + int(rng.choice(MAX_STROKES, p=habits.strokes))):
        strokes.append(_stroke(_start(strokes, habits, rng), habits, rng))
    return strokes


def _stroke(start: Array, habits: _Habits, rng: Generator) -> Stroke:
    points = [start[None]]
    for _ in range(1 + int(rng.choice(MAX_PIECES, p=habits.pieces))):
        movement = habits.movements[int(rng.choice(MOVEMENTS, p=habits.usage))]
        points.append(points[-1][-1] + movement[1:])
    return np.concatenate(points)


def _start(earlier: list[Stroke], habits: _Habits, rng: Generator) -> Array:
    if earlier and rng.random() < habits.join:
        ink = points_on(earlier, 5)
        return np.asarray(ink[int(rng.integers(len(ink)))])
    return np.asarray(habits.anchors[int(rng.integers(len(habits.anchors)))])


def _derive(raw: list[list[Stroke]], rng: Generator) -> bool:
    return bool(raw) and rng.random() < DERIVED


def _vary(raw: list[list[Stroke]], habits: _Habits, rng: Generator) -> list[Stroke]:
    """Another character of the alphabet with one stroke added, dropped, mirrored or moved."""
    strokes = list(raw[int(rng.integers(len(raw)))])
    index = int(rng.integers(len(strokes)))
    change = rng.integers(4)
    if change == 0 and len(strokes) < MAX_STROKES:
        strokes.append(_stroke(_start(strokes, habits, rng), habits, rng))
    elif change == 1 and len(strokes) > 1:
        del strokes[index]
    elif change == 2:
        strokes[index] = strokes[index][0] + (strokes[index] - strokes[index][0]) * [-1.0, 1.0]
    else:
        others = strokes[:index] + strokes[index + 1 :]
        strokes[index] = strokes[index] - strokes[index][0] + _start(others, habits, rng)
    return strokes


def _normalised(strokes: list[Stroke]) -> tuple[Stroke, ...]:
    ink = points_on(strokes, 9)
    low, high = ink.min(axis=0), ink.max(axis=0)
    return tuple((stroke - (low + high) / 2) / (high - low).max() for stroke in strokes)


def _length(character: Character) -> float:
    lines = [points_on([stroke], 9) for stroke in character.strokes]
    return float(sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines))


def _distance(character: Character, others: list[Character]) -> float:
    return min((_chamfer(character, other) for other in others), default=np.inf)


def _chamfer(a: Character, b: Character) -> float:
    """Mean distance from the ink of one to the nearest of the other, the larger of both ways."""
    ink_a, ink_b = points_on(a.strokes, 7), points_on(b.strokes, 7)
    gaps = np.sqrt(((ink_a[:, None] - ink_b[None]) ** 2).sum(axis=-1))
    return float(max(gaps.min(axis=0).mean(), gaps.min(axis=1).mean()))
