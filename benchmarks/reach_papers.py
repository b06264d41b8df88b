"""How near to the papers two cores come, on characters that were never trained on.

    python benchmarks/reach_papers.py --omniglot ZIP_OR_FOLDER --out DIR
        [--recipes maml,protonet,one-shot,overnight] [--seeds 0] [--hours H] [--tasks 600]

Each recipe is a preset; each seed is an ordinary run in DIR/<recipe>-seed<k>. ``--hours`` cuts the
training into sessions: the run stops with a checkpoint, and the same command goes on with it. After
every session DIR/reached.md has the table: what a recipe is asked for, what it came to on the test
classes, query sets as a whole (transductive) and one item at a time, the minutes of training, and
validation accuracy against hours.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.cli.numbers import measured
from workbench.core.curve import Curve
from workbench.core.events import Evaluated, Finished
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import drained
from workbench.experiments.measuring import Measurement, Question
from workbench.experiments.session import build_family
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

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
    alphabets: bool = True
    """Whether whole alphabets are held out, and not characters, as in the papers."""


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
    "overnight": Recipe("omniglot-maml-5w1s", (Asked("5-way 1-shot", 0.983),), False),
}


def main() -> None:
    given = arguments()
    catalog.load()
    for name in given.recipes.split(","):
        for seed in map(int, given.seeds.split(",")):
            run = session(name, seed, given)
            print(f"{name} seed {seed}: {'done' if done(run) else 'the same command goes on'}")
            table(given)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--omniglot", type=Path, required=True, help="folder or zip")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipes", default="maml,protonet,one-shot")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--hours", type=float, default=0.0, help="of this session; 0 for no end")
    parser.add_argument("--tasks", type=int, default=600)
    return parser.parse_args()


def settings(name: str, seed: int, given: argparse.Namespace) -> ExperimentConfig:
    changes: dict[str, dict[str, Any]] = {
        "task": {"root": given.omniglot.resolve()},
        "training": {"seed": seed},
    }
    recipe = RECIPES[name]
    if recipe.alphabets:
        changes["task"]["split"] = "alphabets"
    return catalog.preset(recipe.preset).config.replaced(changes)


def session(name: str, seed: int, given: argparse.Namespace) -> Path:
    """Train for the hours of this session, or to the end."""
    path, config = given.out / f"{name}-seed{seed}", settings(name, seed, given)
    if done(path):
        return path
    family = build_family(config)
    family.prepare(lambda message, share: None)
    training = (
        Training(config, family, Run(path), resume=Run(path).load_checkpoint())
        if (path / "checkpoints").is_dir()
        else Training(config, family, Run.create(config, path))
    )
    clock = threading.Timer(3600 * given.hours, training.request_stop)
    clock.daemon = True
    if given.hours:
        clock.start()
    for event in training.events():
        if isinstance(event, Evaluated):
            print(f"{name} seed {seed}, {event.iteration}: {_text(event.curve)}", flush=True)
        if isinstance(event, Finished):
            print(f"{name} seed {seed}: {event.reason} at {event.iteration} {event.error}")
    clock.cancel()
    return path


def done(path: Path) -> bool:
    result = Run(path).result() if path.is_dir() else None
    return result is not None and result["reason"] == "completed"


def table(given: argparse.Namespace) -> None:
    """What every run below the folder came to so far."""
    rows = ["| recipe | task | asked | transductive | one at a time | minutes |", "|---" * 6 + "|"]
    curves = []
    for name in RECIPES:
        for path in sorted(given.out.glob(f"{name}-seed*")):
            if done(path):
                rows += lines(name, path, given.tasks)
            curves.append(f"- {path.name}: {against_hours(path)}")
    text = [f"{given.tasks} test tasks, 95 % interval over tasks.", ""]
    parts = [*text, *rows, "", "Validation accuracy against hours of training:", "", *curves]
    (given.out / "reached.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def lines(name: str, path: Path, tasks: int) -> Iterator[str]:
    minutes = (open_run(path).result() or {})["seconds"] / 60
    transductive = open_run(path).config().training.transductive
    for asked in RECIPES[name].asked:
        whole = measure(path, asked, tasks, one_at_a_time=False) if transductive else "–"
        single = measure(path, asked, tasks, one_at_a_time=True)
        cells = [path.name, asked.name, f"{100 * asked.least:g} %", whole, single, f"{minutes:.0f}"]
        yield f"| {' | '.join(cells)} |"


def measure(path: Path, asked: Asked, tasks: int, *, one_at_a_time: bool) -> str:
    run = open_run(path)
    seed = SEED_OF_TASKS + run.config().training.seed
    question = Question(tasks=tasks, seed=seed, ways=asked.ways, one_at_a_time=one_at_a_time)
    measurement = Measurement(run, question)
    family = measurement.build(measurement.config)
    family.prepare(lambda message, share: None)
    curve, _ = drained(measurement.evaluate(measurement.learner(family), family))
    return _text(curve)


def against_hours(path: Path) -> str:
    """``0.1 h 93.2, 0.2 h 94.8``: validation at the times when it was taken."""
    seconds, told = 0.0, []
    for event in open_run(path).events():
        seconds = event.get("seconds", seconds)
        if event["event"] == "evaluated":
            told.append(f"{seconds / 3600:.2f} h {100 * event['curve']['mean'][-1]:.1f}")
    return ", ".join(told)


def _text(curve: Curve) -> str:
    return measured(curve.metric, *curve.measure(-1))


if __name__ == "__main__":
    main()
