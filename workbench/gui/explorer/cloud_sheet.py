"""The curves of all tasks in a file: each by itself with its number, or their density."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from workbench.gui.explorer.curves import Cloud
from workbench.gui.takeaway.graph import Curve, Graph

WIDTH = 1.2


def tr(text: str) -> str:
    return QCoreApplication.translate("CloudSheet", text)


def expanded(graph: Graph, cloud: Cloud) -> Graph:
    """The graph of a figure, in which the cloud is one line of all tasks."""
    curves = [
        each
        for curve in graph.curves
        for each in (_each(cloud) if curve.told == cloud.title else (curve,))
    ]
    return replace(graph, curves=curves, density=cloud.taken())


def _each(cloud: Cloud) -> Iterator[Curve]:
    """Of very many only the numbers: their density is drawn."""
    drawn = not cloud.dense
    for task, values in enumerate(cloud.values):
        yield Curve(
            cloud.title if drawn else "",
            cloud.token,
            cloud.steps,
            values,
            tr("task {n}").format(n=task),
            width=WIDTH,
            alpha=cloud.alpha_each,
            line=drawn,
            adds_up=True,
        )
