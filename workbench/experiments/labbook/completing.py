"""What could be typed next in a filter: names, and behind a name the values that runs have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workbench.core.errors import BadInput
from workbench.experiments.labbook import fields
from workbench.experiments.labbook.entry import Entry
from workbench.experiments.labbook.questions import PARTS, names_known
from workbench.experiments.runs import STATUSES

MOST = 12
_ASKED = re.compile(r'-?([^\W\d][\w.]*)(?::|!=|=)(?:[^\s"|]*\|)*([^\s"|]*)$')
_NAME = re.compile(r"(?:^|\s)-?([\w.]*)$")


class Completions(NamedTuple):
    """What may stand from ``start`` to the cursor instead of what is typed there."""

    start: int
    texts: list[str]


def completions(before: str, entries: Sequence[Entry]) -> Completions:
    """For the text before the cursor; most used values first."""
    asked = _ASKED.search(before)
    if asked is not None:
        typed = asked[2].casefold()
        values = [value for value in _values(asked[1], entries) if typed in value.casefold()]
        return Completions(asked.start(2), [_quoted(value) for value in values[:MOST]])
    name = _NAME.search(before)
    if name is None or not name[1]:
        return Completions(len(before), [])
    typed = name[1].casefold()
    known = [f"{one}:" for one in names_known()]
    begins = [one for one in known if one.startswith(typed)]
    holds = [one for one in known if typed in one and one not in begins]
    return Completions(name.start(1), (begins + holds)[:MOST])


def _values(name: str, entries: Sequence[Entry]) -> list[str]:
    low = name.lower()
    if low == "status":
        return list(STATUSES)
    if low == "date":
        return ["today", "yesterday"]
    if low == "tag":
        return _ranked(tag for entry in entries for tag in entry.notes.tags)
    if low in PARTS:
        return _ranked(_shown(entry, (f"{PARTS[low]}.name",)) for entry in entries)
    try:
        dotted = fields.candidates(name)
    except BadInput:
        return []
    return _ranked(_shown(entry, dotted) for entry in entries)


def _shown(entry: Entry, dotted: tuple[str, ...]) -> str:
    value = fields.value_at(entry.values, dotted)
    return "" if value is None else fields.shown(value)


def _ranked(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(value for value in values if value).most_common()]


def _quoted(value: str) -> str:
    return value if value and not set(value) & set(' "|\t') else f'"{value}"'
