"""Every algorithm on the sinusoid, the glyphs and Omniglot on equal terms, as Markdown tables.

    python benchmarks/race_tables.py --out DIR [--families sinusoid,glyphs,omniglot]
        [--omniglot ZIP_OR_FOLDER] [--seeds 0,1,2] [--iterations N | --seconds T] [--tasks 600]
        [--only maml,reptile] [--workers 2] [--list]

One race a family, from the preset of that name, in DIR/<family>; the table is DIR/<family>.md and
is written again after every run. What is finished is never run again: after an interruption, or
with another --only, give the same command. Without --iterations each family has its preset's.
Seconds are those of training alone, so that a race on them wants a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.cli.numbers import measured, number
from workbench.cli.output import prepared_family
from workbench.cli.standings import difference_cells, each_seed, settings
from workbench.core.curve import Measure
from workbench.core.events import Finished
from workbench.core.metric import named
from workbench.core.registry import names
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.race import Race
from workbench.experiments.training_params import MAX_ITERATIONS
from workbench.start import pictures

FAMILIES = ("sinusoid", "glyphs", "omniglot")
PUBLISHED = {
    "maml": "98.7 ± 0.4",
    "fomaml": "98.3 ± 0.5",
    "relation": "99.6 ± 0.2",
    "reptile": "95.39 ± 0.09; transductive 97.68 ± 0.04",
    "maml_plus_plus": "99.47",
    "meta_sgd": "99.53 ± 0.26",
    "imaml": "99.16 ± 0.35",
    "protonet": "98.8",
    "matching": "98.1",
}
"""Omniglot 5-way 1-shot accuracy in per cent, as the papers of the methods report it."""
HEADER = (
    "algorithm",
    "step 0",
    "after adapting",
    "median",
    "steps",
    "each seed",
    "over seeds",
    "minus MAML",
    "rank",
    "transductive",
    "parameters",
    "iterations",
    "GFLOP",
    "s",
)
NOTE = (
    "Published numbers are those of the methods' own papers, after their full training (40,000 to "
    "200,000 iterations, 64 filters) on 1,200 training characters; ours stand beside them to show "
    "the distance, not to beat them."
)


def main() -> None:
    given = arguments()
    catalog.load()
    for family in given.families.split(","):
        config = shared_settings(family, given)
        seeds = [int(seed) for seed in given.seeds.split(",")]
        ready = prepared_family(config)
        race = Race.open(config, names("algorithm"), seeds, ready, given.out / family)
        if given.list:
            show_state(race)
            continue
        stopped = run(race, set(given.only.split(",")) if given.only else set(), given.out)
        print(f"table: {write_table(race, given.out)}; picture: {pictures.race(race.folder)}")
        if stopped:
            sys.exit("stopped; the same command goes on")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--omniglot", type=Path, help="folder or zip")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--iterations", type=int)
    parser.add_argument("--seconds", type=float, help="of training, instead of iterations")
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--only", default="", help="algorithms to run now; the table shows all")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="say what is done, run nothing")
    return parser.parse_args()


def shared_settings(family: str, given: argparse.Namespace) -> ExperimentConfig:
    training: dict[str, Any] = {"test_tasks": given.tasks, "workers": given.workers}
    if given.iterations:
        training["iterations"] = given.iterations
    if given.seconds:
        training |= {"iterations": MAX_ITERATIONS, "seconds": given.seconds}
    task = {"root": given.omniglot} if family == "omniglot" and given.omniglot else {}
    return catalog.preset(family).config.replaced({"task": task, "training": training})


def run(race: Race, only: set[str], out: Path) -> bool:
    """Run what is left, a line for each run; returns whether Ctrl-C or SIGTERM ended it."""
    stopped: list[int] = []

    def stop(sent: int, frame: object) -> None:
        stopped.append(sent)
        race.request_stop()

    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, stop)
    began = time.perf_counter()
    for leg, event in race.events(only):
        if isinstance(event, Finished):
            took = time.perf_counter() - began
            name = f"{race.base.task.name} {leg.contender.algorithm} seed {leg.seed}"
            print(f"{name}: {event.reason} after {took:.0f} s {event.error}", flush=True)
            write_table(race, out)
            began = time.perf_counter()
    return bool(stopped)


def show_state(race: Race) -> None:
    for leg in race.legs:
        result = leg.result
        print(leg.path, "not run" if result is None else result["reason"])


def write_table(race: Race, out: Path) -> Path:
    result = race.result()
    published = PUBLISHED if race.base.task.name == "omniglot" else {}
    header = [*HEADER, *(["published"] if published else [])]
    rows = [header, ["---"] * len(header)]
    rows += [line(row, result["metric"], published) for row in ranked(result)]
    own = [
        f"- {row['title']}: {settings(row['own'])}" for row in result["contenders"] if row["own"]
    ]
    parts = [
        f"### {catalog.preset(race.base.task.name).title}",
        protocol(race),
        "\n".join(f"| {' | '.join(row)} |" for row in rows),
        *([NOTE] if published else []),
        "Settings of their own:",
        "\n".join(own),
    ]
    file = out / f"{race.base.task.name}.md"
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return file


def protocol(race: Race) -> str:
    training, seeds = race.base.training, ", ".join(map(str, race.seeds))
    model = ", ".join(f"{k} {v}" for k, v in race.base.model.model_dump().items() if k != "name")
    budget = (
        f"{training.seconds:g} seconds of training, {training.meta_batch} tasks an iteration,"
        if training.seconds
        else f"{training.iterations:,} iterations of {training.meta_batch} tasks"
    )
    return (
        f"{budget} for each algorithm, model "
        f"{race.base.model.name} ({model}); seeds {seeds}. {training.test_tasks:,} test tasks a "
        "seed, the same for every algorithm, measured once with the weights best on "
        f"{training.eval_tasks} validation tasks; mean over seeds ± 95 % confidence interval over "
        "tasks. Over seeds: Student's t, all with the same split of the classes. Minus MAML: task "
        "by task on the shared tasks. GFLOP and seconds are those of training alone."
    )


def ranked(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Best first, then those without numbers."""
    sign = -1 if named(result["metric"]).larger_is_better else 1
    rows = result["contenders"]
    with_steps = (row for row in rows if row["steps"])
    best_first = sorted(with_steps, key=lambda row: sign * row["steps"][-1]["mean"])
    return best_first + [row for row in rows if not row["steps"]]


def line(row: dict[str, Any], metric: str, published: dict[str, str]) -> list[str]:
    theirs = [published.get(row["algorithm"], "–")] if published else []
    if not row["steps"]:
        empty = [""] * (len(HEADER) - 3)
        return [row["title"], "–", row["problem"] or "not run", *empty, *theirs]
    first, last = row["steps"][0], row["steps"][-1]
    between, (difference, _, _) = row["over_seeds"], difference_cells(row, metric)
    lost = ", ".join(f"seed {seed} diverged" for seed in row["diverged"]) or row["problem"]
    told = f" ({lost})" if lost else ""
    return [
        row["title"],
        measured(metric, *Measure.of(first)),
        measured(metric, *Measure.of(last)),
        number(metric, last["median"]),
        str(last["step"]),
        each_seed(row, metric) + told,
        measured(metric, between["mean"], between["ci95"]) if between else "–",
        difference or "–",
        f"{row['rank']:.3g}",
        "yes" if row["transductive"] else "no",
        f"{row['parameters']:,}",
        f"{row['iterations']:,.0f}",
        f"{row['iterations'] * row['operations'] / 1e9:,.0f}",
        f"{row['seconds']:.0f}",
        *theirs,
    ]


if __name__ == "__main__":
    main()
