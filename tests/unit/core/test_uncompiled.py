"""Optimisers without torch's compiler: the same bits, and nothing of it is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from workbench.core.uncompiled import uncompiled


def moved(kind: type[Optimizer]) -> tuple[torch.Tensor, dict[str, object]]:
    """What three steps, and three more after a return from a record, make of some weights."""
    weights = torch.linspace(-1, 1, 7)
    for _ in range(2):
        optimizer = kind([weights], lr=0.1)  # type: ignore[call-arg]
        for step in range(3):
            weights.grad = torch.linspace(step, 1, 7)
            optimizer.step()
        kept = optimizer.state_dict()
        optimizer = kind([weights], lr=0.1)  # type: ignore[call-arg]
        optimizer.load_state_dict(kept)
        optimizer.zero_grad()
        assert weights.grad is None
    return weights, kept["state"]


@pytest.mark.parametrize("kind", [Adam, AdamW, SGD, RMSprop])
def test_they_are_the_same_to_the_bit(kind: type[Optimizer]) -> None:
    (weights, state), (ours, our_state) = moved(kind), moved(uncompiled(kind))
    assert torch.equal(weights, ours)
    torch.testing.assert_close(state, our_state, rtol=0, atol=0)


@pytest.mark.parametrize(
    "flags",
    [
        "--task.name sinusoid --model.name mlp --model.hidden 8,8",
        "--task.name glyphs --model.name conv4 --model.filters 4",
    ],
)
def test_a_training_imports_no_compiler(flags: str, tmp_path: object) -> None:
    sizes = "--iterations 1 --training.eval_tasks 2 --training.test_tasks 2 --training.meta_batch 2"
    program = (
        "import sys; from workbench.start.main import main; main(sys.argv[1:]);"
        "print([name for name in sys.modules if name.startswith('torch._dynamo')])"
    )
    command = [sys.executable, "-c", program, "train", *flags.split(), *sizes.split()]
    done = subprocess.run(
        [*command, "--run-dir", f"{tmp_path}/run"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
