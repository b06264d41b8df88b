"""What is not as it was when a checkpoint was written: the data, the versions, the threads."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from workbench.core.params import has_record
from workbench.core.task import TaskFamily
from workbench.experiments import packages
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.devices import CPU
from workbench.experiments.record.models import Maker

_CHANGED = "the data is not what this run was trained on"
_LEAK = (
    "files or splits have changed, so a class that is held out now may have been trained on then"
)
SETTLED_ANEW = ("threads",)
"""Every training sets them itself; its bits do not depend on what they were before."""


def changed_data(checkpoint: Checkpoint, family: TaskFamily) -> str:
    """That the data is not what the run was trained on, in a sentence; empty where it is."""
    recorded = checkpoint.data_fingerprint
    present = family.fingerprint if recorded else ""
    if not present or recorded == present:
        return ""
    if not family.keeps_splits:
        return f"{_CHANGED}: {_LEAK}"
    if not has_record(family.params):
        return f"{_CHANGED}, and this run keeps no record of its splits: {_LEAK}"
    told = family.departures() or "what its classes hold has changed"
    return f"{_CHANGED}: {told}. Every class stays in the split that the run records"


def changed_packages(checkpoint: Checkpoint) -> str:
    """That a plug-in has another version than the run used, in a sentence; else empty."""
    return packages.changed(checkpoint.config)


def changed_system(checkpoint: Checkpoint, device: torch.device = CPU) -> str:
    """Why going on may not repeat bit for bit; empty where nothing known speaks against it.

    ``device`` is what computes from now on.
    """
    recorded, present = checkpoint.made_by, Maker.present(device)
    if recorded is None:
        return ""
    found = list(_differing(recorded, present))
    return f"bits may differ from an unbroken run: {'; '.join(found)}" if found else ""


def _differing(recorded: Maker, present: Maker) -> Iterator[str]:
    before, now = recorded.model_dump(), present.model_dump()
    for name, value in before.items():
        if name not in SETTLED_ANEW and value and value != now[name]:
            yield f"{name} was {value} and is {now[name] or 'not there'}"
