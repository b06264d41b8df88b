"""What has to be imported after the first paint, on a thread."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from workbench.gui.threads.background import Report

if TYPE_CHECKING:
    from workbench.experiments.catalog import Preset


def load_catalog(report: Report) -> tuple[Preset, ...]:
    from workbench.experiments import catalog

    catalog.load()
    return catalog.presets()


def warm_up(report: Report) -> None:
    """Seconds that are better spent before Start: torch imports its compiler with the first
    optimiser, and the engine's fastest routes come from another one."""
    from workbench.engine import choice

    importlib.import_module("torch._dynamo")
    choice.kernels_work()
