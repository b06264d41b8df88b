"""Predictions of a folder of pictures: as a table, a CSV file and JSON."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli.outputs import write_csv
from workbench.cli.table import print_table
from workbench.core.marked import marked
from workbench.core.task import unheard
from workbench.experiments.predicting.predictor import Predictor
from workbench.experiments.tasks_seen.table import Row as TableRow
from workbench.tasks.own.example_sets import Asked, read_asked, shown_before
from workbench.tasks.pictures import ImageStyle

SHOWN = 40
"""Rows that are printed; the file and the JSON have all of them."""


@dataclass(frozen=True)
class Row:
    """One picture: what it was taken for, and what it is where its folder says so."""

    file: str
    predicted: str
    probabilities: dict[str, float]
    truth: str | None
    example: bool
    """Whether the very picture stands in the support set: predicting it shows nothing."""

    @property
    def probability(self) -> float:
        return self.probabilities[self.predicted]

    @property
    def scored(self) -> bool:
        return self.truth is not None and not self.example

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "predicted": self.predicted,
            "probability": self.probability,
            "probabilities": self.probabilities,
            "class": self.truth,
            "in_support": self.example,
        }


def add_csv(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write every prediction and its probabilities"
    )


def told(predictor: Predictor, style: ImageStyle, query: Path, file: Path | None) -> dict[str, Any]:
    """Predict, print, write the file if one is named, and return what JSON has of it."""
    asked = read_asked(query, style, predictor.answers.names, unheard)
    for line in asked.notes:
        terminal.note(line)
    rows = _rows(predictor, asked, style)
    _print(rows)
    if file is not None:
        write_csv(_table(rows, predictor.answers.names), file, "--csv")
    return {"predictions": [row.to_json() for row in rows], **_score(rows)}


def _rows(predictor: Predictor, asked: Asked, style: ImageStyle) -> list[Row]:
    names, examples = predictor.answers.names, shown_before(asked, predictor.support, style)
    found = zip(
        asked.files,
        predictor.probabilities(asked.pixels),
        asked.labels,
        examples,
        strict=True,
    )
    return [
        Row(
            file,
            names[int(chances.argmax())],
            dict(zip(names, chances.tolist(), strict=True)),
            None if label is None else names[label],
            example,
        )
        for file, chances, label, example in found
    ]


def _print(rows: list[Row]) -> None:
    terminal.write()
    shown = [
        (row.file, row.predicted, f"{100 * row.probability:.0f} %", row.truth or "")
        for row in rows[:SHOWN]
    ]
    print_table(("picture", "predicted", "probability", "class"), shown)
    if len(rows) > SHOWN:
        terminal.write(marked("and {0} more").format(len(rows) - SHOWN))
    counts = Counter(row.predicted for row in rows)
    said = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    terminal.write()
    terminal.write(marked("predicted: {0}").format(said))
    score = _score(rows)
    if score:
        text = marked("right: {0} of {1} that lie in a folder named as a class ({2:.1f} %)")
        terminal.write(text.format(score["right"], score["scored"], 100 * score["accuracy"]))
    if known := sum(row.example for row in rows):
        terminal.write(
            marked("in the support set as well, and therefore not scored: {0}").format(known)
        )


def _score(rows: list[Row]) -> dict[str, Any]:
    """Of the labelled pictures that are no examples; nothing where there is none."""
    scored = [row for row in rows if row.scored]
    if not scored:
        return {}
    right = sum(row.predicted == row.truth for row in scored)
    return {"scored": len(scored), "right": right, "accuracy": right / len(scored)}


def _table(rows: list[Row], names: tuple[str, ...]) -> Iterator[TableRow]:
    yield ["file", "predicted", "probability", "class", "in_support", *names]
    for row in rows:
        chances = [f"{row.probabilities[name]:.6g}" for name in names]
        known = "yes" if row.example else "no"
        truth = row.truth or ""
        yield [row.file, row.predicted, f"{row.probability:.6g}", truth, known, *chances]
