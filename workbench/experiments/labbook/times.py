"""Days, months and years as they are asked for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class Span(NamedTuple):
    """From ``begin`` on, and before ``end``; in the time of this machine."""

    begin: datetime
    end: datetime


def span(text: str) -> Span:
    """A year, a month or a day; raises `BadInput` for what is none."""
    days = {"today": 0, "yesterday": 1}.get(text.casefold())
    try:
        if days is not None:
            now = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
            return _day(now - timedelta(days=days))
        return _of(text)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            "date",
            marked("{0} is not a date").format(brief(text)),
            marked("Write it like 2026-11-01, 2026-11, 2026, today or yesterday"),
        ) from error


def _of(text: str) -> Span:
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (None if part is None else int(part) for part in found.groups())
    assert year is not None
    if month is None:
        return Span(datetime(year, 1, 1), datetime(year + 1, 1, 1))
    if day is None:
        return Span(datetime(year, month, 1), datetime(year + month // 12, month % 12 + 1, 1))
    return _day(datetime(year, month, day))


def _day(begin: datetime) -> Span:
    return Span(begin, begin + timedelta(days=1))
