"""``queue run``: works through the queue in the terminal."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from typing import Any

from workbench import terminal
from workbench.cli.output import Progress
from workbench.cli.queue_table import print_entries, rows_of, told_of
from workbench.cli.train import ask_to_try_again, stopped_by_signals
from workbench.core.events import Halt, Halted
from workbench.experiments.queue.entry import Entry, State
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.naming import names_of
from workbench.experiments.queue.turn import Begun
from workbench.experiments.queue.work import RaceOfMany
from workbench.experiments.queue.worker import Ended, Item, Taken, Worker


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    queue = ExperimentQueue()
    worker, ended = Worker(queue), list[Entry]()
    with ExitStack() as bars, stopped_by_signals(worker.request_stop):
        report = _Report(bars)
        for item in worker.items():
            report.take(item)
            if isinstance(item, Ended):
                ended.append(item.entry)
    worked = {one.id for one in ended}
    rows = [row for row in rows_of(queue) if row["id"] in worked]
    if not given.json:
        print_entries(rows)
    for one in ended:
        if isinstance(one.work, RaceOfMany) and one.path is not None and one.state is State.DONE:
            given.draw_race(one.path)
    return {"worked": rows}, int(any(one.state is State.FAILED for one in ended))


class _Report:
    """A line for every entry and leg, and a bar for the training that goes on."""

    def __init__(self, bars: ExitStack) -> None:
        self._bars = bars
        self._begun: Begun | None = None
        self._progress: Progress | None = None

    def take(self, item: Item) -> None:
        if isinstance(item, Taken):
            terminal.say(f"{item.entry.id}: {names_of([item.entry])[0]}")
        elif isinstance(item, Begun):
            self._open(item)
        elif isinstance(item, Ended):
            self._bars.close()
            terminal.say(told_of(item.entry))
        elif self._progress is not None:
            self._progress.take(item)
            if isinstance(item, Halted) and item.cause is Halt.STORAGE and self._begun is not None:
                ask_to_try_again(self._begun.training)

    def _open(self, begun: Begun) -> None:
        self._bars.close()
        self._begun = begun
        self._progress = self._bars.enter_context(Progress(begun.training.config))
        if begun.title:
            self._progress.say(begun.title)
