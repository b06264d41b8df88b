"""What the parts of a training cost on this machine, each taken once; `total` adds them up."""

from __future__ import annotations

from pydantic import Field

from workbench.core.strict import Strict


class Stretch(Strict):
    """Outer steps that cost the same, from the ``begins``-th of a training on."""

    begins: int = Field(ge=0)
    seconds: float = Field(ge=0)
    """From one step to the next, with what is recorded of it."""
    counted: float = Field(ge=0)
    """Of these, what ``training.seconds`` counts."""


class Measured(Strict):
    """All in seconds but the memory."""

    preparation: float = Field(ge=0)
    """Of the data, by a process that has just started."""
    first: float = Field(ge=0)
    """What the first training of a process takes longer: imports, kernels read from the disk."""
    begin: float = Field(ge=0)
    """Of every training before its first validation."""
    stretches: list[Stretch]
    """In the order in which they come; none for what does not train."""
    validation: float = Field(ge=0)
    """Of one task."""
    test: float = Field(ge=0)
    """Of one task."""
    checkpoint: float = Field(ge=0)
    memory: int = Field(ge=0)
    """Bytes that a process which does this training alone holds at most; 0 where nobody counts."""
