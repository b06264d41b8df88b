"""Smoothed labels and classes that count alike, held against torch and against plain means."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.objective import CLASSIFICATION, AdjustedClassification
from workbench.experiments.session import untrained


def drawn(tasks: int = 3, items: int = 7, ways: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    draws = torch.Generator().manual_seed(0)
    outputs = torch.randn(tasks, items, ways, generator=draws, dtype=torch.float64)
    return outputs, torch.randint(ways, (tasks, items), generator=draws)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.7])
def test_smoothing_is_torchs(smoothing: float) -> None:
    outputs, targets = drawn()
    ours = AdjustedClassification(smoothing, False).loss(outputs, targets)
    for task in range(len(outputs)):
        theirs = F.cross_entropy(outputs[task], targets[task], label_smoothing=smoothing)
        torch.testing.assert_close(ours[task], theirs)


def test_balanced_is_the_mean_over_the_classes_that_are_there() -> None:
    outputs, _ = drawn()
    targets = torch.tensor([[0, 0, 0, 0, 0, 1, 2], [1, 1, 1, 3, 3, 3, 3], [2] * 7])
    ours = AdjustedClassification(0.0, True).loss(outputs, targets)
    plain = CLASSIFICATION.item_losses(outputs, targets)
    for task in range(3):
        classes = targets[task].unique()
        means = [plain[task][targets[task] == label].mean() for label in classes]
        torch.testing.assert_close(ours[task], torch.stack(means).mean())


def test_balanced_changes_nothing_in_a_balanced_set() -> None:
    outputs, _ = drawn(items=8)
    targets = torch.arange(4).repeat(3, 2)
    ours = AdjustedClassification(0.2, True).loss(outputs, targets)
    torch.testing.assert_close(ours, AdjustedClassification(0.2, False).loss(outputs, targets))


def glyphs(**asked: object) -> dict[str, dict[str, object]]:
    return {
        "task": {"name": "glyphs", "ways": 3, "shots": 1, "queries": 2},
        "model": {"name": "conv4", "filters": 4},
        "training": {"iterations": 1, "workers": 1, **asked},
    }


def test_inner_loop_and_training_use_it(tmp_path: Path) -> None:
    config = tiny_config(**glyphs(label_smoothing=0.3, class_weights="balanced"))
    family = prepared(config)
    learner, plain = untrained(config, family), untrained(tiny_config(**glyphs()), family)
    episode = family.draw("test", 0).episode()
    (_, smoothed), (_, usual) = list(learner.adapt(episode, 1)), list(plain.adapt(episode, 1))
    assert not torch.equal(smoothed.query_outputs, usual.query_outputs)
    events = list(training(config, tmp_path / "run").events())
    assert isinstance(events[-1], Finished) and events[-1].reason is Reason.COMPLETED


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"label_smoothing": 0.1}, "training.label_smoothing"),
        ({"class_weights": "balanced"}, "training.class_weights"),
    ],
)
def test_values_have_no_classes(asked: dict[str, object], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        tiny_config(training=asked)
    assert caught.value.where == where
