"""What was measured of the parts, added up as often as a training does each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tiny import tiny_config
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.measured import Measured, Stretch
from workbench.experiments.forecast.stretches import stretches
from workbench.experiments.forecast.total import total
from workbench.experiments.forecast.words import in_words


def measured(*steps: Stretch) -> Measured:
    return Measured(
        preparation=7.0,
        first=2.0,
        begin=0.5,
        stretches=list(steps),
        validation=0.01,
        test=0.02,
        checkpoint=0.25,
        memory=600_000_000,
    )


STEP = Stretch(begins=0, seconds=0.125, counted=0.1)


def config(**training: Any) -> ExperimentConfig:
    lengths = {"iterations": 100, "eval_interval": 30, "eval_tasks": 50, "test_tasks": 200}
    return tiny_config(training={**lengths, "checkpoint_interval": 40, **training})


def test_every_part_is_counted_as_often_as_it_comes() -> None:
    """Validations before the first step, at 30, 60, 90 and 100; checkpoints at 40, 80 and 100."""
    told = total(config(), measured(STEP))
    assert told.parts == {
        "preparation": 7.0,
        "start": 2.5,
        "steps": 12.5,
        "validation": pytest.approx(5 * 50 * 0.01),
        "test": 4.0,
        "checkpoints": 0.75,
    }
    assert told.seconds == pytest.approx(29.25)
    assert (told.memory, told.at_most) == (600_000_000, False)


def test_an_end_on_an_interval_is_validated_and_kept_once() -> None:
    told = total(config(eval_interval=50, checkpoint_interval=50), measured(STEP))
    assert (told.validations, told.checkpoints) == (3, 0.5)


def test_what_is_at_hand_is_not_counted() -> None:
    told = total(config(), measured(STEP), prepared=True, warm=True)
    assert (told.preparation, told.start) == (0.0, 0.5)


def test_seconds_end_a_training_by_what_they_count() -> None:
    """3 s of steps that count 0.1 s each are 30 steps, which take 0.125 s; one more warms up."""
    told = total(config(seconds=3.0), measured(STEP))
    assert (told.iterations, told.steps) == (30, pytest.approx(30 * 0.125))
    assert told.start == 2.5 + 0.125
    assert total(config(seconds=60.0), measured(STEP)).iterations == 100


def test_each_stretch_costs_its_own() -> None:
    cheap, dear = STEP, Stretch(begins=80, seconds=0.5, counted=0.5)
    told = total(config(), measured(cheap, dear))
    assert told.steps == pytest.approx(80 * 0.125 + 20 * 0.5)
    assert total(config(iterations=60), measured(cheap, dear)).steps == 60 * 0.125
    assert total(config(seconds=9.0), measured(cheap, dear)).iterations == 80 + 2


def test_patience_can_only_end_it_earlier() -> None:
    told = total(config(patience=2), measured(STEP))
    assert told.at_most and told.seconds == total(config(), measured(STEP)).seconds


def test_what_does_not_train_is_measured_once() -> None:
    told = total(config(), measured())
    assert (told.iterations, told.steps, told.validations, told.checkpoints) == (0, 0.0, 1, 0.25)


def test_maml_plus_plus_changes_with_its_epochs() -> None:
    own = {"name": "maml_plus_plus", "epoch": 10, "first_order_epochs": 3, "multi_step_epochs": 5}
    found = stretches(tiny_config(algorithm=own))
    kinds = [
        (begins, one.algorithm.first_order_epochs > 0, one.algorithm.multi_step_loss)
        for begins, one in found
    ]
    assert kinds == [(0, True, True), (30, False, True), (50, False, False)]
    assert all(one.algorithm.epoch >= 1_000_000 for _, one in found)
    assert [begins for begins, _ in stretches(tiny_config())] == [0]
    assert stretches(tiny_config(algorithm={"name": "random_init"})) == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.21, "0.2 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (161, "2 min 40 s"),
        (598, "10 min"),
        (3595, "1 h 00 min"),
        (11_100, "3 h 05 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_time_is_said_no_more_exactly_than_it_is_known(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
