"""What every quick preset comes to: the table that their summaries quote.

    python benchmarks/quick_presets.py --out DIR [--omniglot ZIP_OR_FOLDER] [--only NAME,NAME]
        [--workers 1]

Each is an ordinary run of seed 0 in DIR/<preset>, tested once on 600 tasks with the weights best on
validation; what is finished is never run again, and what was interrupted goes on. DIR/quick.md is
written after every run. Time is that of training and validation, by the clock and of the processor.
Presets that need files of one's own are left out, and so are Omniglot's where no archive is given.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hours import HOUR, moments
from sessions import kept, result, session

from workbench.cli.numbers import measured
from workbench.core.curve import Measure
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig

HEADER = ("preset", "iterations", "seconds", "CPU s", "before", "after", "steps", "transductive")


def main() -> None:
    given = arguments()
    catalog.load()
    for name in given.only.split(",") if given.only else names(given):
        session(settings(name, given), given.out / name)
        table(given.out)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--omniglot", type=Path, help="folder or zip")
    parser.add_argument("--only", default="", help="presets to run now; the table shows all")
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def names(given: argparse.Namespace) -> list[str]:
    families = {"sinusoid", "glyphs", "topics"} | ({"omniglot"} if given.omniglot else set())
    return [
        preset.name
        for preset in catalog.presets()
        if preset.name.endswith("-quick") and preset.config.task.name in families
    ]


def settings(name: str, given: argparse.Namespace) -> ExperimentConfig:
    config = catalog.preset(name).config
    root = {"root": given.omniglot.resolve()} if config.task.name == "omniglot" else {}
    return config.replaced({"task": root, "training": {"workers": given.workers}})


def table(out: Path) -> None:
    done = sorted(path for path in out.iterdir() if result(path) is not None)
    rows = [HEADER, ("---",) * len(HEADER), *map(row, done)]
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    (out / "quick.md").write_text(text + "\n", encoding="utf-8")


def row(path: Path) -> tuple[str, ...]:
    found = result(path) or {}
    metrics, trained = found["metrics"], moments(kept(path))[-2]
    before, after = (
        measured(metrics["name"], *Measure.of(metrics["steps"][step])) for step in (0, -1)
    )
    return (
        path.name,
        f"{found['iterations']:,}",
        f"{trained.hours * HOUR:.0f}",
        f"{trained.cpu_hours * HOUR:.0f}",
        before,
        after,
        str(len(metrics["steps"]) - 1),
        "yes" if metrics["transductive"] else "no",
    )


if __name__ == "__main__":
    main()
