"""How near a forecast comes to what a training then takes, in seconds and in memory.

    python benchmarks/forecast.py [NAME ...]

Ten experiments of different kinds; each is measured and then trained, one after the other, in
processes of their own. Beside the seconds of the clock stand those of the processors, which
whoever else is busy on the machine changes less.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from workbench.core.capacity import in_words
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.apart import measured_apart
from workbench.experiments.forecast.total import total

DATA = Path(__file__).parents[2] / "shared" / "data" / "omniglot_images_background.zip"
_OMNIGLOT = {"root": str(DATA)}

EXPERIMENTS: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "sinusoid, MAML": ("sinusoid-maml-quick", {}),
    "sinusoid, 400 hidden": (
        "sinusoid-maml-quick",
        {
            "model": {"hidden": [400, 400]},
            "training": {"iterations": 300, "eval_tasks": 100, "test_tasks": 200},
        },
    ),
    "glyphs, MAML": ("glyphs", {"training": {"iterations": 250}}),
    "glyphs, ProtoNet": ("glyphs-protonet-quick", {"training": {"iterations": 300}}),
    "Omniglot, MAML, 5-way": (
        "omniglot-maml-5w1s-quick",
        {"task": _OMNIGLOT, "training": {"iterations": 80, "test_tasks": 300}},
    ),
    "Omniglot, ANIL, 20-way": (
        "omniglot-anil-20w1s-quick",
        {"task": _OMNIGLOT, "training": {"iterations": 40, "eval_tasks": 40, "test_tasks": 100}},
    ),
    "ratings of tastes, MAML++": (
        "tastes-maml-plus-plus-quick",
        {"algorithm": {"epoch": 25}, "training": {"iterations": 500}},
    ),
    "ratings of tastes, MAML": ("tastes-quick", {}),
    "topics (text), ProtoNet": ("topics-protonet-quick", {"training": {"iterations": 100}}),
    "navigation, MAML (RL)": ("navigation-quick", {"training": {"iterations": 40}}),
}

_TRAIN = """
import json, sys, time
from pathlib import Path
from workbench.cli import train
from workbench.core.capacity import peak
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
catalog.load()
config = ExperimentConfig.from_json(json.loads(sys.argv[1]))
began, cpu = time.perf_counter(), time.process_time()
result, code = train.finish(train.fresh(config, Path(sys.argv[2])))
spent = [time.perf_counter() - began, time.process_time() - cpu, peak()]
print(json.dumps([*spent, result["reason"]]))
"""


def main(wanted: list[str]) -> None:
    catalog.load()
    print("| experiment | forecast | took | ratio | of CPU time | memory | held | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, (preset, changes) in EXPERIMENTS.items():
        if not wanted or any(one in name for one in wanted):
            print(_row(name, catalog.preset(preset).config.replaced(changes)), flush=True)


def _row(name: str, config: ExperimentConfig) -> str:
    began = time.monotonic()
    told = total(config, measured_apart(config).measured)
    spent = time.monotonic() - began
    in_cpu = total(config, measured_apart(config, clock="cpu").measured)
    seconds, cpu, memory = _trained(config)
    print(f"{name}: measured for {spent:.1f} s, {told}", file=sys.stderr)
    cells = (
        name,
        f"{told.seconds:.1f} s",
        f"{seconds:.1f} s",
        f"{told.seconds / seconds:.2f}",
        f"{in_cpu.seconds / cpu:.2f}",
        in_words(told.memory),
        in_words(memory),
        f"{told.memory / memory:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _trained(config: ExperimentConfig) -> tuple[float, float, int]:
    """Seconds, seconds of the processors, and bytes at most, of a process that trains this."""
    with tempfile.TemporaryDirectory() as folder:
        text = subprocess.run(
            [sys.executable, "-c", _TRAIN, json.dumps(config.to_json()), f"{folder}/run"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            text=True,
        ).stdout
    seconds, cpu, memory, reason = json.loads(text.splitlines()[-1])
    assert reason == "completed", reason
    return seconds, cpu, memory


if __name__ == "__main__":
    main(sys.argv[1:])
