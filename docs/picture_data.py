"""Tables of one's own that the pictures are taken with; the same each time."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path


def answers(file: Path, units: int = 400, rows: int = 20, noise: float = 0.02) -> Path:
    """Dose and hours to the level reached and the level to come: two inputs, two outputs.

    Each unit has a gain, a level at rest and a time constant of its own.
    """
    draws = random.Random(0)
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["unit", "dose", "hours", "reached", "to_come"])
        for unit in range(units):
            gain, rest, time = draws.uniform(1, 5), draws.uniform(-2, 2), draws.uniform(0.5, 4)
            for _ in range(rows):
                dose, hours = draws.uniform(0, 2), draws.uniform(0, 8)
                left = math.exp(-hours / time)
                values = (rest + gain * dose * (1 - left), gain * dose * left)
                noisy = [value + noise * draws.gauss(0, 1) for value in values]
                written = (f"{value:.4f}" for value in (dose, hours, *noisy))
                table.writerow([f"unit {unit}", *written])
    return file


def cooling(file: Path, cups: int = 200, rows: int = 16) -> Path:
    """Minutes to the temperature of a cup: one input, one output, decimal commas."""
    draws = random.Random(1)
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerow(["cup", "minutes", "temperature"])
        for cup in range(cups):
            room, start, time = draws.uniform(15, 28), draws.uniform(60, 95), draws.uniform(8, 40)
            for minutes in sorted(draws.uniform(0, 60) for _ in range(rows)):
                value = room + (start - room) * math.exp(-minutes / time) + draws.gauss(0, 0.3)
                cells = (f"{number:.2f}".replace(".", ",") for number in (minutes, value))
                table.writerow([f"cup {cup}", *cells])
    return file
