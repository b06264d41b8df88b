"""torchvision beside a torch that its compiled half does not match, each time in a new process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_state_is_known_without_importing_torchvision() -> None:
    said = run("""
import sys
from workbench.core.vision import state
found = state()
print(found.kind, bool(found.reason), found.version)
assert "torchvision" not in sys.modules
assert found is state()
""")
    kind, reason, version = said.split()
    assert (kind, reason) in {("full", "False"), ("python-only", "True")}
    assert version.startswith("0.")


def test_its_python_half_works_and_keeps_working() -> None:
    run("""
import gc
from workbench.core.vision import torchvision
torchvision(); gc.collect()
vision = torchvision()
import torch
from torchvision.transforms import v2
box = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
assert vision.ops.box_iou(box, box).item() == 1
assert v2.functional.resize(torch.rand(1, 8, 8), [4, 4]).shape == (1, 4, 4)
assert vision.datasets.Omniglot.zips_md5
""")


def test_its_absence_is_told_with_the_remedy() -> None:
    said = run("""
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "torchvision" else found(name, *rest)
from workbench.core.errors import BadInput
from workbench.core.vision import state, torchvision
assert state().kind == "absent"
try:
    torchvision()
except BadInput as error:
    print(error)
""")
    assert said.startswith("torchvision: torchvision is not installed. Install")


def test_the_tasks_do_not_import_it_at_start() -> None:
    run("import sys, workbench.tasks; assert 'torchvision' not in sys.modules")
