"""Types of tasks by their full names, so that nothing is imported to compare them."""

from __future__ import annotations

from typing import Any


def of(task: Any) -> list[str]:
    """Its type and those that derives from, nearest first; first what it stands in for."""
    types = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(task).__mro__]
    return [*getattr(task, "stands_for", ()), *types]


def is_a(task: Any, name: str) -> bool:
    """Whether a task is of the type of that full name, or stands in for one."""
    return name in of(task)
