"""Sizes that the data cannot give are refused at the field, with a number that would work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.tasks.conftest import Prepare
from workbench.core.errors import BadInput


def refusal(prepare: Prepare, tree: Path, **values: object) -> BadInput:
    with pytest.raises(BadInput) as caught:
        prepare("image_folder", root=tree, **{"ways": 2, "shots": 1, "queries": 1, **values})
    return caught.value


def test_more_ways_than_the_smallest_split_has_classes(prepare: Prepare, tree: Path) -> None:
    fault = refusal(prepare, tree, ways=14)
    assert fault.where == "task.ways" and "40 classes" in fault.problem
    assert prepare("image_folder", root=tree, ways=_number(fault.remedy), queries=1)


@pytest.mark.parametrize(
    ("shots", "queries", "where"), [(1, 8, "queries"), (8, 1, "shots"), (100, 100, "shots")]
)
def test_more_images_than_the_smallest_class_has(
    prepare: Prepare, tree: Path, shots: int, queries: int, where: str
) -> None:
    fault = refusal(prepare, tree, shots=shots, queries=queries)
    assert fault.where == f"task.{where}" and "0 of the 24 classes" in fault.problem
    assert _number(fault.remedy) == 8


def test_every_image_may_be_used(prepare: Prepare, tree: Path) -> None:
    assert prepare("image_folder", root=tree, ways=8, shots=3, queries=5)


def _number(text: str) -> int:
    found = re.search(r"at most (\d+)", text)
    assert found
    return int(found[1])
