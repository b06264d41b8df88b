"""What a family of measurements is told: the file, its columns, the sizes of a task, the splits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

from workbench.core.marked import marked
from workbench.core.params import Params, as_list, listed, param, recorded
from workbench.tasks.measured.columns import Columns, recognised
from workbench.tasks.split_record import SplitRecord


class CurvesCsvParams(Params):
    name: Literal["curves_csv"] = "curves_csv"
    root: Path = param(
        Path(),
        marked("CSV or TSV file of measurements: a row each, with an id, inputs and outputs."),
        more=marked(
            "Cells are parted by commas, semicolons, tabs or bars; decimals have a point, or a "
            "comma where none parts the cells."
        ),
    )
    id_column: str = param(
        "",
        marked("Column that says which task a row is of; empty: recognised, else the first."),
        column_of="root",
    )
    input_columns: str = param(
        "",
        marked("Columns of the inputs, with commas between; empty: recognised by their names."),
        column_of="root",
        several=True,
    )
    output_columns: str = param(
        "",
        marked("Columns of the outputs, with commas between; empty: y…, else the last one."),
        column_of="root",
        several=True,
    )
    shots: int = param(
        5, marked("Rows of an id the learner sees before it is judged."), symbol="K", ge=1, le=1000
    )
    queries: int = param(
        5, marked("Other rows of the id that it is judged on."), symbol="Q", ge=1, le=1000
    )
    split_column: str = param(
        "",
        marked("Column that says train, val or test, the same for a whole id."),
        advanced=True,
        column_of="root",
    )
    first_row: Literal["recognised", "names", "values"] = param(
        "recognised", marked("Whether the first row has the names of the columns."), advanced=True
    )
    val_share: float = param(
        0.2, marked("Share of the ids kept for validation."), ge=0.01, le=0.6, advanced=True
    )
    test_share: float = param(
        0.2, marked("Share of the ids kept for the test."), ge=0.01, le=0.6, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which ids are for training, validation and test."),
        ge=0,
        advanced=True,
    )
    new_ids: Literal["none", "train", "val", "test"] = param(
        "none",
        marked("The split that ids take which came after the run whose splits are kept."),
        advanced=True,
    )
    record: SplitRecord | None = recorded()

    @property
    def given(self) -> Columns:
        """The columns that are named."""
        x, y = listed(self.input_columns), listed(self.output_columns)
        return Columns(self.id_column, x, y, self.split_column)

    def columns(self, names: Sequence[str], numeric: Collection[str]) -> dict[str, tuple[str, ...]]:
        found = recognised(names, numeric, self.given)
        return {
            "id_column": tuple(filter(None, [found.id])),
            "input_columns": found.x,
            "output_columns": found.y,
            "split_column": tuple(filter(None, [found.split])),
        }

    def posing(self, inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, Any]:
        return {"input_columns": as_list(inputs), "output_columns": as_list(outputs)}

    @property
    def settled_by(self) -> str:
        """What settles a split, so that a record of another one is known from it."""
        shares = f"{self.val_share:g}/{self.test_share:g}"
        return f"{shares} {self.split_seed} {self.id_column} {self.split_column}"
