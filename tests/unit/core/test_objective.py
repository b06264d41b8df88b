"""Losses and metrics against torch's own, for one task and for stacked tasks."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.task import ProblemSpec

CLASSES = ProblemSpec(CLASSIFICATION, (2,), 4)
VALUES = ProblemSpec(REGRESSION, (2,), 3)


def test_cross_entropy_is_torchs_mean_for_every_task() -> None:
    outputs, targets = torch.randn(5, 6, 4), torch.randint(4, (5, 6))
    losses = CLASSES.objective.loss(outputs, targets)
    expected = [F.cross_entropy(o, t) for o, t in zip(outputs, targets, strict=True)]
    assert torch.allclose(losses, torch.stack(expected))
    assert torch.allclose(CLASSES.objective.loss(outputs[2], targets[2]), expected[2])


def test_squared_error_is_torchs_mean_for_every_task() -> None:
    outputs, targets = torch.randn(5, 6, 3), torch.randn(5, 6, 3)
    losses = VALUES.objective.loss(outputs, targets)
    expected = [F.mse_loss(o, t) for o, t in zip(outputs, targets, strict=True)]
    assert torch.allclose(losses, torch.stack(expected))


def test_accuracy_counts_the_right_ones() -> None:
    outputs = torch.eye(4)[torch.tensor([[0, 1, 2, 3], [0, 0, 0, 0]])]
    accuracy = CLASSES.objective.metric(outputs, torch.tensor([[0, 1, 2, 0], [1, 1, 1, 0]]))
    assert accuracy.tolist() == [0.75, 0.25]
