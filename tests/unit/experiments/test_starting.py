"""Weights made elsewhere are matched by name and shape, and nothing of a file is run."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.tiny import prepared, tiny_config, training
from workbench.cli.app import main
from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.experiments.session import untrained
from workbench.experiments.starting import read_start
from workbench.experiments.store import Run


@pytest.fixture
def initial() -> Weights:
    config = tiny_config()
    learner = untrained(config, prepared(config))
    learner.algorithm.close()
    return learner.weights


def other(initial: Weights) -> Weights:
    return {name: torch.full_like(weight, 0.5) for name, weight in initial.items()}


def test_safetensors_fit_by_name(initial: Weights, tmp_path: Path) -> None:
    save_file(other(initial), tmp_path / "w.safetensors")
    start = read_start(tmp_path / "w.safetensors", initial)
    assert all(bool((weight == 0.5).all()) for weight in start.weights.values())
    assert not start.missing
    assert not start.unused


@pytest.mark.parametrize("wrapper", ["module.", "model.net.", ""])
@pytest.mark.parametrize("nested", [False, True])
def test_a_state_dict_of_torch_with_the_names_of_its_wrapper(
    initial: Weights, tmp_path: Path, wrapper: str, nested: bool
) -> None:
    """Also where it stands beside other things, as a trainer's checkpoint has it."""
    state = {wrapper + name: weight for name, weight in other(initial).items()}
    file = tmp_path / "w.pt"
    torch.save({"epoch": 3, "state_dict": state} if nested else state, file)
    start = read_start(file, initial)
    assert start.taken == tuple(initial)
    assert not start.unused


def test_another_run(tmp_path: Path, initial: Weights) -> None:
    for _ in training(tiny_config(), tmp_path / "run").events():
        pass
    start = read_start(tmp_path / "run", initial)
    assert start.taken == tuple(initial)
    assert any(not torch.equal(start.weights[name], initial[name]) for name in initial)


def test_what_is_missing_or_of_another_shape_starts_anew_and_is_told(
    initial: Weights, tmp_path: Path
) -> None:
    given = other(initial)
    given["head.weight"] = torch.zeros(7, 7)
    del given["head.bias"]
    given["extra"] = torch.zeros(2)
    save_file(given, tmp_path / "w.safetensors")
    start = read_start(tmp_path / "w.safetensors", initial)
    assert start.missing == ("head.weight", "head.bias")
    assert set(start.unused) == {"head.weight", "extra"}
    assert torch.equal(start.weights["head.weight"], initial["head.weight"])
    told = start.told
    assert f"4 of 6 tensors come from {tmp_path}" in told
    assert "head.weight, head.bias start anew" in told


def test_weights_of_another_model_are_refused_with_both_shapes(
    initial: Weights, tmp_path: Path
) -> None:
    save_file({"conv.weight": torch.zeros(3, 3)}, tmp_path / "w.safetensors")
    with pytest.raises(BadInput, match=r"conv\.weight \(3, 3\).*hidden1\.weight \(8, 1\)"):
        read_start(tmp_path / "w.safetensors", initial)


def test_numbers_that_are_not_finite_are_refused(initial: Weights, tmp_path: Path) -> None:
    given = other(initial)
    given["head.bias"] = torch.full_like(given["head.bias"], torch.nan)
    save_file(given, tmp_path / "w.safetensors")
    with pytest.raises(BadInput, match=r"head\.bias holds numbers that are not finite"):
        read_start(tmp_path / "w.safetensors", initial)


class Attack:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_names_code_is_refused_and_not_run(
    initial: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare.pt").write_bytes(pickle.dumps(Attack(), protocol))
    torch.save({"w": torch.zeros(1), "x": Attack()}, tmp_path / "zip.pt")
    for name in ("bare.pt", "zip.pt"):
        with pytest.raises(BadInput, match="nothing of it was run"):
            read_start(tmp_path / name, initial)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("data", [b"", b"\x80", b"PK\x03\x04", b"no tensors"])
def test_what_is_no_such_file_is_said(initial: Weights, tmp_path: Path, data: bytes) -> None:
    for name in ("w.pt", "w.safetensors"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadInput):
            read_start(tmp_path / name, initial)


def test_a_file_that_is_not_there(initial: Weights, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.pt"):
        read_start(tmp_path / "nothing.pt", initial)


def test_a_training_begins_with_them_and_its_record_says_so(
    initial: Weights, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an outer step of nearly nothing the weights stay what they were brought as."""
    save_file(other(initial), tmp_path / "w.safetensors")
    config = tmp_path / "config.json"
    still = tiny_config(training={"outer_rate": 1e-12, "iterations": 1})
    config.write_text(json.dumps(still.to_json()))
    words = ["train", "--config", str(config), "--weights", str(tmp_path / "w.safetensors")]
    assert main([*words, "--run-dir", str(tmp_path / "run")]) == 0
    run = Run(tmp_path / "run")
    for weight in run.load_checkpoint().weights.values():
        torch.testing.assert_close(weight, torch.full_like(weight, 0.5))
    assert run.facts().weights_from.endswith("w.safetensors")
    capsys.readouterr()
    assert main(["runs", "show", str(run.path)]) == 0
    assert "began with the weights of" in capsys.readouterr().out


def test_a_run_that_goes_on_takes_no_other_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in training(tiny_config(), tmp_path / "run").events():
        pass
    words = ["train", "--resume", str(tmp_path / "run"), "--weights", str(tmp_path / "run")]
    assert main(words) == 2
    assert "a run that goes on has weights of its own" in capsys.readouterr().err


def test_weights_that_fit_nothing_leave_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_file({"conv.weight": torch.zeros(3, 3)}, tmp_path / "w.safetensors")
    words = ["train", "--preset", "sinusoid", "--weights", str(tmp_path / "w.safetensors")]
    assert main([*words, "--run-dir", str(tmp_path / "run")]) == 2
    assert "has none of this learner's tensors" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
