"""Numbers as a person reads them."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)


def metric_title(name: str) -> str:
    titles = {"accuracy": tr("Accuracy"), "mse": tr("Mean squared error")}
    return titles.get(name, name)


def axis_title(metric: str) -> str:
    return {"accuracy": tr("accuracy, %"), "mse": tr("MSE")}.get(metric, metric)


def scale(metric: str) -> float:
    """Accuracy is shown in per cent."""
    return 100.0 if metric == "accuracy" else 1.0


def metric_text(metric: str, value: float, ci: float | None = None) -> str:
    """``82.3 ± 1.1 %`` or ``0.41 ± 0.03``; a mean that is no number has diverged."""
    if not math.isfinite(value):
        return tr("diverged")
    if metric == "accuracy":
        spread = "" if ci is None else f" ± {100 * ci:.1f}"
        return f"{100 * value:.1f}{spread} %"
    spread = "" if ci is None else f" ± {ci:.2g}"
    return f"{short(value)}{spread}"


def number_text(metric: str, value: float) -> str:
    """A spread in the metric's own scale, without its unit."""
    if not math.isfinite(value):
        return "–"
    return f"{100 * value:.1f}" if metric == "accuracy" else f"{value:.2g}"


def short(value: float, digits: int = 3) -> str:
    """Three digits in as little room as can be: ``0.0123``, ``3.18e5``."""
    return f"{value:.{digits}g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def gain_text(metric: str, before: float, after: float) -> str:
    """What adapting brings: points of accuracy, or how many times the error shrinks."""
    if not (math.isfinite(before) and math.isfinite(after)):
        return "–"
    if metric == "accuracy":
        return tr("{gain} pts").format(gain=f"{100 * (after - before):+.1f}")
    if after <= 0 or before <= 0:
        return "–"
    if before >= after:
        return tr("{times}× lower").format(times=f"{before / after:.3g}")
    return tr("{times}× higher").format(times=f"{after / before:.3g}")


def protocol(transductive: bool) -> str:
    """Which kind of prediction a number stands for."""
    return tr("transductive") if transductive else tr("not transductive")


def steps_text(count: int) -> str:
    """``after 3 steps``; adapting in a closed form has none."""
    if count == 0:
        return tr("given the support set")
    return (tr("after {n} step") if count == 1 else tr("after {n} steps")).format(n=count)


def duration(seconds: float) -> str:
    """``0:38``, ``12:05`` or ``3:07:00``."""
    if not math.isfinite(seconds):
        return "–"
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def thousands(number: int) -> str:
    """``10 000`` with a thin space, the same in every language."""
    return f"{number:,}".replace(",", "\u202f")
