"""A forecast in words: one line, and its parts for the tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from workbench.experiments.forecast.outlook import Outlook
    from workbench.experiments.forecast.total import Forecast


def tr(text: str) -> str:
    return QCoreApplication.translate("Forecasts", text)


def line(told: Forecast) -> str:
    """``About 2 min 40 s · 610 MB on this machine``"""
    from workbench.experiments.forecast.words import in_words

    words = tr("At most {time}") if told.at_most or told.disturbed else tr("About {time}")
    return _with_memory(words.format(time=in_words(told.seconds)), told.memory)


def outlook(told: Outlook) -> str:
    """The same of many trainings: ``12 to 40 min``, where what is drawn decides."""
    from workbench.experiments.forecast.words import in_words

    low, high = in_words(told.low), in_words(told.high)
    if low == high:
        words = tr("at most {time}") if told.at_most else tr("about {time}")
    elif told.at_most:
        words = tr("at most {low} to {time}")
    else:
        words = tr("{low} to {time}")
    return _with_memory(words.format(low=low, time=high), told.memory)


def parts(told: Forecast) -> str:
    """One line for each part, then what is meant."""
    from workbench.experiments.forecast.words import in_words

    titles = {
        "preparation": tr("Preparing the data"),
        "start": tr("Start"),
        "steps": tr("Outer steps"),
        "validation": tr("Validation"),
        "test": tr("Test"),
        "checkpoints": tr("Checkpoints"),
    }
    lines = [f"{titles[name]}: {in_words(time)}" for name, time in told.parts.items() if time]
    lines += ["", tr("From a few steps that were measured on this machine.")]
    if told.memory:
        lines.append(tr("Memory of a process that does this training and nothing else, at most."))
    if told.disturbed:
        lines.append(tr("Other programs kept the processors busy meanwhile: it may be less."))
    return "\n".join(lines)


def _with_memory(words: str, memory: int) -> str:
    from workbench.core.capacity import in_words

    if not memory:
        return tr("{time} on this machine").format(time=words)
    return tr("{time} · {memory} on this machine").format(time=words, memory=in_words(memory))
