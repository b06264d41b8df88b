"""AP50 and mean IoU against a second implementation, written as the definitions read."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from workbench.core.box_geometry import generalized_iou, iou
from workbench.core.detection import Detection, cells_of
from workbench.core.seeds import generator

CELLS = 9
Box = list[float]


def shared(one: Box, other: Box) -> float:
    """Intersection over union, edge by edge."""
    sides = []
    for at in (0, 1):
        low = max(one[at] - one[at + 2] / 2, other[at] - other[at + 2] / 2)
        high = min(one[at] + one[at + 2] / 2, other[at] + other[at + 2] / 2)
        sides.append(max(high - low, 0.0))
    both = sides[0] * sides[1]
    return both / (one[2] * one[3] + other[2] * other[3] - both + 1e-9)


def kept(scene: list[list[float]]) -> list[list[float]]:
    """The strongest twenty, less those that a stronger one of them covers."""
    found: list[list[float]] = []
    for cell in sorted(scene, key=lambda c: -c[0])[:20]:
        if all(shared(cell[1:], other[1:]) <= 0.5 for other in found):
            found.append(cell)
    return found


def precision_by_hand(told: list[list[list[float]]], truth: list[list[Box]]) -> float:
    """COCO's: each found box takes the free annotated one it shares most with, if that is half."""
    judged, total = list[tuple[float, bool]](), sum(map(len, truth))
    for scene, boxes in zip(told, truth, strict=True):
        free = list(boxes)
        for cell in kept(scene):
            best = max(free, key=lambda box: shared(cell[1:], box), default=None)
            right = best is not None and shared(cell[1:], best) >= 0.5
            if right:
                free.remove(best)
            judged.append((cell[0], right))
    judged.sort(key=lambda one: -one[0])
    points, right = list[tuple[float, float]](), 0
    for rank, (_, hit) in enumerate(judged, 1):
        right += hit
        points.append((right / max(total, 1), right / rank))
    reads = [max((p for r, p in points if r >= at / 100 - 1e-9), default=0.0) for at in range(101)]
    return sum(reads) / 101


def overlap_by_hand(told: list[list[list[float]]], truth: list[list[Box]]) -> float:
    total = 0.0
    for scene, boxes in zip(told, truth, strict=True):
        free = list(boxes)
        for cell in kept(scene)[: len(boxes)]:
            best = max(free, key=lambda box: shared(cell[1:], box), default=None)
            if best is not None and shared(cell[1:], best) > 0:
                free.remove(best)
                total += shared(cell[1:], best)
    return total / max(sum(map(len, truth)), 1)


def scenes(seed: int) -> tuple[Tensor, Tensor]:
    """Outputs and targets ``[3, cells * 5]``; some boxes are found almost as they are."""
    draws = generator(seed, "scenes")
    told = torch.rand(3, CELLS, 5, generator=draws)
    truth = torch.rand(3, CELLS, 5, generator=draws)
    for cells in (told, truth):
        cells[..., 3:] = 0.1 + 0.4 * cells[..., 3:]
    truth[..., 0] = (truth[..., 0] < 0.25).float()
    near = torch.rand(3, CELLS, generator=draws) < 0.6
    moved = truth[..., 1:] + 0.03 * torch.randn(3, CELLS, 4, generator=draws)
    told[..., 1:][near] = moved[near].clamp(0.01, 1)
    told[..., 0] = torch.randn(3, CELLS, generator=draws) + 2 * truth[..., 0]
    return told.flatten(-2), truth.flatten(-2)


def lists(told: Tensor, truth: Tensor) -> tuple[list[list[list[float]]], list[list[Box]]]:
    boxes = [[row[1:] for row in scene if row[0] > 0.5] for scene in cells_of(truth).tolist()]
    return cells_of(told).tolist(), boxes


def test_both_metrics_are_those_of_a_second_implementation_on_1000_random_cases() -> None:
    told, truth = (
        torch.stack(part).double() for part in zip(*map(scenes, range(1000)), strict=True)
    )
    ap, overlap = Detection("ap50").metric(told, truth), Detection("mean_iou").metric(told, truth)
    assert 0.1 < float(ap.mean()) < 0.9 and float(ap.std()) > 0.1  # the cases are of all sorts
    for at in range(1000):
        found = lists(told[at], truth[at])
        assert float(ap[at]) == pytest.approx(precision_by_hand(*found), abs=1e-6), at
        assert float(overlap[at]) == pytest.approx(overlap_by_hand(*found), abs=1e-6), at


@pytest.mark.parametrize("judged", ["ap50", "mean_iou"])
def test_the_truth_scores_one_and_nothing_found_scores_nothing(judged: str) -> None:
    far = torch.tensor([[0.2, 0.2, 0.2, 0.3], [0.8, 0.7, 0.3, 0.2], [0.3, 0.8, 0.1, 0.1]])
    truth = torch.zeros(2, CELLS, 5)
    truth[0, :2, 0], truth[0, :2, 1:] = 1, far[:2]
    truth[1, 5, 0], truth[1, 5, 1:] = 1, far[2]
    objective = Detection(judged)  # type: ignore[arg-type]
    assert float(objective.metric(truth.flatten(-2), truth.flatten(-2))) == 1
    nothing = truth.clone()
    nothing[..., 1:] = torch.tensor([0.95, 0.05, 0.02, 0.02])
    assert float(objective.metric(nothing.flatten(-2), truth.flatten(-2))) == 0


def test_a_box_that_is_told_twice_counts_once() -> None:
    box = torch.tensor([0.5, 0.5, 0.3, 0.3])
    truth = torch.zeros(1, CELLS, 5)
    truth[0, 0, 0], truth[0, 0, 1:] = 1, box
    told = torch.full((1, CELLS, 5), -9.0)
    told[..., 1:] = torch.tensor([0.1, 0.1, 0.05, 0.05])
    for at, score in enumerate((3.0, 2.0)):
        told[0, at, 0], told[0, at, 1:] = score, box
    assert float(Detection().metric(told.flatten(-2), truth.flatten(-2))) == 1


def test_generalized_iou_falls_with_the_distance_of_boxes_that_share_nothing() -> None:
    one = torch.tensor([0.2, 0.5, 0.2, 0.2])
    places = [0.2, 0.25, 0.45, 0.6, 0.9]
    found = [float(generalized_iou(one, torch.tensor([x, 0.5, 0.2, 0.2]))) for x in places]
    assert found[0] == pytest.approx(1, abs=1e-4) and found == sorted(found, reverse=True)
    assert found[-1] < 0
    assert float(iou(one, torch.tensor([0.3, 0.5, 0.2, 0.2]))) == pytest.approx(1 / 3, abs=1e-4)


def test_the_loss_is_least_at_the_truth_and_has_a_second_derivative() -> None:
    told, truth = (part.double() for part in scenes(1))
    objective, sure = Detection(), truth.clone()
    sure.view(3, CELLS, 5)[..., 0] = 40 * sure.view(3, CELLS, 5)[..., 0] - 20
    assert float(objective.loss(sure, truth)) < 1e-3 < float(objective.loss(told, truth))
    assert torch.autograd.gradgradcheck(
        lambda values: objective.item_losses(values, truth), told.requires_grad_()
    )
