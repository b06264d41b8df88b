"""What is known of a metric by its name: how it is called, which way is better, its unit.

Records keep the name alone. Needs no torch, so that the window can write numbers at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.marked import marked


@dataclass(frozen=True)
class Metric:
    """A number that says how well a task is solved."""

    name: str
    """As records and ``--json`` write it."""
    title: str
    """For a person, as at the head of a column."""
    larger_is_better: bool
    percent: bool = False
    """Whether it is a share in [0, 1], shown in per cent."""
    short: str = ""
    """Where there is little room, as at an axis; empty for the title in small letters."""


_declared: dict[str, Metric] = {}


def declare(metric: Metric) -> Metric:
    """Make a metric known by its name; raises `ValueError` for a name that means another."""
    if _declared.setdefault(metric.name, metric) != metric:
        raise ValueError(f"another metric is named {metric.name!r}: {_declared[metric.name]}")
    return metric


def named(name: str) -> Metric:
    """The metric of that name; one that no part declares counts as an error of that name."""
    return _declared.get(name) or Metric(name, name, larger_is_better=False)


def known_metrics() -> tuple[str, ...]:
    """The names of all that parts have declared."""
    return tuple(_declared)


ACCURACY = declare(Metric("accuracy", marked("Accuracy"), larger_is_better=True, percent=True))
RETURN = declare(Metric("return", marked("Return"), larger_is_better=True))
MSE = declare(Metric("mse", marked("Mean squared error"), larger_is_better=False))
AP50 = declare(Metric("ap50", marked("Average precision"), larger_is_better=True, percent=True))
MEAN_IOU = declare(Metric("mean_iou", marked("Mean IoU"), larger_is_better=True, percent=True))
