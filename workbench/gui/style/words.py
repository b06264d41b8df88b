"""Numbers as a person reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.curve import Measure, Ruled
from workbench.core.metric import named

LARGE = 1e4
"""From here on an error is written with a power of ten."""
MOST_PLACES = 5


def tr(text: str, note: str = "", count: int = -1) -> str:
    return QCoreApplication.translate("Words", text, note, count)


def metric_title(name: str) -> str:
    titles = {"accuracy": tr("Accuracy"), "mse": tr("Mean squared error")}
    return titles.get(name) or named(name).title


def metric_name(name: str) -> str:
    """Within a sentence: small letters, but for a name that has capitals of its own."""
    title = metric_title(name)
    return title if any(map(str.isupper, title[1:])) else title.lower()


def axis_title(metric: str) -> str:
    axes = {"accuracy": tr("accuracy, %"), "mse": tr("MSE")}
    return axes.get(metric) or named(metric).short or metric_name(metric)


def scale(metric: str) -> float:
    """Shares are shown in per cent."""
    return 100.0 if named(metric).percent else 1.0


def figure_text(metric: str, value: float) -> str:
    """One task's number, as short as it can be told: ``64 %``, ``0.41``."""
    return f"{100 * value:.0f} %" if named(metric).percent else short(value)


def metric_text(metric: str, value: float, ci: float | None = None) -> str:
    """``82.3 ± 1.1 %`` or ``0.41 ± 0.03``; a mean that is no number has diverged."""
    if not math.isfinite(value):
        return tr("diverged")
    if named(metric).percent:
        spread = "" if ci is None else f" ± {100 * ci:.1f}"
        return f"{100 * value:.1f}{spread} %"
    if ci is None:
        return short(value)
    places = _places(value, ci)
    if places is None:
        return f"{short(value)} ± {ci:.2g}"
    return f"{value:.{places}f} ± {ci:.{places}f}"


def _places(value: float, ci: float) -> int | None:
    """Decimals that show two digits of an interval; none where a power of ten is shorter."""
    if not math.isfinite(ci) or ci <= 0 or max(abs(value), ci) >= LARGE:
        return None
    places = max(1 - math.floor(math.log10(ci)), 0)
    return places if places <= MOST_PLACES else None


def measure_text(metric: str, measure: Measure) -> str:
    """As `metric_text`; an interval longer to one side with both ends, ``0.28 [0.16, 0.71]``."""
    if not measure.skewed or not math.isfinite(measure.mean):
        return metric_text(metric, measure.mean, measure.ci95)
    places = _places(measure.mean, measure.ci95)
    if places is None:
        return f"{short(measure.mean)} {spread_text(metric, measure)}"
    mean, low, high = (f"{value:.{places}f}" for value in (measure.mean, *measure.ends))
    return f"{mean} [{low}, {high}]"


def spread_text(metric: str, measure: Measure) -> str:
    """The interval alone: ``± 0.8`` or ``[0.16, 0.71]``."""
    if not measure.skewed:
        return f"± {number_text(metric, measure.ci95)}"
    low, high = (short(end, 2) for end in measure.ends)
    return f"[{low}, {high}]"


def median_text(metric: str, measure: Measure) -> str:
    """``median 0.096``; empty where an older version has kept none."""
    if measure.median is None:
        return ""
    return tr("median {value}").format(value=metric_text(metric, measure.median))


def ruled_text(metrics: Mapping[str, Any]) -> str:
    """That a few tasks make most of the mean after adapting; empty where they do not."""
    ruled = Ruled.of(metrics)
    if ruled is None:
        return ""
    one = ruled.by == 1
    if not math.isfinite(float(metrics["steps"][-1]["mean"])):
        text = tr("{n} of {all} tasks diverges") if one else tr("{n} of {all} tasks diverge")
    elif one:
        text = tr("{n} of {all} tasks makes {share} % of the mean")
    else:
        text = tr("{n} of {all} tasks make {share} % of the mean")
    return text.format(n=ruled.by, all=thousands(ruled.tasks), share=f"{100 * ruled.share:.0f}")


def tasks_text(metrics: Mapping[str, Any]) -> str:
    """Where the tasks of a result's ``metrics`` lie after adapting, line by line."""
    name, last = str(metrics["name"]), metrics["steps"][-1]
    lines = [median_text(name, Measure.of(last)), ruled_text(metrics)]
    if last.get("q25") is not None:
        low, high = (metric_text(name, float(last[end])) for end in ("q25", "q75"))
        half = tr("half of the {n} tasks lie between {low} and {high}")
        lines.insert(1, half.format(n=thousands(int(metrics["tasks"])), low=low, high=high))
    return "\n".join(line for line in lines if line)


def number_text(metric: str, value: float) -> str:
    """A spread in the metric's own scale, without its unit."""
    if not math.isfinite(value):
        return "–"
    return f"{100 * value:.1f}" if named(metric).percent else f"{value:.2g}"


def short(value: float, digits: int = 3) -> str:
    """Three digits in as little room as can be: ``0.0123``, ``3.18e5``."""
    return f"{value:.{digits}g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def gain_text(metric: str, before: float, after: float) -> str:
    """What adapting brings: points of accuracy, or how many times the error shrinks.

    Of numbers that may be below zero, such as returns, the difference.
    """
    if not (math.isfinite(before) and math.isfinite(after)):
        return "–"
    if named(metric).percent:
        return tr("{gain} pts").format(gain=f"{100 * (after - before):+.1f}")
    if after <= 0 or before <= 0:
        return f"{after - before:+.3g}"
    if before >= after:
        return tr("{times}× lower").format(times=f"{before / after:.3g}")
    return tr("{times}× higher").format(times=f"{after / before:.3g}")


def protocol(transductive: bool, seen_classes: bool = False) -> str:
    """Which kind of prediction a number stands for, and whether of classes that were trained on."""
    mode = tr("transductive") if transductive else tr("not transductive")
    return tr("{0} · seen classes").format(mode) if seen_classes else mode


def protocol_of(metrics: Mapping[str, Any]) -> str:
    """As `protocol`, of the ``metrics`` of a result."""
    return protocol(bool(metrics["transductive"]), bool(metrics.get("seen_classes")))


def steps_text(count: int) -> str:
    """``after 3 steps``; adapting in a closed form has none."""
    if count == 0:
        return tr("given the support set")
    return (tr("after {n} step") if count == 1 else tr("after {n} steps", "", count)).format(
        n=count
    )


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
