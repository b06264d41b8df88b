"""An entry of the queue in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import printable
from workbench.gui.state.queue_list import Line
from workbench.gui.state.queueing import Held, Queueing
from workbench.gui.style import counts, words
from workbench.gui.style.two_line_delegate import TwoLines

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.gui.state.history import History

TOKENS = {"failed": "danger", "damaged": "danger", "running": "accent", "done": "good"}


def tr(text: str) -> str:
    return QCoreApplication.translate("QueueRows", text)


def cell(line: Line) -> TwoLines:
    """Its name; below it what it is, or why it failed."""
    entry = line.entry
    if entry.work is None:
        return TwoLines(tr("{0} is damaged").format(line.name), entry.told, "danger")
    told = " · ".join(part for part in (kind(line), printable(entry.told)) if part)
    return TwoLines(line.name, told, lower_token="danger" if entry.state == "failed" else "muted")


def kind(line: Line) -> str:
    """``Race of 3, 2 seeds · 500 iterations each``; nothing of a damaged entry."""
    from workbench.experiments.queue.work import MoreOfRun, RaceOfMany, SearchOfMany

    work = line.entry.work
    if work is None:
        return ""
    if isinstance(work, RaceOfMany):
        one = len(work.seeds) == 1
        text = tr("Race of {0}, 1 seed") if one else tr("Race of {0}, {1} seeds")
        what = text.format(len(work.algorithms), len(work.seeds))
        return tr("{0} · {1} each").format(what, length(work.config))
    if isinstance(work, SearchOfMany):
        count = work.plan.count
        what = tr("Search, {0}").format(counts.trials(count)) if count else tr("Search")
        return tr("{0} · {1} each").format(what, length(work.config))
    if isinstance(work, MoreOfRun):
        return tr("Goes on, to {0}").format(length(work.config))
    return tr("Run · {0}").format(length(work.config))


def length(config: ExperimentConfig) -> str:
    training = config.training
    if training.seconds:
        return tr("{0} s").format(f"{training.seconds:g}")
    return counts.iterations(training.iterations)


def state(line: Line, elsewhere: str) -> str:
    """As it stands on the disk; of what runs here, `progress` says more."""
    if line.entry.state == "running" and elsewhere:
        return tr("runs in another program")
    return {
        "waiting": tr("waits"),
        "running": tr("preparing…"),
        "stopped": tr("stopped, goes on"),
        "interrupted": tr("interrupted, goes on"),
        "done": tr("done"),
        "failed": tr("failed"),
        "damaged": tr("damaged"),
    }[str(line.entry.state)]


def progress(history: History, part: str) -> str:
    """``MAML, seed 0 · 412 / 2 000 · 0:38 left`` of the training that goes on."""
    done, total = words.thousands(history.iteration), words.thousands(history.total)
    left = tr("{0} left").format(words.duration(history.seconds_left))
    parts = [part, f"{done} / {total}" if history.total else "", left]
    return " · ".join(text for text in parts if text)


def standing(queue: Queueing) -> str:
    """What the queue does, and why it does nothing."""
    count = len(queue.list.waiting)
    waits = tr("1 waits") if count == 1 else tr("{0} wait").format(count)
    if queue.list.elsewhere:
        return tr("{0} · {1} works through it").format(waits, queue.list.elsewhere)
    if not count and not queue.working:
        return tr("Nothing waits")
    told = {
        Held.NO: tr("goes on by itself"),
        Held.RESTING: tr("not begun"),
        Held.ASKED: tr("paused"),
        Held.STOPPED: tr("paused, as a training was stopped by hand"),
    }[queue.held]
    if queue.working and not queue.going:
        told = tr("{0}; what trains goes on").format(told)
    return f"{waits} · {told}"


def place_of(path: Path | None) -> str:
    return "" if path is None else printable(str(path))
