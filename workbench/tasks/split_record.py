"""Which class was in which split when a run began: data that changes later does not move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ConfigDict, Field

from workbench.core.marked import marked
from workbench.core.strict import Strict
from workbench.core.task import SPLITS, Split

NAMED = 3
KEPT = marked("The splits are those that a run has recorded")
NOT_OF_THIS = marked(
    "The splits that the run has recorded are of other data or settings, and were drawn anew"
)
Classes = dict[Split, tuple[int, ...]]


class SplitRecord(Strict):
    """Class names, split by split; and the settings that had put them there."""

    model_config = ConfigDict(strict=False)

    settled_by: str = Field(max_length=2000)
    train: tuple[str, ...]
    val: tuple[str, ...]
    test: tuple[str, ...]

    def of(self, split: Split) -> tuple[str, ...]:
        names: tuple[str, ...] = getattr(self, split)
        return names

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for split in SPLITS for name in self.of(split))


def recorded(names: Sequence[str], divided: Classes, settled_by: str) -> SplitRecord:
    """The record of a split of classes of these names."""
    told = {split: tuple(names[c] for c in divided[split]) for split in SPLITS}
    return SplitRecord(settled_by=settled_by, **told)


def of_this(
    record: SplitRecord | None, settled_by: str, names: Sequence[str]
) -> SplitRecord | None:
    """The record where it is of these settings and of this data: half of its classes are here."""
    if record is None or record.settled_by != settled_by:
        return None
    return record if 2 * len(record.names & set(names)) >= len(record.names) else None


class Sort(NamedTuple):
    """What is split: classes, or ids, or users; and the field that says where new ones go."""

    one: str
    many: str
    field: str


CLASSES = Sort("class", "classes", "task.new_classes")
IDS = Sort("id", "ids", "task.new_ids")
USERS = Sort("user", "users", "task.arrived")


@dataclass(frozen=True)
class Found:
    """The classes that are there: their names, and where the data itself puts them."""

    names: Sequence[str]
    given: Sequence[str] = ()
    """The split each was found in, ``""`` for none; empty where the data knows no splits."""
    shared: bool = False
    """Whether a name stands in several splits, and ``given`` says which items are for which."""
    sort: Sort = CLASSES

    def placed(self, record: SplitRecord, new: str) -> Classes:
        """Each class in its recorded split; those that it does not know in ``new``, if any."""
        found: Classes = {}
        fresh = frozenset(self.names) - record.names
        takes = SPLITS if self.shared and new != "none" else (new,)
        for split in SPLITS:
            among = frozenset(record.of(split)) | (fresh if split in takes else frozenset())
            found[split] = tuple(
                c
                for c, name in enumerate(self.names)
                if name in among and (not self.shared or self.given[c] == split)
            )
        return found

    def departures(self, divided: Classes, record: SplitRecord) -> Iterator[str]:
        """What is otherwise than recorded: classes gone, those that came, those found elsewhere.

        ``divided`` is the split in use.
        """
        names, here = self.names, set(self.names)
        gone = [name for name in sorted(record.names) if name not in here]
        yield from self._told(gone, "gone")
        used = {c for split in SPLITS for c in divided[split]}
        fresh = [c for c in range(len(names)) if names[c] not in record.names]
        idle = [names[c] for c in fresh if c not in used]
        where = f"new and in no split (see {self.sort.field})"
        yield from self._told(list(dict.fromkeys(idle)), where)
        for split in SPLITS:
            yield from self._told(
                [names[c] for c in fresh if c in divided[split]], f"new in {split}"
            )
        if self.given and not self.shared:
            moved = [
                names[c] for s in SPLITS for c in divided[s]
                if self.given[c] not in ("", s) and names[c] in record.names
            ]  # fmt: skip
            yield from self._told(
                moved, "now found in another split than the recorded one, which holds"
            )

    def _told(self, names: Sequence[str], what: str) -> Iterator[str]:
        if not names:
            return
        some = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
        one, many, _ = self.sort
        count = f"1 {one} is" if len(names) == 1 else f"{len(names):,} {many} are"
        yield f"{count} {what} ({some})"
