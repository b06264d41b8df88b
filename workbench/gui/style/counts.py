"""Counts in words. One has a form of its own, and a translation as many as its language needs.

The third argument of ``tr`` makes Qt choose among those; see docs/translating.md.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.gui.style.words import thousands


def tr(text: str, note: str = "", count: int = -1) -> str:
    return QCoreApplication.translate("Counts", text, note, count)


def runs(count: int) -> str:
    return _counted(count, tr("{n} run"), tr("{n} runs", "", count))


def trials(count: int) -> str:
    """Of a search: each is a run."""
    return _counted(count, tr("{n} trial"), tr("{n} trials", "", count))


def fields(count: int) -> str:
    """Of a form."""
    return _counted(count, tr("{n} field"), tr("{n} fields", "", count))


def tasks(count: int) -> str:
    return _counted(count, tr("{n} task"), tr("{n} tasks", "", count))


def iterations(count: int) -> str:
    return _counted(count, tr("{n} iteration"), tr("{n} iterations", "", count))


def steps(count: int) -> str:
    return _counted(count, tr("{n} step"), tr("{n} steps", "", count))


def members(sort: str, count: int) -> str:
    """Of a split: classes, or the ids or users that stand for a task each."""
    if sort == "users":
        return _counted(count, tr("{n} user"), tr("{n} users", "", count))
    if sort == "ids":
        return _counted(count, tr("{n} id"), tr("{n} ids", "", count))
    return _counted(count, tr("{n} class"), tr("{n} classes", "", count))


def items(count: int) -> str:
    return _counted(count, tr("{n} item"), tr("{n} items", "", count))


def findings(count: int) -> str:
    """Of what is found about data that can be used all the same."""
    return _counted(count, tr("{n} thing to know"), tr("{n} things to know", "", count))


def moments(count: int) -> str:
    return _counted(count, tr("{n} moment"), tr("{n} moments", "", count))


def _counted(count: int, one: str, many: str) -> str:
    return (one if count == 1 else many).format(n=thousands(count))
