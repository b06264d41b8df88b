"""``runs compare``: what differs in the settings of runs, and in what they came to."""

from __future__ import annotations

import argparse
from typing import Any

from workbench import terminal
from workbench.cli.arguments import add_json
from workbench.cli.numbers import difference_texts, measured
from workbench.cli.output import SPLITS, protocol
from workbench.cli.table import print_table, print_text
from workbench.core.curve import Measure
from workbench.experiments.labbook import comparing, fields
from workbench.experiments.labbook.comparing import MOST, Pair, Setting
from workbench.experiments.labbook.entry import Entry, with_learned
from workbench.experiments.labbook.finding import entry_at, find_run


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "compare",
        help="what differs between runs, in settings and results",
        description=f"Compare two to {MOST} runs: settings that differ, best validation, test, and "
        "the difference on shared test tasks, task by task.",
    )
    parser.add_argument("recorded", metavar="RUN", nargs="+", help="run directory or name")
    parser.add_argument("--all", action="store_true", help="settings that are the same, too")
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """Raises `BadInput` for one run, for too many, and for one that is damaged."""
    runs = list(dict.fromkeys(find_run(called) for called in given.recorded))
    entries = comparing.comparable([with_learned(entry_at(one)) for one in runs])
    names = comparing.legends(entries)
    settings = [one for one in comparing.settings(entries) if given.all or one.differs]
    pairs = comparing.pairs(entries)
    if not given.json:
        _print(entries, names, settings, pairs)
    return _json(entries, names, settings, pairs), 0


def _print(
    entries: list[Entry], names: list[str], settings: list[Setting], pairs: list[Pair]
) -> None:
    letters = [chr(ord("A") + place) for place in range(len(entries))]
    rows = zip(letters, names, (entry.run.name for entry in entries), strict=True)
    print_table(("", "run", "directory"), list(rows))
    terminal.write()
    if settings:
        cells = [(one.name, *(fields.shown(value) for value in one.values)) for one in settings]
        print_table(("setting", *letters), cells)
    else:
        terminal.write("no setting differs")
    terminal.write()
    print_table(
        ("", "best validation", "at iteration", "test"),
        [_result(letter, entry) for letter, entry in zip(letters, entries, strict=True)],
    )
    terminal.write()
    for letter, pair, entry in zip(letters[1:], pairs, entries[1:], strict=True):
        print_text(f"{letter} minus A: {_pair_text(pair, entry)}")


def _result(letter: str, entry: Entry) -> tuple[str, str, str, str]:
    at = f"{entry.best_iteration:,}" if entry.validation else ""
    return letter, _measured(entry.validation), at, _measured(entry.test)


def _measured(metrics: dict[str, Any] | None) -> str:
    if metrics is None:
        return ""
    text = measured(metrics["name"], *Measure.of(metrics["steps"][-1]))
    split = SPLITS[metrics["split"]]
    return f"{metrics['name']} {text}, {metrics['tasks']:,} {split} tasks, {protocol(metrics)}"


def _pair_text(pair: Pair, entry: Entry) -> str:
    if pair.found is None or entry.test is None:
        return f"not compared task by task: {pair.why_not}."
    mean, median = difference_texts(entry.test["name"], pair.found.to_json())
    return (
        f"{mean}, median {median}, task by task on {pair.found.tasks:,} test tasks that both met; "
        f"better on {pair.found.better:,}, worse on {pair.found.worse:,}."
    )


def _json(
    entries: list[Entry], names: list[str], settings: list[Setting], pairs: list[Pair]
) -> dict[str, Any]:
    return {
        "runs": [
            {
                "run": str(entry.path.resolve()),
                "called": name,
                "validation": entry.validation,
                "best_iteration": entry.best_iteration,
                "test": entry.test,
            }
            for entry, name in zip(entries, names, strict=True)
        ],
        "settings": {one.name: list(one.values) for one in settings},
        "differences": [
            {"run": str(pair.run.resolve()), "why_not": pair.why_not}
            if pair.found is None
            else {"run": str(pair.run.resolve()), **pair.found.to_json()}
            for pair in pairs
        ],
    }
