"""Regression on the user's own data: a table of rows with an id, inputs and outputs.

A task is one id: some of its rows are the support set, others are asked. Ids are split, not rows,
and the columns are standardised by the rows of meta-training ids alone.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.objective import REGRESSION
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import (
    SPLITS,
    ClassInfo,
    ProblemSpec,
    Report,
    Split,
    SplitInfo,
    TaskFamily,
)
from workbench.core.units import Units
from workbench.tasks import split_record
from workbench.tasks.floors import floors
from workbench.tasks.measured import splitting, task_file
from workbench.tasks.measured.choice import chosen, names_of
from workbench.tasks.measured.columns import Columns
from workbench.tasks.measured.ids import Ids, ids_of
from workbench.tasks.measured.params import CurvesCsvParams
from workbench.tasks.measured.rows import numbers_of
from workbench.tasks.measured.standard import constant, scale_of
from workbench.tasks.measured.task import MeasuredTask
from workbench.tasks.split_record import Found
from workbench.tasks.tables.table import read_table

NAMED = 6
"""Columns that are told by their names."""
_FORMS = marked("Choose a CSV or TSV file: a row for each measurement, with the id of its task")


@register("task", "curves_csv", title=marked("My measurements"), params=CurvesCsvParams)
class CurvesCsv(TaskFamily):
    """Predict numbers from numbers, for an id of your own that was never seen."""

    params: CurvesCsvParams
    keeps_splits = True
    members = "ids"
    asks = "rows"
    ids: Ids
    units: Units

    @property
    def spec(self) -> ProblemSpec:
        """Known once the columns are; before that, of what is named."""
        if hasattr(self, "units"):
            x, y = len(self.units.x.names), len(self.units.y.names)
        else:
            columns = self.params.given
            x, y = len(columns.x), len(columns.y)
        return ProblemSpec(REGRESSION, (max(x, 1),), max(y, 1))

    @property
    def items(self) -> int:
        return self.params.shots + self.params.queries

    def prepare(self, report: Report) -> None:
        if hasattr(self, "ids"):
            return
        params = self.params
        if params.root == Path():
            raise Missing("task.root", marked("no file is chosen"), _FORMS)
        report("Reading measurements", 0.0)
        wanted = names_of(params.given)
        table = read_table(params.root, "task.root", params.first_row, wanted)
        columns = chosen(table, params.given)
        numbers = numbers_of(table, columns, "task.root")
        ids = ids_of(numbers)
        divided = self._divided(ids, columns)
        enough = self._with_enough(ids, divided)
        known = ids.of(divided["train"])
        units = Units(scale_of(columns.x, known.x), scale_of(columns.y, known.y))
        self._split, self._enough = divided, enough
        self._notes = (
            *table.notes,
            *numbers.notes,
            *constant(columns.x, known.x),
            *constant(columns.y, known.y),
            *self._left_out(ids),
            self._told(columns),
        )
        self.units, self.ids = units, ids

    def _divided(self, ids: Ids, columns: Columns) -> split_record.Classes:
        params = self.params
        record = split_record.of_this(params.record, params.settled_by, ids.names)
        if record is not None:
            return Found(ids.names).placed(record, params.new_ids)
        if columns.split:
            return splitting.given(ids)
        draws = generator(params.split_seed, "curves_csv", "ids")
        return splitting.drawn(ids, params.val_share, params.test_share, draws)

    def _with_enough(self, ids: Ids, divided: split_record.Classes) -> split_record.Classes:
        """Of each split the ids that have the rows of a task; raises `BadInput` where none has."""
        found = {s: tuple(i for i in divided[s] if ids.count(i) >= self.items) for s in SPLITS}
        bare = [split for split in SPLITS if not found[split]]
        if not bare:
            return found
        most = max(map(ids.count, range(len(ids.names))))
        problem = marked("no id of {0} has {1} rows, for K = {2} and Q = {3}; the most is {4}")
        told = problem.format(
            ", ".join(bare), self.items, self.params.shots, self.params.queries, most
        )
        half = most // 2
        mends = (Mend("task.shots", half), Mend("task.queries", half)) if half else ()
        raise BadInput("task.shots", told, marked("Lower K or Q, or give more rows"), *mends)

    def varied(self, **sizes: int) -> CurvesCsv:
        other = super().varied(**sizes)
        assert isinstance(other, CurvesCsv)
        if hasattr(self, "ids"):
            other._enough = other._with_enough(self.ids, self._split)
        return other

    def _left_out(self, ids: Ids) -> list[Finding]:
        homeless = len(ids.names) - sum(len(self._split[split]) for split in SPLITS)
        small = sum(len(self._split[split]) - len(self._enough[split]) for split in SPLITS)
        reasons = {
            marked("{0} in no split, or in several, left out").format(_ids(homeless)): homeless,
            marked("{0} of fewer than {1} rows left out").format(_ids(small), self.items): small,
        }
        return [Finding(text) for text, count in reasons.items() if count]

    def _told(self, columns: Columns) -> str:
        text = marked("A task is one of {0}; predicted: {1}; from: {2}; standardised")
        return text.format(columns.id, _some(columns.y), _some(columns.x))

    def splits(self) -> dict[Split, SplitInfo]:
        return {
            split: SplitInfo(
                len(self._enough[split]),
                sum(map(self.ids.count, self._enough[split])),
                tuple(self.ids.names[i] for i in self._enough[split]),
            )
            for split in SPLITS
        }

    def class_list(self, split: Split) -> tuple[ClassInfo, ...]:
        ids = self.ids
        return tuple(ClassInfo(i, ids.names[i], ids.count(i)) for i in self._enough[split])

    def sample(self, split: Split, draws: Generator) -> MeasuredTask:
        index, places = self._draw(split, draws)
        ids, shots = self.ids, self.params.shots
        cut = (places[:shots], places[shots:], ids.others(index, places))
        return MeasuredTask(ids.names[index], self.units, *(ids.rows[part] for part in cut))

    def episodes(self, split: Split, count: int, draws: Generator) -> Episode:
        places = torch.stack([self._draw(split, draws)[1] for _ in range(count)])
        shots = self.params.shots
        return Episode(self._batch(places[:, :shots]), self._batch(places[:, shots:]))

    def _draw(self, split: Split, draws: Generator) -> tuple[int, Tensor]:
        """An id, and the places of the rows of a task: support first."""
        among = self._enough[split]
        index = among[int(torch.randint(len(among), (), generator=draws))]
        return index, self.ids.drawn(index, self.items, draws)

    def _batch(self, places: Tensor) -> Batch:
        rows = self.ids.rows[places]
        return Batch(self.units.x.standard(rows.x), self.units.y.standard(rows.y))

    def task_from_json(self, values: dict[str, Any], split: Split) -> MeasuredTask:
        name = values.get("id")
        known = name in self.ids.names
        rows = self.ids.of([self.ids.names.index(str(name))]) if known else None
        return task_file.task_of(values, self.units, rows)

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        return floors(episodes)

    def notes(self) -> tuple[str, ...]:
        """Told what came of the split that a run has recorded, where one has."""
        record = self.params.record
        if record is None:
            return self._notes
        kept = split_record.of_this(record, self.params.settled_by, self.ids.names) is not None
        told = split_record.KEPT if kept else Finding(split_record.NOT_OF_THIS)
        return (*self._notes, told)

    def settled(self) -> dict[str, Any]:
        names, settled_by = self.ids.names, self.params.settled_by
        return {"record": split_record.recorded(names, self._split, settled_by)}

    def departures(self) -> str:
        ids, params = self.ids, self.params
        record = split_record.of_this(params.record, params.settled_by, ids.names)
        if record is None:
            return ""
        return "; ".join(Found(ids.names, sort=split_record.IDS).departures(self._split, record))

    @property
    def fingerprint(self) -> str:
        rows = self.ids.rows
        found = hashlib.sha256()
        for part in (rows.x, rows.y, self.units.x.mean, self.units.y.mean):
            found.update(part.numpy().tobytes())
        found.update(repr((self.ids.names, self.ids.starts, sorted(self._split.items()))).encode())
        return found.hexdigest()


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:NAMED]) + (f", … ({len(names)})" if len(names) > NAMED else "")


def _ids(count: int) -> str:
    return "1 id" if count == 1 else f"{count:,} ids"
