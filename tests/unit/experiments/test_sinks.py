"""Every sink is handed what the reader is told; one that fails is let go, and the run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import tiny_config, training
from workbench.cli.output import Progress
from workbench.core.events import Evaluated, Event, Finished, Noticed, Reason, StepDone
from workbench.experiments import sinks
from workbench.experiments.runner import Runner
from workbench.experiments.sinks import Queue, RunOnDisk, Sink, Sinks
from workbench.experiments.store import open_run


class Full:
    """Writes each event to a disk that is full: `/dev/full` takes nothing once it is flushed."""

    title = "The full disk"

    def __init__(self, from_iteration: int = 0) -> None:
        self._file = Path("/dev/full").open("w")  # noqa: SIM115
        self._from = from_iteration
        self.taken = 0
        self.closed = 0

    def take(self, event: Event) -> None:
        if getattr(event, "iteration", 0) >= self._from:
            self._file.write(repr(event))
            self._file.flush()
        self.taken += 1

    def close(self) -> None:
        self.closed += 1
        self._file.close()


def test_the_meter_the_record_and_the_queue_are_sinks(tmp_path: Path) -> None:
    made = training(tiny_config(), tmp_path / "run")
    with Progress(made.config) as progress:
        kinds: list[Sink] = [progress, RunOnDisk(made.run), Queue[Event]()]
    assert [kind.title for kind in kinds] == ["The terminal", "The record", "The window"]
    made.run.release()


def test_a_sink_is_handed_what_the_reader_is_told(tmp_path: Path) -> None:
    made, queue = training(tiny_config(), tmp_path / "run"), Queue[Event]()
    made.sinks.add(queue)
    seen = list[Event]()
    for event in made.events():
        seen.append(event)
        assert queue.drain() == [event]  # before the reader has it
    assert sum(isinstance(event, StepDone) for event in seen) == 6


def test_the_terminal_is_fed_by_the_training_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = training(tiny_config(), tmp_path / "run")
    made.sinks.add(Progress(made.config))
    list(made.events())
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("validation mse") == 3 and "test mse" in said.err


@pytest.mark.parametrize("at", [0, 4])
def test_a_sink_that_fails_is_said_once_and_the_run_is_the_same(tmp_path: Path, at: int) -> None:
    list(training(tiny_config(), tmp_path / "alone").events())
    made, full, queue = training(tiny_config(), tmp_path / "run"), Full(at), Queue[Event]()
    made.sinks.add(full)
    made.sinks.add(queue)
    seen = list(made.events())
    assert seen == queue.drain() and seen[-1] == Finished(Reason.COMPLETED, 6)
    (said,) = [event for event in seen if isinstance(event, Noticed)]
    assert said.iteration == at and "The full disk takes no more of this run: " in said.message
    assert "No space left on device" in said.message
    assert full.closed == 1
    alone, kept = (open_run(tmp_path / name) for name in ("alone", "run"))
    assert [_values(line) for line in alone.events()] == [_values(line) for line in kept.events()]
    weights = [run.load_checkpoint().weights for run in (alone, kept)]
    assert all(weights[0][name].equal(weights[1][name]) for name in weights[0])


def _values(line: dict[str, object]) -> dict[str, object]:
    """Without what differs between two runs of the same."""
    return {name: value for name, value in line.items() if name not in ("seconds", "path")}


def test_one_that_fails_at_the_end_is_said_before_the_end(tmp_path: Path) -> None:
    class Late(Full):
        def take(self, event: Event) -> None:
            if isinstance(event, Finished):
                super().take(event)

    made = training(tiny_config(), tmp_path / "run")
    made.sinks.add(Late())
    *_, said, last = made.events()
    assert isinstance(said, Noticed) and "The full disk" in said.message
    assert last == Finished(Reason.COMPLETED, 6)


def test_one_that_cannot_be_closed_holds_nobody_up(tmp_path: Path) -> None:
    class Stuck(Queue[Event]):
        def close(self) -> None:
            raise OSError(5, "Input/output error")

    made, full = training(tiny_config(), tmp_path / "run"), Full(1000)
    made.sinks.add(full)
    made.sinks.add(Stuck())
    assert list(made.events())[-1] == Finished(Reason.COMPLETED, 6)
    assert full.closed == 1 and not open_run(tmp_path / "run").is_written


def test_two_that_fail_at_once_are_both_said() -> None:
    handed = Sinks(Queue[Event]())
    handed.add(Full())
    handed.add(Full())
    event = Evaluated(3, None, best=True)  # type: ignore[arg-type]
    *said, last = handed.told(event)
    assert last is event and [type(one) for one in said] == [Noticed, Noticed]
    handed.close()


def test_the_record_must_not_fail() -> None:
    handed = Sinks(Full())
    with pytest.raises(OSError, match="No space left"):
        list(handed.told(Noticed(0, "")))
    with pytest.raises(OSError, match="No space left"):
        handed.close()


def test_a_queue_that_nobody_drains_keeps_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "MAX_WAITING", 10)
    runner = Runner(iter(range(25)))
    runner.start()
    assert runner.join(60)
    assert runner.drain() == list(range(15, 25))
