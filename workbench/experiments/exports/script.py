"""A folder that measures a learner again without the program's window or its runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.core import resources
from workbench.core.curve import Measure
from workbench.core.files import write_atomically, write_json
from workbench.experiments.exports.command import train_command
from workbench.experiments.exports.weights import write_meta
from workbench.experiments.session import Learner

NAME = "run.py"


def write_script(learner: Learner, recorded: dict[str, Any] | None, folder: Path) -> Path:
    """Write ``run.py``, ``config.json`` and ``weights.safetensors``; returns the script.

    ``recorded`` is the result of the run on its test tasks, if it has one: the script prints its
    own numbers beside it. Raises `CannotWrite` and `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", learner.config.complete())
    write_meta(learner, folder / "weights.safetensors")
    template = resources.path("templates", "script.py").read_text(encoding="utf-8")
    text = template.replace("VERSION", __version__)
    text = text.replace("COMMAND", train_command(learner.config))
    text = text.replace("RECORDED = None", f"RECORDED = {json.dumps(_last(recorded))}")
    text = text.replace("null", "None")
    script = folder / NAME
    write_atomically(script, text.encode())
    return script


def _last(recorded: dict[str, Any] | None) -> list[float] | None:
    """Mean and half the 95 % interval on the test tasks, after the last step."""
    metrics = (recorded or {}).get("metrics")
    if metrics is None or metrics["split"] != "test":
        return None
    last = Measure.of(metrics["steps"][-1])
    return [last.mean, last.ci95]
