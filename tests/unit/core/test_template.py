"""Template matching against the correlation as its definition reads, and what it finds."""

from __future__ import annotations

import pytest
import torch

from workbench.core.detection import Detection
from workbench.core.seeds import generator
from workbench.core.template import Slid, random_boxes, template_boxes


def test_the_correlation_is_that_of_its_definition() -> None:
    scenes = torch.rand(2, 3, 20, 20, generator=generator(0, "scenes"))
    crop = torch.rand(3, 5, 7, generator=generator(1, "crop"))
    found = Slid(scenes).correlation(crop)
    assert found.shape == (2, 16, 14)
    for row, column in ((0, 0), (15, 13), (4, 9)):
        place = scenes[1, :, row : row + 5, column : column + 7].flatten()
        stacked = torch.stack([place, crop.flatten()])
        own = float(torch.corrcoef(stacked)[0, 1])
        assert float(found[1, row, column]) == pytest.approx(own, abs=1e-5)


def test_a_thing_that_lies_elsewhere_as_it_is_is_found_and_an_even_scene_gives_no_nan() -> None:
    thing = torch.rand(1, 12, 14, generator=generator(0, "thing"))
    support, query = torch.zeros(1, 1, 64, 64), torch.zeros(3, 1, 64, 64)
    support[0, :, 10:22, 20:34] = thing
    query[0, :, 40:52, 5:19] = 0.5 * thing + 0.2
    query[1, :, 1:13, 49:63] = thing
    y, truth = torch.zeros(1, 64, 5), torch.zeros(3, 64, 5)
    y[0, 0] = torch.tensor([1, 27 / 64, 16 / 64, 14 / 64, 12 / 64])
    truth[0, 0] = torch.tensor([1, 12 / 64, 46 / 64, 14 / 64, 12 / 64])
    truth[1, 0] = torch.tensor([1, 56 / 64, 7 / 64, 14 / 64, 12 / 64])
    told = template_boxes(support, y.flatten(-2), query)
    assert torch.isfinite(told).all()
    assert float(Detection().metric(told, truth.flatten(-2))) > 0.99
    assert told.shape == (3, 320)


def test_random_boxes_lie_inside_and_are_as_large_as_those_of_the_support_set() -> None:
    y = torch.zeros(2, 1, 64, 5)
    y[:, 0, 3] = torch.tensor([1, 0.5, 0.5, 0.25, 0.4])
    told = random_boxes(y.flatten(-2), torch.zeros(2, 4, 1, 64, 64))
    boxes = told.view(2, 4, 64, 5)
    assert torch.allclose(boxes[..., 3:], torch.tensor([0.25, 0.4]))
    assert bool((boxes[..., 1:3] - boxes[..., 3:] / 2 >= 0).all())
    assert bool((boxes[..., 1:3] + boxes[..., 3:] / 2 <= 1).all())
