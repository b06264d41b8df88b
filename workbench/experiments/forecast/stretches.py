"""A training in stretches of outer steps that cost the same."""

from __future__ import annotations

from workbench.core.registry import get
from workbench.experiments.config import ExperimentConfig


def stretches(config: ExperimentConfig) -> tuple[tuple[int, ExperimentConfig], ...]:
    """The outer step that each begins with, and settings with which every step costs as its own.

    There is none for what does not train; some may begin after the last step.
    """
    method = get("algorithm", config.algorithm.name).build
    if not method.trains:
        return ()
    return tuple(
        (begins, config.replaced({"algorithm": changes}) if changes else config)
        for begins, changes in method.stretches(config.algorithm)
    )
