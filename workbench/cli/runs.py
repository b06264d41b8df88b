"""``runs``: the stored runs as a table, and what is done with them; see `cli.labbook`."""

from __future__ import annotations

import argparse
from typing import Any

from workbench import terminal
from workbench.cli import evaluations, labbook, run_report
from workbench.cli.arguments import add_json
from workbench.cli.numbers import measured, medians
from workbench.cli.output import SPLITS
from workbench.cli.table import print_table
from workbench.core.curve import Measure
from workbench.core.errors import printable
from workbench.experiments.labbook.entry import Entry, with_learned
from workbench.experiments.labbook.filtering import parse
from workbench.experiments.labbook.finding import entry_at, find_run, stored
from workbench.experiments.replay import read_run
from workbench.experiments.store import open_run

SHOWN = ("name", "called", "tags", "status", "iterations", "result", "problem")
_FILTER = (
    "only runs that this finds, e.g. 'algo:maml acc>80 -status:failed': see the guide, Runs, for "
    "the language"
)


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "runs",
        help="show, find, compare and look after the stored runs",
        description="Show the stored runs, newest first. RUN is a directory, its name below the "
        "stored runs, or the name that you gave a run.",
    )
    parser.add_argument("--filter", default="", metavar="FILTER", help=_FILTER)
    add_json(parser)
    parser.set_defaults(run=run)
    inner = parser.add_subparsers(metavar="COMMAND", title="commands")
    show = inner.add_parser(
        "show",
        help="settings, losses, validations and result of one run",
        description="Show what a run recorded: settings, losses, validations and result.",
    )
    show.add_argument("recorded", metavar="RUN", help="run directory or name")
    add_json(show)
    show.set_defaults(run=run_show)
    labbook.add(inner)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """Raises `BadInput` for a filter that cannot be read."""
    asked = parse(getattr(given, "filter", ""))
    entries = stored()
    if asked.reads_learning:
        entries = [with_learned(entry) for entry in entries]
    rows = [_row(entry) for entry in entries if asked.matches(entry)]
    if not given.json:
        _print(rows, bool(entries))
    return {"runs": rows}, 0


def run_show(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """Raises `BadInput` naming the file that is damaged; damaged lines are said and passed over."""
    recorded = open_run(find_run(given.recorded))
    entry, replay = entry_at(recorded.path), read_run(recorded.path)
    if entry.run.problem:
        recorded.result()  # raises what the summary has only noted
    facts = recorded.facts()
    for problem in filter(None, (entry.problem, replay.problem)):
        terminal.note(f"{problem}. What else there is, is shown")
    if not given.json:
        run_report.print_run(entry.run, replay, facts)
        evaluations.print_evaluations(recorded.path)
        labbook.print_notes(entry)
    return {
        **run_report.of(entry.run, replay, facts),
        "evaluations": evaluations.listed(recorded.path),
        **labbook.said(entry),
    }, 0


def _print(rows: list[dict[str, Any]], any_at_all: bool) -> None:
    if not any_at_all:
        terminal.write("no runs yet: `train` makes the first")
    elif not rows:
        terminal.write("no run is like that")
    else:
        print_table(SHOWN, [[_cell(row[name]) for name in SHOWN] for row in rows])


def _cell(value: Any) -> str:
    """A median stands below its mean, so that the table stays one."""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return printable(" ".join(value))
    return printable(value).replace(", median", "\nmedian")


def _row(entry: Entry) -> dict[str, Any]:
    result = entry.run.result or {}
    return {
        "name": entry.run.name,
        "called": entry.title if entry.title != entry.run.name else "",
        "tags": list(entry.notes.tags),
        "status": entry.run.status,
        "iterations": result.get("iterations", ""),
        "result": _result(result.get("metrics")),
        "problem": entry.run.problem or entry.problem,
    }


def _result(metrics: dict[str, Any] | None) -> str:
    """``test accuracy 84.0 ± 0.8 %, median 86.7 %``; of a run stopped, its best validation."""
    if metrics is None:
        return ""
    last, name = Measure.of(metrics["steps"][-1]), metrics["name"]
    median = "".join(f", median {text}" for text in medians(name, [last]) if text)
    return f"{SPLITS[metrics['split']]} {name} {measured(name, *last)}{median}"
