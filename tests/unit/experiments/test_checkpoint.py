"""A checkpoint is read back whole, or refused with the file and the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.sealed import write_sealed
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.session import check_weights, untrained

CURVE = Curve("mse", "val", 5, False, (3.0, 1.0), (0.2, 0.1), (3.0, float("inf")), (2.0, 0.5))


def example() -> Checkpoint:
    return Checkpoint(
        config={"task": {"name": "sinusoid"}},
        iteration=412,
        seconds=1.5,
        weights={"w": torch.randn(3, 2)},
        best_weights={"w": torch.randn(3, 2)},
        best=CURVE,
        best_iteration=400,
        optimizer={"w/exp_avg": torch.randn(3, 2), "w/step": torch.tensor(412.0)},
        data_fingerprint="abc",
    )


def test_it_comes_back_bit_for_bit(tmp_path: Path) -> None:
    made = example()
    read = checkpoints.read(checkpoints.write(tmp_path, made))
    for group in ("weights", "best_weights", "optimizer"):
        before, after = getattr(made, group), getattr(read, group)
        assert before.keys() == after.keys()
        assert all(torch.equal(before[name], after[name]) for name in before)
    assert (read.iteration, read.seconds, read.best) == (412, 1.5, CURVE)
    assert (read.best_iteration, read.config, read.data_fingerprint) == (
        400,
        made.config,
        "abc",
    )


def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    sidecar = checkpoints.write(tmp_path, example())
    file = sidecar.with_suffix(".safetensors")
    good = file.read_bytes()
    for position in range(0, len(good), 7):
        broken = bytearray(good)
        broken[position] ^= 1 << (position % 8)
        file.write_bytes(broken)
        with pytest.raises(BadInput, match="is damaged"):
            checkpoints.read(sidecar)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema_version": 1}', "\x00\xff"])
def test_a_damaged_sidecar_is_refused(tmp_path: Path, text: str) -> None:
    sidecar = checkpoints.write(tmp_path, example())
    sidecar.write_text(text)
    with pytest.raises(BadInput) as caught:
        checkpoints.read(sidecar)
    assert caught.value.where.startswith(str(sidecar))


def test_a_newer_version_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    sidecar = checkpoints.write(tmp_path, example())
    written = sidecar.read_text()
    facts = json.loads(written)
    write_sealed(sidecar, {**facts, "schema_version": 99})
    with pytest.raises(BadInput, match="newer version"):
        checkpoints.read(sidecar)
    sidecar.write_text(written)
    sidecar.with_suffix(".safetensors").unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        checkpoints.read(sidecar)


@pytest.mark.parametrize("name", ["cavia", "meta_curvature"])
def test_a_checkpoint_from_before_a_method_was_changed_is_refused_with_the_reason(
    name: str,
) -> None:
    config = tiny_config(
        task={"name": "glyphs", "ways": 3, "queries": 2},
        model={"name": "conv4", "filters": 4},
        algorithm={"name": name},
    )
    learner = untrained(config, prepared(config))
    newer = ("projection.bias", ".elements")
    old = {n: w for n, w in learner.weights.items() if not n.endswith(newer)}
    with pytest.raises(BadInput, match="fits no more: train it again"):
        check_weights(old, learner.weights, learner.algorithm.older)
