"""A training in a new run, with weights that are drawn or that were made elsewhere."""

from __future__ import annotations

from pathlib import Path

from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import device_of
from workbench.experiments.foreign import with_data
from workbench.experiments.starting import start_of
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training


def begun(
    config: ExperimentConfig,
    family: TaskFamily,
    directory: Path | None = None,
    weights: Path | None = None,
) -> Training:
    """The training, its run recorded and held for writing; the family is prepared.

    ``weights`` is a file or a run, see `starting`. Raises `BadInput`, and then no run is left.
    """
    device_of(config.training.device)
    kept = with_data(config, family)
    if weights is None:
        return Training(config, family, Run.create(kept, directory))
    start = start_of(weights, config, family)
    run = Run.create(kept, directory, weights_from=start.source)
    return Training(config, family, run, start=start)
