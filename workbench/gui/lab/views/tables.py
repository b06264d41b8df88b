"""The numbers of the views, as tables to take away: everything drawn, with all its digits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.gui.lab.views.confusion_matrix import Counts
from workbench.gui.lab.views.plane_items import Item
from workbench.gui.takeaway.sheet import Cell, Table

if TYPE_CHECKING:
    from workbench.experiments.insight.embedding import Embedding
    from workbench.experiments.insight.landscape import Landscape
    from workbench.experiments.insight.luck import Luck
    from workbench.experiments.insight.time_machine import Moment
    from workbench.experiments.insight.xray import LayerXray
    from workbench.gui.lab.views.diagnosis_bars import Bar
    from workbench.gui.lab.views.rate_numbers import RateSummary


def norms(found: Mapping[str, float]) -> Table:
    return Table(("tensor", "relative update norm"), list(found.items()))


def confusion(matrices: Sequence[tuple[str, Counts]], names: Sequence[str]) -> Table:
    """A row for every pair of classes, empty ones too."""
    rows = [
        (when, names[truth], names[guess], count)
        for when, counts in matrices
        for truth, line in enumerate(counts)
        for guess, count in enumerate(line)
    ]
    return Table(("when", "true class", "predicted", "query items"), rows)


def embedding(found: Embedding, items: Sequence[Item], last: int) -> Table:
    """Places at every step up to the one looked at: the points and their trails."""
    header = ("step", "set", "item", "class", "predicted", "x", "y")
    rows: list[tuple[Cell, ...]] = []
    for step in range(last + 1):
        places = [*found.support[step].tolist(), *found.query[step].tolist()]
        for item, (x, y) in zip(items, places, strict=True):
            part = "support" if item.support else "query"
            guess = item.predicted if step == last else ""
            rows.append((step, part, item.index + 1, item.letter, guess, x, y))
    return Table(header, rows)


def landscape(found: Landscape) -> Table:
    """The map point by point, then the steps of the path, which have a number and no loss."""
    header = ("part", "step", "x", "y", "support loss", "query loss")
    support, query = found.support_loss.tolist(), found.query_loss.tolist()
    rows: list[tuple[Cell, ...]] = [
        ("map", "", x, y, support[row][column], query[row][column])
        for row, y in enumerate(found.y.tolist())
        for column, x in enumerate(found.x.tolist())
    ]
    rows += [("path", step, x, y, "", "") for step, (x, y) in enumerate(found.path.tolist())]
    return Table(header, rows)


def moments(found: Iterable[Moment], metric: str) -> Table:
    rows = [
        (moment.iteration, step, value, loss)
        for moment in found
        for step, (value, loss) in enumerate(
            zip(moment.query_metric, moment.query_loss, strict=True)
        )
    ]
    return Table(("iteration", "inner step", f"query {metric}", "query loss"), rows)


def xray(layers: Iterable[LayerXray]) -> Table:
    header = (
        "tensor",
        "first-order norm",
        "curvature norm",
        "full norm",
        "share",
        "angle, degrees",
    )
    rows = [
        (one.name, one.first_order, one.curvature, one.full, one.share, _angle(one.cosine))
        for one in layers
    ]
    return Table(header, rows)


def _angle(cosine: float) -> float:
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0))) if math.isfinite(cosine) else cosine


def rates(summary: RateSummary) -> Table:
    """A histogram's bins with their ends and counts, or the step sizes themselves."""
    rows: list[tuple[Cell, ...]] = []
    for tensor in summary.tensors:
        width = (summary.high - summary.low) / max(len(tensor.counts), 1)
        for place, count in enumerate(tensor.counts):
            low = summary.low + place * width
            rows.append((tensor.name, "", "", low, low + width, count))
        rows += [(tensor.name, step, rate, "", "", "") for step, rate in enumerate(tensor.by_step)]
    header = ("tensor", "inner step", "step size", "bin from", "bin to", "step sizes in it")
    return Table(header, rows)


def diagnosis(lists: Iterable[tuple[str, Sequence[Bar]]]) -> Table:
    rows = [
        (
            heading,
            bar.name,
            "" if bar.before is None else bar.before,
            bar.after,
            "" if bar.spread is None else bar.after - bar.spread,
            "" if bar.spread is None else bar.after + bar.spread,
        )
        for heading, bars in lists
        for bar in bars
    ]
    return Table(("measure", "name", "before", "after", "low", "high"), rows)


def luck(found: Luck) -> Table:
    sign, name = (-1, found.judged_by) if found.judged_by else (1, "loss")
    rows: list[tuple[Cell, ...]] = [("in hand", sign * found.own)]
    rows += [("another", sign * lost) for lost in found.others]
    return Table(("support set", f"query {name}"), rows)
