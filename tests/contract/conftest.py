"""Every registered algorithm on every registered family, with data made here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import Samples, kinds
from workbench.core.registry import get, names

TRIED_WITH_BOXES = {
    "maml", "fomaml", "reptile", "anil", "transfer", "nearest_neighbour", "random_init",
    "template_matching", "protonet",
}  # fmt: skip
"""One of each way to adapt."""


def case(algorithm: str, family: str, *, deep: bool = False) -> Any:
    marks = pytest.mark.slow if deep else ()
    return pytest.param((algorithm, family), marks=marks, id=f"{family}-{algorithm}")


def cases() -> list[Any]:
    """An algorithm and a family. One family of each kind meets all algorithms.

    Its like meet the plainest algorithm and those that ask for the classes of the data; the other
    pairs are deeper variants, and so are most with boxes, whose scenes are large.
    """
    algorithms = names("algorithm")
    found = [
        case(name, first, deep=first == "boxes" and name not in TRIED_WITH_BOXES)
        for first, *_ in kinds().values()
        for name in algorithms
    ]
    asking = {name for name in algorithms if get("algorithm", name).build.shaped_by_data}
    for _, *others in kinds().values():
        for family in others:
            found += [case(name, family, deep=name not in asking | {"maml"}) for name in algorithms]
    return found


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return Samples(tmp_path_factory.mktemp("samples"))
