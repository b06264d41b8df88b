"""The columns of the table of runs: what a cell says, and what its column is sorted by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from workbench.core.curve import Measure
from workbench.core.metric import named
from workbench.gui.style import counts, words
from workbench.gui.style.two_line_delegate import TwoLines

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

NONE = TwoLines("–", upper_token="faint")
NAME, CURVE = "name", "curve"
PARAMETER = "parameter."
"""What the keys of columns of parameters begin with."""
STATES = {"completed": "good", "failed": "danger", "diverged": "danger", "running": "accent"}


def tr(text: str) -> str:
    return QCoreApplication.translate("RunColumns", text)


@dataclass(frozen=True)
class Column:
    """``order`` gives what it is sorted by, and None for what stands last whichever way."""

    key: str
    title: str
    help: str
    cell: Callable[[Entry], TwoLines]
    order: Callable[[Entry], Any]
    least: int
    """Pixels."""


def fixed() -> tuple[Column, ...]:
    """Those that say what a run came to; columns of parameters come behind them."""
    return (
        Column(NAME, tr("Run"), tr("Its name and its tags"), _name, _name_order, 168),
        Column("state", tr("State"), tr("Whether it has ended, and how"), _state, _state_order, 84),
        Column(
            "validation",
            tr("Best validation"),
            tr("The best on validation tasks, not the last, and the iteration that it is from"),
            lambda entry: _measured(entry, "val"),
            lambda entry: _rank(entry.validation),
            124,
        ),
        Column(
            CURVE,
            tr("Curve"),
            tr("All its validations, each on its own scale; the best is marked"),
            lambda entry: TwoLines(""),
            lambda entry: len(entry.learned.validations) if entry.learned else None,
            96,
        ),
        Column(
            "test",
            tr("Test"),
            tr("On the test tasks, measured once at the end"),
            lambda entry: _measured(entry, "test"),
            lambda entry: _rank(entry.test),
            124,
        ),
    )


def last() -> tuple[Column, ...]:
    """What stands behind the parameters."""
    return (
        Column(
            "iterations",
            tr("Iterations"),
            tr("Outer steps done"),
            _iterations,
            lambda entry: entry.iterations or None,
            80,
        ),
        Column(
            "duration",
            tr("Duration"),
            tr("Time of training, pauses and evaluations not counted"),
            lambda entry: TwoLines(words.duration(entry.seconds)) if entry.seconds else NONE,
            lambda entry: entry.seconds or None,
            76,
        ),
        Column(
            "started", tr("Started"), tr("When it began"), _started, lambda e: e.run.started, 92
        ),
    )


def parameter(dotted: str) -> Column:
    """One of a parameter, headed by its symbol where it has one."""
    from workbench.experiments.labbook import fields

    info = fields.parameters().get(dotted)
    help = dotted if info is None else f"{dotted}: {tr(info.help)}"

    def cell(entry: Entry) -> TwoLines:
        value = entry.values.get(dotted)
        return NONE if value is None else TwoLines(fields.shown(value))

    def order(entry: Entry) -> Any:
        value = entry.values.get(dotted)
        if value is None or isinstance(value, (int, float)):
            return value if value is None else (0, float(value), "")
        return (1, 0.0, fields.shown(value).casefold())

    return Column(f"{PARAMETER}{dotted}", fields.title(dotted), help, cell, order, 60)


def state_text(status: str) -> str:
    return {
        "completed": tr("completed"),
        "stopped": tr("stopped, kept"),
        "diverged": tr("diverged"),
        "failed": tr("failed"),
        "unfinished": tr("unfinished"),
        "running": tr("running"),
        "damaged": tr("damaged"),
    }.get(status, status)


def _name(entry: Entry) -> TwoLines:
    """A name given by hand, or what and on what; below it tags, and what tells it apart."""
    parts = entry.default.split(" · ")
    upper, rest = entry.notes.name, parts
    if not upper:
        upper, rest = " · ".join(parts[:2]), parts[2:]
    tags = [f"#{tag}" for tag in entry.notes.tags]
    lower = " · ".join(text for text in (" ".join(tags), entry.problem, *rest) if text)
    return TwoLines(upper, lower, lower_token="danger" if entry.problem else "muted")


def _name_order(entry: Entry) -> str:
    return entry.title.casefold()


def _state(entry: Entry) -> TwoLines:
    status = entry.run.status
    return TwoLines(state_text(status), upper_token=STATES.get(status, "text"))


def _state_order(entry: Entry) -> str:
    return entry.run.status


def _measured(entry: Entry, split: str) -> TwoLines:
    """The number; below it where it is from, on how many tasks, by which protocol."""
    metrics = entry.test if split == "test" else entry.validation
    if metrics is None:
        return NONE
    last = metrics["steps"][-1]
    after = words.measure_text(metrics["name"], Measure.of(last))
    tasks = counts.tasks(int(metrics["tasks"]))
    how = tr("transd.") if metrics["transductive"] else tr("not transd.")
    if metrics.get("seen_classes"):
        how = tr("{0} · seen classes").format(how)
    at: tuple[str, ...] = ()
    if split == "val" and entry.best_iteration:
        at = (tr("at {n}").format(n=words.thousands(entry.best_iteration)),)
    return TwoLines(after, " · ".join((*at, tasks, how)))


def _rank(metrics: dict[str, Any] | None) -> Any:
    """Better is larger, within each metric."""
    if metrics is None:
        return None
    metric, mean = named(metrics["name"]), float(metrics["steps"][-1]["mean"])
    if mean != mean:
        return None
    return (metric.name, mean if metric.larger_is_better else -mean)


def _iterations(entry: Entry) -> TwoLines:
    return TwoLines(words.thousands(entry.iterations)) if entry.iterations else NONE


def _started(entry: Entry) -> TwoLines:
    when = entry.run.started
    return NONE if when is None else TwoLines(f"{when:%Y-%m-%d}", f"{when:%H:%M:%S}")
