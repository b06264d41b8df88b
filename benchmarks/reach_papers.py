"""How near to the papers two cores come, on characters that were never trained on.

    python benchmarks/reach_papers.py --omniglot ZIP_OR_FOLDER --out DIR [--tasks 600]
        [--recipes maml,protonet,one-shot,overnight,paper] [--seeds 0] [--splits 0]
        [--hours H] [--workers 0]

Each recipe is a preset with few changes; each seed, with each split of the classes, is an ordinary
run in DIR/<recipe>-seed<k>-split<k>. ``--hours`` cuts the training into sessions: the run stops
with a checkpoint, and the same command goes on with it. DIR/reached.md, written anew after every
session, says what a recipe is asked for, what it came to on the test classes, query sets as a whole
(transductive) and one item at a time, the minutes of training, and validation accuracy against
hours, which DIR/<run>.svg shows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from hours import as_table, moments
from hours_picture import draw
from sessions import kept, result, session

from workbench.cli.numbers import measured
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import drained
from workbench.experiments.measuring import Measurement, Question
from workbench.experiments.store import open_run

HEADER = ("run", "task", "asked", "transductive", "one at a time", "iterations", "minutes")
SEED_OF_TASKS = 1000
"""Added to a run's seed: the tasks of this table are no others' tasks."""


@dataclass(frozen=True)
class Asked:
    """One number of the table."""

    name: str
    least: float
    ways: int | None = None


@dataclass(frozen=True)
class Recipe:
    preset: str
    asked: tuple[Asked, ...]
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


RECIPES = {
    "maml": Recipe("omniglot-alphabets-maml", (Asked("5-way 1-shot", 0.95),)),
    "protonet": Recipe(
        "omniglot-alphabets-protonet",
        (
            Asked("5-way 1-shot", 0.97),
            Asked("20-way 1-shot", 0.90, 20),
        ),
    ),
    "one-shot": Recipe("omniglot-one-shot", (Asked("Lake's 20-way 1-shot", 0.73),)),
    "overnight": Recipe(
        "omniglot-alphabets-maml",
        (Asked("5-way 1-shot", 0.983),),
        {"task": {"split": "characters"}, "training": {"iterations": 10_000}},
    ),
    "paper": Recipe("omniglot-maml-5w1s", (Asked("5-way 1-shot", 0.983),)),
}
"""``overnight`` holds out characters mixed over alphabets, as the papers do, and trains a network
that learns more in an hour than the authors'; ``paper`` is the authors' own."""


def main() -> None:
    given = arguments()
    catalog.load()
    for name in given.recipes.split(","):
        for split in map(int, given.splits.split(",")):
            for seed in map(int, given.seeds.split(",")):
                path = given.out / f"{name}-seed{seed}-split{split}"
                session(settings(name, seed, split, given), path, given.hours)
                draw(moments(kept(path)), path.parent / f"{path.name}.svg")
                print("done" if result(path) is not None else "the same command goes on")
                table(given)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--omniglot", type=Path, required=True, help="folder or zip")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipes", default="maml,protonet,one-shot")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--splits", default="0", help="seeds of the split of classes")
    parser.add_argument("--hours", type=float, default=0.0, help="of this session; 0 for no end")
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--workers", type=int, default=0)
    return parser.parse_args()


def settings(name: str, seed: int, split: int, given: argparse.Namespace) -> ExperimentConfig:
    own: dict[str, dict[str, Any]] = {
        "task": {"root": given.omniglot.resolve(), "split_seed": split},
        "training": {"seed": seed, "workers": given.workers},
    }
    recipe = RECIPES[name]
    return catalog.preset(recipe.preset).config.replaced(recipe.changes).replaced(own)


def table(given: argparse.Namespace) -> None:
    """What every run below the folder came to so far, and its way there."""
    rows = [f"| {' | '.join(HEADER)} |", "|---" * len(HEADER) + "|"]
    ways = []
    for name in RECIPES:
        for path in sorted(given.out.glob(f"{name}-seed*/")):
            rows += lines(name, path, given.tasks)
            ways += ["", f"{path.name}:", "", as_table(moments(kept(path)))]
    text = "\n".join([f"{given.tasks} test tasks, 95 % interval over tasks.", "", *rows, *ways])
    (given.out / "reached.md").write_text(text + "\n", encoding="utf-8")


def lines(name: str, path: Path, tasks: int) -> Iterator[str]:
    """With the weights best on validation; of an unfinished run those of its last session's end."""
    run = open_run(path)
    found, training = run.result(), run.config().training
    if found is None:
        return
    iterations = f"{found['iterations']:,} of {training.iterations:,}"
    minutes = f"{found['seconds'] / 60:.0f}"
    for asked in RECIPES[name].asked:
        whole = measure(path, asked, tasks, one_at_a_time=False) if training.transductive else "–"
        single = measure(path, asked, tasks, one_at_a_time=True)
        least = f"{100 * asked.least:g} %"
        cells = [path.name, asked.name, least, whole, single, iterations, minutes]
        yield f"| {' | '.join(cells)} |"


def measure(path: Path, asked: Asked, tasks: int, *, one_at_a_time: bool) -> str:
    run = open_run(path)
    seed = SEED_OF_TASKS + run.config().training.seed
    question = Question(tasks=tasks, seed=seed, ways=asked.ways, one_at_a_time=one_at_a_time)
    measurement = Measurement(run, question)
    family = measurement.build(measurement.config)
    family.prepare(lambda message, share: None)
    curve, _ = drained(measurement.evaluate(measurement.learner(family), family))
    return measured(curve.metric, *curve.measure(-1))


if __name__ == "__main__":
    main()
