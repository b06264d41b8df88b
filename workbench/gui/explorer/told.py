"""What is said of measured tasks: which they are, and their numbers at one step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import printable
from workbench.gui.lab import face
from workbench.gui.style import counts, words

if TYPE_CHECKING:
    from workbench.experiments.scores import Kept
    from workbench.experiments.tasks_seen.seen import Seen


def tr(text: str) -> str:
    return QCoreApplication.translate("Explorer", text)


def protocol_text(seen: Seen) -> str:
    """``test · 600 tasks · seed 0 · not transductive``."""
    split = tr("test") if seen.split == "test" else tr("validation")
    parts = (
        split,
        counts.tasks(seen.tasks),
        tr("seed {n}").format(n=seen.seed),
        words.protocol_of(seen.metrics),
    )
    return " · ".join(parts)


def after_text(seen: Seen, step: int) -> str:
    """Where in the adaptation a number was taken."""
    return tr("before adapting") if seen.last and not step else words.steps_text(step)


def step_text(seen: Seen, step: int) -> str:
    """Mean with its interval, median and the middle half, of one step."""
    name, measure, of = seen.metric, seen.measure(step), seen.metrics["steps"][step]
    mean = tr("mean {value} (95 % interval)").format(value=words.measure_text(name, measure))
    if seen.tasks == 1:
        mean = tr("{value}, one task has no interval").format(
            value=words.metric_text(name, measure.mean)
        )
    low, high = (words.metric_text(name, float(of[end])) for end in ("q25", "q75"))
    half = tr("half of the tasks between {0} and {1}").format(low, high)
    parts = (after_text(seen, step), mean, words.median_text(name, measure), half)
    return " · ".join(part for part in parts[: 2 if seen.tasks == 1 else 4] if part)


def ruled_text(seen: Seen, step: int) -> str:
    """That few tasks make most of the mean of a step; empty where they do not."""
    said = words.ruled_text({**seen.metrics, "steps": seen.metrics["steps"][: step + 1]})
    return tr("{0}: read the median.").format(said) if said else ""


def values_text(seen: Seen, task: int, step: int) -> tuple[str, str]:
    """``64 %`` and ``from 20 %``; the second is empty before adapting."""
    now, before = (_value(seen, task, at) for at in (step, 0))
    return now, tr("from {0}").format(before) if step else ""


def _value(seen: Seen, task: int, step: int) -> str:
    value = float(seen.values[task, step])
    return words.figure_text(seen.metric, value) if math.isfinite(value) else tr("diverged")


def task_text(seen: Seen, task: int, drawn: Any = None) -> str:
    """What a task is about, in a line: its classes, what settles it, or its title."""
    if seen.classes and seen.classes[task]:
        return ", ".join(printable(name) for name in seen.classes[task])
    if drawn is None:
        return ""
    if drawn.traits:
        return " · ".join(f"{name} {words.short(v)}" for name, v in drawn.traits.items())
    return face.of(drawn).told(drawn, True, 0) or str(drawn.title)


def kept_text(kept: Kept) -> str:
    """One measurement of a run in a list of them."""
    if kept.problem:
        return printable(kept.file.name)
    split = tr("test") if kept.metrics["split"] == "test" else tr("validation")
    count = counts.tasks(int(kept.metrics["tasks"]))
    steps = words.steps_text(len(kept.metrics["steps"]) - 1)
    other = printable(str(kept.data.get("family", "")))
    seed = tr("seed {n}").format(n=kept.seed)
    parts = (split, count, steps, kept.variant or other, seed)
    return " · ".join(part for part in parts if part)


def why_closed(kept: Kept | None) -> str:
    """Why tasks of a measurement cannot be opened in the lab; empty where they can."""
    if kept is None or not (kept.data or kept.variant):
        return ""
    if kept.data:
        return tr("These tasks are of other data than the run's: the lab cannot open them.")
    return tr(
        "These tasks were measured otherwise than the run was trained ({0}): its lab would give "
        "other numbers."
    ).format(kept.variant)
