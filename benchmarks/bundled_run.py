"""Train the runs that come with the program: what the lab shows first, and its rivals.

    python benchmarks/bundled_run.py [--iterations 1000] [--seed 0] [--only fomaml,reptile]

Writes ``resources/bundled/glyphs``, an ordinary run: configuration, result with its interval, one
checkpoint with the weights best on validation, and a few earlier ones to look back on. They are
kept without the optimiser's state, so the run can be adapted and evaluated but not resumed. Beside
them stands the first adaptation that the window shows, ``first.npz``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from workbench.core import resources
from workbench.core.events import Evaluated, Event
from workbench.core.files import write_json
from workbench.core.task import TaskFamily
from workbench.experiments import catalog, checkpoint
from workbench.experiments.contenders import Contender, line_up
from workbench.experiments.session import build_family, learner_of
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.tasks.image_task import ImageTask

ALGORITHMS = ("maml", "fomaml", "reptile", "protonet", "transfer")
"""As they race: the same data, model, seed and number of outer steps, and settings of their own."""
EARLIER = 4
"""Earlier checkpoints kept at most, with their newest weights alone."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default=",".join(ALGORITHMS))
    given = parser.parse_args()
    changes = {"training": {"iterations": given.iterations, "seed": given.seed}}
    config = catalog.preset("glyphs").config.replaced(changes)
    family = build_family(config)
    family.prepare(lambda message, fraction: None)
    for contender in line_up(config, ALGORITHMS, family):
        if contender.algorithm in given.only.split(","):
            make(contender, family)


def make(contender: Contender, family: TaskFamily) -> None:
    """The preset's own algorithm stands in the family's folder, its rivals beside it."""
    first = contender.algorithm == ALGORITHMS[0]
    folder = resources.path("bundled", "glyphs" if first else f"glyphs-{contender.algorithm}")
    print(contender.title)
    with tempfile.TemporaryDirectory() as scratch:
        run = Run.create(contender.config, Path(scratch) / "run")
        for event in Training(contender.config, family, run).events():
            say(event)
        keep(run, folder, EARLIER if first else 0)
    if first:
        record_first(folder, family)


def say(event: Event) -> None:
    if isinstance(event, Evaluated):
        curve = event.curve
        steps = ", ".join(
            f"{100 * mean:.1f} ± {100 * ci:.1f} %"
            for mean, ci in zip(curve.mean, curve.ci95, strict=True)
        )
        print(f"iteration {event.iteration}, {curve.split}: {steps}", flush=True)


def keep(run: Run, folder: Path, most: int) -> None:
    """Write the record with one slim checkpoint, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "checkpoints").mkdir(parents=True)
    result = json.loads((run.path / "result.json").read_text())
    write_json(folder / "result.json", {**result, "run": folder.name})
    write_json(folder / "config.json", result["config"])
    started = json.loads((run.path / "run.json").read_text())["started"]
    write_json(folder / "run.json", {"started": started, "process": 0})
    newest = run.load_checkpoint()
    best = newest.best_weights
    apart = {name: weight.clone() for name, weight in best.items()}
    slim = replace(newest, weights=apart, optimizer={}, iteration=newest.best_iteration)
    checkpoint.write(folder / "checkpoints", slim)
    earlier = [iteration for iteration in run.iterations() if iteration < newest.best_iteration]
    for iteration in earlier[:: -(-len(earlier) // most)] if most else []:
        kept = run.load_checkpoint(iteration)
        slim = replace(kept, best_weights={}, optimizer={})
        checkpoint.write(folder / "checkpoints", slim)


def record_first(folder: Path, family: TaskFamily) -> None:
    """The first adaptation that the window shows, for the seconds in which torch is imported."""
    learner = learner_of(Run(folder).load_checkpoint(), family)
    task = family.draw("val", 1)
    assert isinstance(task, ImageTask)
    steps = list(learner.adapt(task.episode(), learner.algorithm.test_steps))
    names = ("support_loss", "query_loss", "support_metric", "query_metric")
    names += ("support_outputs", "query_outputs")
    arrays = {
        name: np.stack([np.asarray(getattr(s, name), np.float32) for s in steps]) for name in names
    }
    for name, rows in (("support", task.support), ("query", task.query)):
        pixels = [
            [task.image(entry).mul(255).round().byte().numpy() for entry in row] for row in rows
        ]
        arrays[name] = np.array(pixels)
    facts = {
        "iterations": learner.iteration,
        "titles": [task.class_title(way) for way in range(len(task.classes))],
        "update_norms": [step.update_norms for step in steps],
    }
    np.savez_compressed(folder / "first.npz", facts=np.array(json.dumps(facts)), **arrays)


if __name__ == "__main__":
    main()
