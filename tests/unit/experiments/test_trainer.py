"""Training: what it yields, that it repeats, and that it goes on where it stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config, training
from workbench.core.events import CheckpointSaved, Evaluated, Finished, Noticed, Reason, StepDone
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training
from workbench.start.main import main


def test_a_run_yields_its_life_in_order(tmp_path: Path) -> None:
    events = list(training(tiny_config(), tmp_path / "run").events())
    steps = [event.iteration for event in events if isinstance(event, StepDone)]
    held_out = [(e.iteration, e.curve.split) for e in events if isinstance(e, Evaluated)]
    saved = [event.iteration for event in events if isinstance(event, CheckpointSaved)]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert held_out[:3] == [(0, "val"), (3, "val"), (6, "val")] and held_out[3][1] == "test"
    assert saved == [3, 6]
    assert events[-1] == Finished(Reason.COMPLETED, 6)
    assert sum(isinstance(event, Finished) for event in events) == 1


def test_held_out_curves_show_every_step_with_its_interval(tmp_path: Path) -> None:
    events = list(training(tiny_config(), tmp_path / "run").events())
    curve = next(event.curve for event in events if isinstance(event, Evaluated))
    assert len(curve.mean) == len(curve.ci95) == 3
    assert all(interval > 0 for interval in curve.ci95)


def test_the_record_holds_what_was_yielded(tmp_path: Path) -> None:
    made = training(tiny_config(), tmp_path / "run")
    events = list(made.events())
    recorded = open_run(tmp_path / "run").events()
    losses = [line["query_loss"] for line in recorded if line["event"] == "step"]
    assert losses == [event.query_loss for event in events if isinstance(event, StepDone)]
    result = json.loads((tmp_path / "run" / "result.json").read_text())
    assert result["reason"] == "completed" and result["metrics"]["split"] == "test"


def final_weights(path: Path) -> dict[str, torch.Tensor]:
    return dict(open_run(path).load_checkpoint().weights)


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(first[name], second[name]) for name in first)


def test_the_same_seed_gives_the_same_bits_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        list(training(tiny_config(training={"seed": seed}), tmp_path / name).events())
    a, b, c = (final_weights(tmp_path / name) for name in "abc")
    assert same(a, b) and not same(a, c)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_a_resumed_run_equals_an_unbroken_one_bit_for_bit(tmp_path: Path, optimizer: str) -> None:
    """Train 6 = train 3, save, resume 3; once in a new process."""
    whole = tiny_config(training={"optimizer": optimizer, "schedule": "constant"})
    list(training(whole, tmp_path / "whole").events())
    half = whole.replaced({"training": {"iterations": 3}})
    list(training(half, tmp_path / "half").events())
    command = ["train", "--resume", str(tmp_path / "half"), "--iterations", "6"]
    if optimizer == "adam":
        subprocess.run([sys.executable, "main.py", *command], check=True, capture_output=True)
    else:
        assert main(command) == 0
    assert same(final_weights(tmp_path / "whole"), final_weights(tmp_path / "half"))
    losses = [
        [line["query_loss"] for line in open_run(tmp_path / name).events() if "query_loss" in line]
        for name in ("whole", "half")
    ]
    assert losses[0] == losses[1]


class Clock:
    """Half a second passes whenever the trainer looks, so that every step takes one half."""

    def __init__(self) -> None:
        self._now = 0.0

    def perf_counter(self) -> float:
        self._now += 0.5
        return self._now


TIMED = {"seconds": 3.0, "iterations": 1000, "optimizer": "sgd", "schedule": "linear"}


def test_a_budget_of_seconds_ends_the_run_and_the_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.experiments.trainer.time", Clock())
    config = tiny_config(training={**TIMED, "outer_rate": 0.06})
    events = list(training(config, tmp_path / "run").events())
    steps = [event for event in events if isinstance(event, StepDone)]
    assert [step.seconds for step in steps] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    rates = [step.outer_rate for step in steps]
    assert rates == pytest.approx([0.06, 0.05, 0.04, 0.03, 0.02, 0.01])
    assert events[-1] == Finished(Reason.COMPLETED, 6)
    assert any(isinstance(e, Evaluated) and e.curve.split == "test" for e in events)


def test_a_resumed_run_spends_what_is_left_of_its_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.experiments.trainer.time", Clock())
    config = tiny_config(training=TIMED)
    list(training(config, tmp_path / "whole").events())
    first = training(config, tmp_path / "half")
    for event in first.events():
        if isinstance(event, StepDone) and event.iteration == 2:
            first.request_stop()
    run = open_run(tmp_path / "half")
    second = Training(config, prepared(config), run, resume=run.load_checkpoint())
    steps = [event for event in second.events() if isinstance(event, StepDone)]
    assert [(step.iteration, step.seconds) for step in steps] == [
        (3, 1.5),
        (4, 2.0),
        (5, 2.5),
        (6, 3.0),
    ]
    assert same(final_weights(tmp_path / "whole"), final_weights(tmp_path / "half"))


def test_stop_ends_in_good_order_with_a_checkpoint(tmp_path: Path) -> None:
    made = training(tiny_config(training={"iterations": 10_000}), tmp_path / "run")
    events = []
    for event in made.events():
        events.append(event)
        if isinstance(event, StepDone) and event.iteration == 4:
            made.request_stop()
    assert events[-1] == Finished(Reason.STOPPED, 4)
    assert open_run(tmp_path / "run").load_checkpoint().iteration == 4


def test_divergence_stops_the_run_and_keeps_the_last_good_checkpoint(tmp_path: Path) -> None:
    config = tiny_config(
        algorithm={"inner_rate": 100, "inner_steps": 60}, training={"iterations": 50}
    )
    events = list(training(config, tmp_path / "run").events())
    last = events[-1]
    assert isinstance(last, Finished) and last.reason is Reason.DIVERGED
    assert "α = 100" in last.error
    assert not any(isinstance(event, CheckpointSaved) for event in events)
    recorded = open_run(tmp_path / "run").events()
    assert recorded[-1]["reason"] == "diverged"


def test_a_failure_is_the_last_event_and_carries_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = training(tiny_config(), tmp_path / "run")

    def broken(*arguments: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(made.run, "save_checkpoint", broken)
    last = list(made.events())[-1]
    assert isinstance(last, Finished) and last.reason is Reason.FAILED
    assert "the disk is full" in last.error and "save_checkpoint" in last.details


def test_a_snapshot_is_a_copy_that_training_does_not_touch(tmp_path: Path) -> None:
    made = training(tiny_config(), tmp_path / "run")
    events = made.events()
    assert made.snapshot() is None
    next(event for event in events if isinstance(event, StepDone))
    snapshot = made.snapshot()
    assert snapshot is not None and snapshot.iteration == 1
    kept = {name: weight.clone() for name, weight in snapshot.weights.items()}
    list(events)
    assert same(kept, snapshot.weights) and not same(kept, final_weights(tmp_path / "run"))


def test_watching_with_snapshots_does_not_change_what_is_learned(tmp_path: Path) -> None:
    list(training(tiny_config(), tmp_path / "alone").events())
    watched = training(tiny_config(), tmp_path / "watched")
    episode = prepared(tiny_config()).episodes("test", 1, torch.Generator().manual_seed(0))[0]
    for _ in watched.events():
        snapshot = watched.snapshot()
        if snapshot is not None:
            list(snapshot.adapt(episode, 2))
    assert same(final_weights(tmp_path / "alone"), final_weights(tmp_path / "watched"))


def test_the_best_on_validation_is_what_is_tested(tmp_path: Path) -> None:
    config = tiny_config(training={"outer_rate": 0.3, "optimizer": "sgd", "iterations": 9})
    made: Training = training(config, tmp_path / "run")
    events = list(made.events())
    validated = [e for e in events if isinstance(e, Evaluated) and e.curve.split == "val"]
    best = min(validated, key=lambda e: e.curve.after if e.curve.is_finite else float("inf"))
    assert best.best
    assert open_run(tmp_path / "run").load_checkpoint().best_iteration == best.iteration


HOPELESS = {"outer_rate": 1e-30, "eval_interval": 1, "checkpoint_interval": 1}
"""Nothing moves, so that no validation is better than the first."""


def test_a_run_ends_early_when_validation_stands_still(tmp_path: Path) -> None:
    chosen = tiny_config(training={**HOPELESS, "patience": 2})
    events = list(training(chosen, tmp_path / "run").events())
    assert events[-1] == Finished(Reason.COMPLETED, 2)
    said = [event.message for event in events if isinstance(event, Noticed)]
    assert said == ["Ended early: no better validation in the last 2"]
    tested = [e for e in events if isinstance(e, Evaluated) and e.curve.split == "test"]
    assert len(tested) == 1 and tested[0].iteration == 0
    more = chosen.replaced({"training": {"patience": 4}})
    run = Run(tmp_path / "run")
    again = Training(more, prepared(more), run, resume=run.load_checkpoint())
    assert list(again.events())[-1] == Finished(Reason.COMPLETED, 4)


def test_plateaus_lower_the_rate_and_are_remembered_by_a_run_that_goes_on(tmp_path: Path) -> None:
    wanted = {**HOPELESS, "schedule": "plateau", "decay_patience": 2, "decay": 0.1}
    whole = list(training(tiny_config(training=wanted), tmp_path / "whole").events())
    expected = [event.outer_rate for event in whole if isinstance(event, StepDone)]
    assert expected == pytest.approx([1e-30, 1e-30, 1e-31, 1e-31, 1e-32, 1e-32])
    short = tiny_config(training={**wanted, "iterations": 3})
    list(training(short, tmp_path / "parts").events())
    run, longer = Run(tmp_path / "parts"), tiny_config(training=wanted)
    again = Training(longer, prepared(longer), run, resume=run.load_checkpoint())
    rates = [event.outer_rate for event in again.events() if isinstance(event, StepDone)]
    assert rates == expected[3:]


def test_a_run_directory_in_use_is_refused(tmp_path: Path) -> None:
    config: ExperimentConfig = tiny_config()
    Run.create(config, tmp_path / "run")
    with pytest.raises(ValueError, match="is not empty"):
        Run.create(config, tmp_path / "run")


def best_iterations(path: Path, by: str) -> tuple[int, dict[str, int]]:
    """The iteration chosen, and that of the least validation error by each measure."""
    steep = {"inner_rate": 0.3, "test_steps": 3}
    often = {"iterations": 12, "eval_interval": 1, "eval_tasks": 40, "outer_rate": 1e-2}
    made = training(tiny_config(algorithm=steep, training={**often, "select_by": by}), path)
    seen = [e for e in made.events() if isinstance(e, Evaluated) and e.curve.split == "val"]
    least = {
        kind: min(seen, key=lambda e: e.curve.selected(kind)).iteration  # type: ignore[arg-type]
        for kind in ("mean", "median", "trimmed")
    }
    assert any(e.curve.spread[-1].ruled_by == 1 for e in seen)
    return made.result(seen[-1])["best_iteration"], least


def test_weights_are_chosen_by_the_measure_asked_for(tmp_path: Path) -> None:
    """At this inner rate one validation task of 40 rules a mean."""
    by_mean, least = best_iterations(tmp_path / "mean", "mean")
    by_median, again = best_iterations(tmp_path / "median", "median")
    assert least == again and least["mean"] != least["median"]
    assert (by_mean, by_median) == (least["mean"], least["median"])
