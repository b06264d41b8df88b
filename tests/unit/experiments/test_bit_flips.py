"""Every single bit of a checkpoint and of the metrics, flipped: each flip is noticed.

All files of a whole run: `benchmarks/bit_flips.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, Finished, Reason, StepDone
from workbench.core.sealed import read_sealed, write_sealed
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.record import codec
from workbench.experiments.record.metrics import MetricsLog, read_metrics

SECONDS = 9.007199254740993
"""Of as many digits as a number may need."""
CURVE = Curve("mse", "val", 5, False, (3e-05, SECONDS), (0.2, 0.1), (3.0, 1e22), (2.0, 5.0))


def flipped(file: Path) -> Iterator[int]:
    """The file with one bit after the other flipped; whole again at the end."""
    good = file.read_bytes()
    for bit in range(8 * len(good)):
        broken = bytearray(good)
        broken[bit // 8] ^= 1 << (bit % 8)
        file.write_bytes(broken)
        yield bit
    file.write_bytes(good)


@pytest.fixture
def sidecar(tmp_path: Path) -> Path:
    state = Checkpoint({}, 4, 9e-05, {"w": torch.ones(1)}, {}, None, 3)
    return checkpoints.write(tmp_path, state)


@pytest.mark.parametrize("ending", [".json", ".safetensors"])
def test_every_flipped_bit_of_a_checkpoint_is_noticed(sidecar: Path, ending: str) -> None:
    none_is_silent(sidecar, ending)


@pytest.mark.slow
def test_so_is_every_one_of_a_larger_checkpoint(tmp_path: Path) -> None:
    weights, best = torch.tensor([1.0, -2.5e-5]), torch.tensor([0.5, 3.0])
    step = {"w/exp_avg": torch.zeros(2), "w/step": torch.tensor(4.0)}
    config = {"algorithm": {"inner_rate": 1e-05, "name": "é"}}
    state = Checkpoint(config, 4, SECONDS, {"w": weights}, {"w": best}, CURVE, 3, step, "abc")
    none_is_silent(checkpoints.write(tmp_path, state), ".json")


def none_is_silent(sidecar: Path, ending: str) -> None:
    for bit in flipped(sidecar.with_suffix(ending)):
        with pytest.raises(BadInput):
            checkpoints.read(sidecar)
            pytest.fail(f"bit {bit} is silent")
    assert checkpoints.read(sidecar).iteration == 4


STEP = codec.encode(StepDone(1, 0.1, SECONDS, 2e-05, float("nan"), 1e22, 0.001))
SHORT = ({"event": "gap", "lost": 3}, STEP, codec.encode(Finished(Reason.STOPPED, 2, "“}{” here")))
LONG = (*SHORT[:2], codec.encode(Evaluated(1, CURVE, True)), SHORT[2])


@pytest.mark.parametrize("told", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
def test_every_flipped_bit_of_a_line_is_noticed_and_hides_no_other(
    tmp_path: Path, told: tuple[dict[str, Any], ...]
) -> None:
    file = tmp_path / "metrics.jsonl"
    log = MetricsLog(file)
    for line in told:
        log.add(line)
    log.close()
    ends = [n for n, byte in enumerate(file.read_bytes()) if byte == ord("\n")]
    for bit in flipped(file):
        at = sum(end < bit // 8 for end in ends)
        others = [line for place, line in enumerate(told) if place != at]
        found = read_metrics(file)
        assert found.damaged + found.torn >= 1, bit
        assert [line for line in found.lines if line in others] == others, bit
    assert read_metrics(file).damaged == 0


def test_other_ends_of_lines_are_no_damage(tmp_path: Path, sidecar: Path) -> None:
    """As some systems make them when files are copied as text."""
    sidecar.write_bytes(sidecar.read_bytes().replace(b"\n", b"\r\n"))
    assert checkpoints.read(sidecar).iteration == 4
    file = tmp_path / "metrics.jsonl"
    log = MetricsLog(file)
    log.add({"event": "gap", "lost": 3})
    log.close()
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert (read_metrics(file).damaged, len(read_metrics(file).lines)) == (0, 1)


def test_a_digit_too_many_is_noticed(tmp_path: Path) -> None:
    """Two texts of seventeen digits may be one number: the values alone do not tell."""
    file = tmp_path / "sealed.json"
    write_sealed(file, {"value": SECONDS})
    other = "9.0071992547409931"
    assert float(other) == SECONDS
    file.write_text(file.read_text().replace(str(SECONDS), other))
    with pytest.raises(BadInput, match="its text is not what was written"):
        read_sealed(file)
