"""Fields of the form that are to be searched: each with a range or choices beside its value.

They are kept as text, as ``sweep --search`` takes it; empty text is the field's own bounds and
scale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.core.errors import BadInput
    from workbench.experiments.config import ExperimentConfig

Ranges = dict[str, str]
"""By field, ``section.name``, in the order in which they were chosen."""


def kept(ranges: Ranges, values: dict[str, dict[str, Any]]) -> Ranges:
    """Without those of fields that the task, model or algorithm does not have."""
    places = {f"{section}.{name}" for section, fields in values.items() for name in fields}
    return {field: text for field, text in ranges.items() if field in places}


def problems(ranges: Ranges, config: ExperimentConfig | None) -> dict[str, BadInput]:
    """What is wrong with each; nothing where the values themselves make no experiment."""
    if config is None or not ranges:
        return {}
    from workbench.experiments.search.reading import faults

    return faults(list(ranges.items()), config)


def remembered(value: Any) -> Ranges:
    """Those that the last life kept; raises `ValueError` for what is no such record."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError("no ranges")
    return value
