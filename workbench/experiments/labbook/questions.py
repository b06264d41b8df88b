"""What can be asked of a run by name: the comparisons of the filter; see `labbook.filtering`."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.core import entries
from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.core.metric import known_metrics, named
from workbench.core.params import ParamInfo
from workbench.core.registry import Kind, names, unknown
from workbench.experiments.labbook import fields, times
from workbench.experiments.labbook.entry import Entry
from workbench.experiments.runs import STATUSES

Test = Callable[[Entry], bool]
SHORT = {"acc": "accuracy"}
PARTS: dict[str, Kind] = {"algo": "algorithm", "task": "task", "model": "model"}
PARTS |= {"algorithm": "algorithm", "family": "task"}
TEXTS: dict[str, Callable[[Entry], Iterable[str]]] = {
    "name": lambda entry: (entry.title,),
    "note": lambda entry: (entry.notes.note,),
    "dir": lambda entry: (entry.run.name,),
}
COUNTS: dict[str, Callable[[Entry], float | None]] = {
    "iterations": lambda entry: None if entry.run.problem else entry.iterations,
    "seconds": lambda entry: None if entry.run.problem else entry.seconds,
}
MEASURED = ("val", "test")
OTHERS = ("status", "tag", "date")
TOLERANCE = 1e-9
"""Relative: 0.1 typed is 0.1 recorded."""


class Operator(StrEnum):
    IS, IS_NOT, MORE, AT_LEAST, LESS, AT_MOST = "=", "!=", ">", ">=", "<", "<="

    @property
    def orders(self) -> bool:
        return self not in (Operator.IS, Operator.IS_NOT)

    def holds(self, own: float, asked: float) -> bool:
        same = math.isclose(own, asked, rel_tol=TOLERANCE)
        return {
            Operator.IS: same,
            Operator.IS_NOT: not same,
            Operator.MORE: own > asked and not same,
            Operator.AT_LEAST: own > asked or same,
            Operator.LESS: own < asked and not same,
            Operator.AT_MOST: own < asked or same,
        }[self]


@dataclass(frozen=True)
class Question:
    test: Test
    reads_learning: bool = False


def names_known() -> tuple[str, ...]:
    """Every name that stands for something, those of parameters last and in their short form."""
    short = {full: name for name, full in SHORT.items()}
    metrics = [short.get(metric, metric) for metric in known_metrics()]
    own = ("algo", "task", "model", *TEXTS, *OTHERS, *COUNTS, *MEASURED, *metrics)
    lasts = [dotted.partition(".")[2] for dotted in fields.parameters()]
    params = [
        last if lasts.count(last) == 1 and last not in own else dotted
        for dotted, last in zip(fields.parameters(), lasts, strict=True)
    ]
    return tuple(dict.fromkeys((*own, *params)))


def question(name: str, operator: Operator, values: list[str]) -> Question:
    """One comparison; raises `BadInput` in words that follow its text."""
    low = name.lower()
    if low in PARTS:
        return Question(_part(PARTS[low], operator, values))
    if low in TEXTS:
        return Question(_text(low, TEXTS[low], operator, values, part=True))
    if low == "tag":
        return Question(_text(low, lambda entry: entry.notes.tags, operator, values))
    if low == "status":
        return Question(_status(operator, values))
    if low == "date":
        return Question(_date(operator, values))
    if low in COUNTS:
        return Question(_number(COUNTS[low], operator, [number(v) for v in values]), True)
    metric = SHORT.get(low, low)
    if low in MEASURED or metric in known_metrics():
        return Question(_measured(metric, operator, [number(value) for value in values]), True)
    return Question(_parameter(name, operator, values))


def number(text: str) -> float:
    """A number as typed, a sign for per cent left out; raises `BadInput`."""
    try:
        return float(entries.taken(text.removesuffix("%"), "float"))
    except ValueError as error:
        raise BadInput("value", marked("{0} is not a number").format(brief(text))) from error


def _part(kind: Kind, operator: Operator, values: list[str]) -> Test:
    known = names(kind)
    for value in values:
        if "*" not in value and value.casefold() not in known:
            raise unknown(kind, value, known)
    return _text(kind, lambda entry: _part_names(entry, kind), operator, values)


def _part_names(entry: Entry, kind: Kind) -> tuple[str, ...]:
    return (entry.values[f"{kind}.name"],) if entry.values else ()


def _status(operator: Operator, values: list[str]) -> Test:
    for value in values:
        if "*" not in value and value.casefold() not in STATUSES:
            raise unknown("status", value, STATUSES)
    return _text("status", lambda entry: (entry.run.status,), operator, values)


def _text(
    name: str,
    own: Callable[[Entry], Iterable[str]],
    operator: Operator,
    values: list[str],
    part: bool = False,
) -> Test:
    if operator.orders:
        raise fields.refuse_unordered(name)
    wanted = [_pattern(value.casefold(), part) for value in values]

    def holds(entry: Entry) -> bool:
        return any(fits(text.casefold()) for text in own(entry) for fits in wanted)

    if operator is Operator.IS:
        return holds
    return lambda entry: any(True for _ in own(entry)) and not holds(entry)


def _pattern(value: str, part: bool) -> Callable[[str], bool]:
    if "*" in value:
        escaped = value.replace("[", "[[]").replace("?", "[?]")
        return lambda text: fnmatch.fnmatchcase(text, escaped)
    return lambda text: value in text if part else value == text


def _date(operator: Operator, values: list[str]) -> Test:
    spans = [times.span(value) for value in values]

    def holds(entry: Entry) -> bool:
        own = entry.run.started
        if own is None:
            return False
        inside = any(span.begin <= own < span.end for span in spans)
        return {
            Operator.IS: inside,
            Operator.IS_NOT: not inside,
            Operator.MORE: any(own >= span.end for span in spans),
            Operator.AT_LEAST: any(own >= span.begin for span in spans),
            Operator.LESS: any(own < span.begin for span in spans),
            Operator.AT_MOST: any(own < span.end for span in spans),
        }[operator]

    return holds


def _number(own: Callable[[Entry], float | None], operator: Operator, asked: list[float]) -> Test:
    every = operator is Operator.IS_NOT

    def holds(entry: Entry) -> bool:
        value = own(entry)
        if value is None or math.isnan(value):
            return False
        found = (operator.holds(value, one) for one in asked)
        return all(found) if every else any(found)

    return holds


def _measured(metric: str, operator: Operator, asked: list[float]) -> Test:
    return _number(lambda entry: after(entry, metric), operator, asked)


def after(entry: Entry, asked: str) -> float | None:
    """After adapting, as it is shown; None where the run has no such measurement."""
    if asked in MEASURED:
        metrics = entry.test if asked == "test" else entry.validation
    else:
        metrics = entry.test or entry.validation
    if metrics is None or (asked not in MEASURED and metrics["name"] != asked):
        return None
    mean = float(metrics["steps"][-1]["mean"])
    return 100 * mean if named(metrics["name"]).percent else mean


def _parameter(name: str, operator: Operator, values: list[str]) -> Test:
    dotted = fields.candidates(name)
    info = fields.parameters()[dotted[0]]
    if info.kind in ("int", "float"):
        numbers = [number(value) for value in values]
        return _number(
            lambda entry: _numeric(fields.value_at(entry.values, dotted)), operator, numbers
        )
    wanted = [_as_shown(info, value) for value in values]

    def own(entry: Entry) -> tuple[str, ...]:
        value = fields.value_at(entry.values, dotted)
        return () if value is None else (fields.shown(value),)

    return _text(name, own, operator, wanted, part=info.kind == "path")


def _numeric(value: Any) -> float | None:
    return None if value is None or isinstance(value, (str, bool)) else float(value)


def _as_shown(info: ParamInfo, value: str) -> str:
    """Text as `fields.shown` writes it; raises `BadInput` for what no run can have there."""
    if info.kind == "choice" and "*" not in value and value.casefold() not in info.choices:
        raise unknown(info.name, value, info.choices)
    if info.kind != "bool":
        return value
    try:
        return fields.shown(bool(entries.taken(value, "bool")))
    except ValueError as error:
        raise BadInput(info.name, str(error)) from error
