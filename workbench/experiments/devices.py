"""What computes a training: the CPU, or a GPU that this machine has.

A run keeps what was asked for (``training.device``) and what computed (`Maker.device`). Only the
training itself, with its validations and its test, computes there: tasks are drawn on the CPU,
from the same seeds whatever computes, and checkpoints and the learners of the lab are on the CPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked

DeviceName = Literal["auto", "cpu", "cuda", "mps"]
Device = torch.device
CPU = Device("cpu")
FIELD = "training.device"


def device_of(name: DeviceName) -> torch.device:
    """What computes a training that asks for this.

    Under ``auto`` that is never Apple's GPU: the engine differentiates twice through vmap, which
    nobody has tried there.

    Raises `BadInput` at the field for a device that this machine has not.
    """
    for problem in problems(name):
        raise problem
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


def problems(name: DeviceName) -> Iterator[BadInput]:
    """Why this cannot be computed on here."""
    if name == "cuda" and not torch.cuda.is_available():
        yield _refusal(_no_cuda())
    elif name == "mps" and not torch.backends.mps.is_available():
        yield _refusal(marked("asks for the GPU of an Apple computer, and here is none"))


def described(device: torch.device) -> str:
    """A device and its make: of a CPU the instructions that torch uses, of a GPU its name."""
    if device.type == "cpu":
        return f"cpu {torch.backends.cpu.get_cpu_capability()}"
    if device.type == "cuda":
        return f"cuda {torch.cuda.get_device_name(device)}"
    return device.type


def moved_to(device: torch.device, weights: Weights) -> Weights:
    """The tensors on that device; those that are there already are the same ones."""
    return {name: tensor.to(device) for name, tensor in weights.items()}


def _no_cuda() -> str:
    if torch.version.cuda is None:
        return marked("asks for a CUDA GPU, and the torch that is installed can use none")
    return marked("asks for a CUDA GPU, and torch finds none on this machine")


def _refusal(problem: str) -> BadInput:
    remedy = marked("Choose auto, which takes what there is, or cpu")
    return BadInput(FIELD, problem, remedy, Mend(FIELD, "auto"))
