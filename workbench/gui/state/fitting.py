"""Which model and method go with a task of another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from workbench.gui.state import methods

if TYPE_CHECKING:
    from workbench.core.findings import Mend
    from workbench.core.registry import Kind
    from workbench.experiments.catalog import Preset

Values = dict[str, dict[str, Any]]
Part = Callable[[str, str], dict[str, Any]]
"""The values of a section's part of some name."""
MENDED = ("model.", "algorithm.")
TROUBLES = 4
"""Mended one after the other: one may show only when another is gone."""


def fitting(values: Values, before: Values, presets: Iterable[Preset], part: Part) -> Values:
    """``values`` with a model and method for their task, where ``before`` posed another.

    The model that goes with a task of its kind is taken instead of the one that went with the old
    kind; what cannot take the task gives way to what can. A model or method of any other sort is
    left alone.
    """
    usual = _usual(values["task"], presets)
    if _kind(values["task"]) != _kind(before["task"]) and usual:
        former = _usual(before["task"], presets)
        if values["model"]["name"] in {one["model"]["name"] for one in former}:
            values = {**values, "model": part("model", usual[0]["model"]["name"])}
    return _mended(values, usual, part)


def _kind(task: dict[str, Any]) -> tuple[Any, ...] | None:
    """What families that take the same models have in common."""
    spec = methods.problem_posed(task)
    if spec is None:
        return None
    return type(spec.objective), spec.is_image, spec.vocabulary > 0, spec.collected


def _usual(task: dict[str, Any], presets: Iterable[Preset]) -> list[Values]:
    """The presets for a family; where it has none, those for tasks of its kind."""
    every = [preset.config.to_json() for preset in presets]
    if own := [one for one in every if one["task"]["name"] == task["name"]]:
        return own
    kind = _kind(task)
    kinds = {one["task"]["name"]: one["task"] for one in every}
    alike = {name for name, posed in kinds.items() if kind is not None and _kind(posed) == kind}
    return [one for one in every if one["task"]["name"] in alike]


def _mended(values: Values, usual: list[Values], part: Part) -> Values:
    """What cannot be together, one trouble after the other; never by another task."""
    from workbench.experiments.config import check

    for _ in range(TROUBLES):
        troubles = (one for one in check(values)[1] if one.where.startswith(MENDED))
        mends = next((one.mends for one in troubles if one.mends), ())
        if not mends:
            break
        section, _, field = mends[0].where.partition(".")
        if field == "name":
            name = _best(section, mends, usual)
            values = {**values, section: part(section, name)}
        else:
            values = {**values, section: {**values[section], field: mends[0].value}}
    return values


def _best(section: str, mends: Sequence[Mend], usual: list[Values]) -> str:
    """Of what would mend a part, what goes with such tasks, or else the first of the list."""
    able = [str(mend.value) for mend in mends if mend.where == f"{section}.name"]
    going = [one[section]["name"] for one in usual if one[section]["name"] in able]
    return going[0] if going else methods.ordered(cast("Kind", section), able)[0]
