"""The lab book of the window: the stored runs with what is said of them and how they learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.state.workspace import Workspace
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.experiments.labbook.learned import Learned, Stamp

    Read = dict[Path, tuple[Stamp, Learned]]

AT_ONCE = 40
"""Runs whose metrics are read before the table hears of them."""


class Book(QObject):
    """`changed` comes with other entries, `updated` with the paths of those that say more now.

    How runs learned is read beside the window, the newest first, and once as long as it is the
    same; the run that trains here is told by its own events.
    """

    changed = Signal()
    updated = Signal(list)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._entries: dict[Path, Entry] = {}
        self._known: Read = {}
        self._job: Job | None = None
        workspace.run_list.read.connect(self._take)
        workspace.history.told.connect(self._on_told)

    @property
    def entries(self) -> list[Entry]:
        """Newest first, damaged ones among them."""
        return list(self._entries.values())

    def at(self, path: Path) -> Entry | None:
        return self._entries.get(path)

    def tags(self) -> list[str]:
        """All that any run has."""
        return sorted({tag for entry in self.entries for tag in entry.notes.tags}, key=str.lower)

    def change(self, path: Path, **fields: Any) -> bool:
        """Say something else of a run; where that is refused, why is said. Whether it was not."""
        return self.change_each({path: fields})

    def change_each(self, changes: Mapping[Path, Mapping[str, Any]]) -> bool:
        """Say something else of several: one that refuses keeps the others from nothing."""
        from workbench.experiments.labbook.notes import change_notes

        problems: list[Exception] = []
        there = {path: fields for path, fields in changes.items() if path in self._entries}
        for path, fields in there.items():
            try:
                notes = change_notes(path, **fields)
            except (BadInput, OSError) as problem:
                problems.append(problem)
            else:
                self._entries[path] = replace(self._entries[path], notes=notes, problem="")
        self._workspace.troubles.end("notes")
        if problems:
            self._workspace.troubles.say("notes", problems[0])
        self.updated.emit(list(there))
        return not problems and len(there) == len(changes)

    def forget(self, paths: list[Path]) -> None:
        """They are gone; what there is is read anew."""
        for path in paths:
            self._entries.pop(path, None)
        self.changed.emit()
        self._workspace.run_list.reload()

    @Slot()
    def _take(self) -> None:
        entries = self._workspace.run_list.entries
        self._entries = {entry.path: self._with_known(entry) for entry in entries}
        self.changed.emit()
        self._on_told()
        self._read_on(entries)

    def _with_known(self, entry: Entry) -> Entry:
        known = self._known.get(entry.path)
        return entry if known is None else replace(entry, learned=known[1])

    def _read_on(self, entries: list[Entry]) -> None:
        """What may have changed since it was read last, some runs at a time."""
        if self._job is not None:
            self._job.cancel()
        left = [entry.path for entry in entries if not entry.run.problem]
        self._begin(left)

    def _begin(self, left: list[Path]) -> None:
        self._job = None
        if left:
            work = partial(_read, left, dict(self._known))
            self._job = Job(work, self._on_read, self._workspace.troubles.said.emit, parent=self)

    def _on_read(self, found: tuple[Read, list[Path]]) -> None:
        read, left = found
        self._known |= read
        for path, (_, learned) in read.items():
            if path in self._entries and path != self._living():
                self._entries[path] = replace(self._entries[path], learned=learned)
        if read:
            self.updated.emit(list(read))
        self._begin(left)

    def _living(self) -> Path | None:
        training = self._workspace.training
        return training.path if training.busy else None

    @Slot()
    def _on_told(self) -> None:
        """The run that trains here, as far as it has come."""
        path = self._living()
        if path is not None and (entry := self._entries.get(path)) is not None:
            self._put(replace(entry, learned=self._own()))

    def _own(self) -> Learned:
        from workbench.experiments.labbook.learned import Learned

        history = self._workspace.history
        best, seen = history.best, history.evaluations
        spent = history.steps.column(5)
        return Learned(
            tuple(
                (int(x), float(y))
                for x, y in zip(seen.column(0)[:], seen.column(4)[:], strict=True)
            ),
            None if best is None else best.curve.to_json(),
            0 if best is None else best.iteration,
            history.iteration,
            float(spent[-1]) if len(spent) else 0.0,
        )

    def _put(self, entry: Entry) -> None:
        self._entries[entry.path] = entry
        self.updated.emit([entry.path])


def _read(paths: list[Path], known: Read, report: Report) -> tuple[Read, list[Path]]:
    """The next few that are not known as they are now, and what is left."""
    from workbench.experiments.labbook.learned import read_learned, stamp

    found: Read = {}
    for place, path in enumerate(paths):
        now = stamp(path)
        if path not in known or known[path][0] != now:
            report("", 0.0)
            found[path] = (now, read_learned(path))
        if len(found) >= AT_ONCE:
            return found, paths[place + 1 :]
    return found, []
