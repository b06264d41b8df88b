"""Faults in one sentence: no allocator's line, no error number, nothing that moves a cursor."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.core.errors import BadInput
from workbench.experiments.sentences import is_out_of_memory, sentence

CUDA = (
    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 8.00 GiB of "
    "which 6.00 GiB is free."
)


def raised_by(allocate: object) -> BaseException:
    with pytest.raises((RuntimeError, MemoryError)) as found:
        allocate()  # type: ignore[operator]
    return found.value


@pytest.mark.parametrize(
    ("allocate", "size"),
    [
        (lambda: torch.empty(10**7, 10**6), "40,000 GB"),
        (lambda: np.empty((10**7, 10**7)), "800,"),
    ],
    ids=["torch", "numpy"],
)
def test_want_of_memory_names_the_size_and_what_to_lower(allocate: object, size: str) -> None:
    told = sentence(raised_by(allocate))
    assert told.startswith(f"out of memory: this machine cannot give {size}")
    assert "Lower training.meta_batch, algorithm.inner_steps" in told
    assert "alloc" not in told


def small() -> None:
    raise RuntimeError(
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 48 bytes."
    )


@pytest.mark.parametrize(
    "allocate", [lambda: bytearray(2**60), lambda: torch.zeros(10**10, 10**10), small]
)
def test_where_no_size_is_named_or_a_small_one_there_is_no_more(allocate: object) -> None:
    told = sentence(raised_by(allocate))
    assert told.startswith("out of memory: this machine has no more to give. Lower training.")


def test_want_of_the_gpus_memory_is_told_apart() -> None:
    told = sentence(torch.OutOfMemoryError(CUDA))
    assert told.startswith("out of memory: the GPU cannot give 21 GB at once. Lower")


def test_other_faults_name_their_kind_or_file() -> None:
    assert sentence(ValueError("a\nb")) == "ValueError: a\\nb"
    assert sentence(KeyError()) == "KeyError"
    assert sentence(OSError(28, "No space left on device", "/run/x")) == (
        "/run/x: No space left on device"
    )
    assert sentence(BadInput("field", "is wrong")) == "field: is wrong"
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))
