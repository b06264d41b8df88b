"""``runs``: the stored runs as a table, and what the window shows of one of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import record
from workbench.cli.arguments import add_json
from workbench.cli.numbers import measured, medians
from workbench.cli.output import SPLITS
from workbench.cli.table import print_table
from workbench.core.curve import Measure
from workbench.core.errors import printable
from workbench.experiments.replay import read_run
from workbench.experiments.runs import RunSummary, list_runs, summary_of
from workbench.experiments.store import open_run


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "runs",
        help="show the stored runs, or what one of them recorded",
        description="Show the stored runs, newest first; `runs show RUN` shows one of them.",
    )
    add_json(parser)
    parser.set_defaults(run=run)
    show = parser.add_subparsers(metavar="COMMAND", title="commands").add_parser(
        "show",
        help="settings, losses, validations and result of one run",
        description="Show what a run recorded: settings, losses, validations and result.",
    )
    show.add_argument("recorded", type=Path, metavar="RUN", help="run directory or name")
    add_json(show)
    show.set_defaults(run=run_show)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    rows = [_row(summary) for summary in list_runs()]
    if not given.json:
        print_rows(rows)
    return {"runs": rows}, 0


def run_show(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """Raises `BadInput` naming the file that is damaged; damaged lines are said and passed over."""
    recorded = open_run(given.recorded)
    replay, summary = read_run(recorded.path), summary_of(recorded.path)
    if summary.problem:
        recorded.result()  # raises what the summary has only noted
    origin = recorded.facts().forked_from
    if replay.problem:
        terminal.note(f"{replay.problem}. What else there is, is shown")
    if not given.json:
        record.print_run(summary, replay, origin)
    return record.of(summary, replay, origin), 0


def print_rows(rows: list[dict[str, Any]]) -> None:
    if not rows:
        terminal.write("no runs yet: `train` makes the first")
        return
    shown = list(rows[0])
    print_table(shown, [[_cell(row[name]) for name in shown] for row in rows])


def _cell(value: Any) -> str:
    """A median stands below its mean, so that the table stays one."""
    if isinstance(value, int):
        return f"{value:,}"
    return printable(value).replace(", median", "\nmedian")


def _row(summary: RunSummary) -> dict[str, Any]:
    return {
        "name": summary.name,
        "status": summary.status,
        "iterations": (summary.result or {}).get("iterations", ""),
        "result": _result((summary.result or {}).get("metrics")),
        "problem": summary.problem,
    }


def _result(metrics: dict[str, Any] | None) -> str:
    """``test accuracy 84.0 ± 0.8 %, median 86.7 %``; of a run stopped, its best validation."""
    if metrics is None:
        return ""
    last, name = Measure.of(metrics["steps"][-1]), metrics["name"]
    median = "".join(f", median {text}" for text in medians(name, [last]) if text)
    return f"{SPLITS[metrics['split']]} {name} {measured(name, *last)}{median}"
