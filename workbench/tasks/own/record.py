"""Which class was in which split when a run began: data that changes later does not move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ConfigDict, Field

from workbench.core.strict import Strict
from workbench.core.task import SPLITS, Split
from workbench.tasks.image_pool import ImagePool

NAMED = 3
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


def recorded(pool: ImagePool, divided: Classes, settled_by: str) -> SplitRecord:
    """The record of a split."""
    names = {s: tuple(pool.class_names[c] for c in divided[s]) for s in SPLITS}
    return SplitRecord(settled_by=settled_by, **names)


def placed(pool: ImagePool, record: SplitRecord, shared: bool, new: str) -> Classes:
    """Each class of the pool in its recorded split; those that it does not know in ``new``, if any.

    With ``shared`` classes a name stands in several splits, and the pool says which images are for
    which.
    """
    found: Classes = {}
    fresh = frozenset(pool.class_names) - record.names
    takes = SPLITS if shared and new != "none" else (new,)
    for split in SPLITS:
        names = frozenset(record.of(split)) | (fresh if split in takes else frozenset())
        found[split] = tuple(
            c
            for c, name in enumerate(pool.class_names)
            if name in names and (not shared or pool.given[c] == split)
        )
    return found


def suits(pool: ImagePool, record: SplitRecord) -> bool:
    """Whether it is of this data: at least half of its classes are here."""
    return 2 * len(record.names & set(pool.class_names)) >= len(record.names)


def departures(
    pool: ImagePool, divided: Classes, record: SplitRecord, shared: bool
) -> Iterator[str]:
    """What is otherwise than recorded: classes gone, classes that came, classes that lie elsewhere.

    ``divided`` is the split in use.
    """
    here = set(pool.class_names)
    yield from _told([name for name in sorted(record.names) if name not in here], "gone")
    used = {c for split in SPLITS for c in divided[split]}
    fresh = [c for c in range(len(pool.class_names)) if pool.class_names[c] not in record.names]
    idle = [pool.class_names[c] for c in fresh if c not in used]
    yield from _told(list(dict.fromkeys(idle)), "new and in no split (see task.new_classes)")
    for split in SPLITS:
        there = [pool.class_names[c] for c in fresh if c in divided[split]]
        yield from _told(there, f"new in {split}")
    if pool.given and not shared:
        moved = [
            pool.class_names[c] for s in SPLITS for c in divided[s]
            if pool.given[c] not in ("", s) and pool.class_names[c] in record.names
        ]  # fmt: skip
        yield from _told(moved, "now found in another split than the recorded one, which holds")


def _told(names: Sequence[str], what: str) -> Iterator[str]:
    if not names:
        return
    some = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    count = "1 class is" if len(names) == 1 else f"{len(names):,} classes are"
    yield f"{count} {what} ({some})"
