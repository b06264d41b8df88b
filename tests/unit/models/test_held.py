"""A model that keeps weights out of the inner loop, with methods that move all of them."""

from __future__ import annotations

import pytest

from tests.tiny import tiny_config
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.experiments.session import build_algorithm, build_family

SCENES = {"task": {"name": "scenes"}, "model": {"name": "detector"}}


@pytest.mark.parametrize("algorithm", ["reptile", "imaml", "transfer"])
def test_it_is_refused_at_its_field_with_two_ways_out(algorithm: str) -> None:
    with pytest.raises(BadInput, match="moves every weight") as caught:
        tiny_config(**SCENES, algorithm={"name": algorithm})
    assert caught.value.where == "model.adapted"
    assert [(mend.where, mend.value) for mend in caught.value.mends] == [
        ("model.adapted", "all"),
        ("algorithm.name", "maml"),
    ]
    whole = {**SCENES, "model": {"name": "detector", "adapted": "all"}}
    tiny_config(**whole, algorithm={"name": algorithm})


def test_boil_says_that_a_detector_leaves_it_nothing_to_move() -> None:
    config = tiny_config(**SCENES, algorithm={"name": "boil"})
    algorithm = build_algorithm(config, build_family(config))
    with pytest.raises(BadInput, match="adapts the body") as caught:
        algorithm.rule(1)  # type: ignore[attr-defined]
    assert caught.value.mends == (Mend("algorithm.name", "anil"),)


def test_the_others_take_it() -> None:
    for algorithm in ("maml", "fomaml", "anil"):
        tiny_config(**SCENES, algorithm={"name": algorithm})


HEAD = {"head.seen.weight", "head.seen.bias"}
PLACES = {"head.place.weight", "head.place.bias"}


@pytest.mark.parametrize(("adapted", "moved"), [("seen", HEAD), ("last", HEAD | PLACES)])
def test_what_a_detector_lets_the_inner_loop_move(adapted: str, moved: set[str]) -> None:
    model = {"name": "detector", "adapted": adapted}
    config = tiny_config(**{**SCENES, "model": model}, algorithm={"name": "maml"})
    family = build_family(config)
    family.prepare(lambda message, fraction: None)
    algorithm = build_algorithm(config, family)
    episode = family.draw("train", 0).episode()
    before, after = algorithm.path(algorithm.initial(), episode, 1)  # type: ignore[attr-defined]
    others = {name for name in before if name.startswith("block4.")} if adapted == "last" else set()
    assert {name for name in before if not before[name].equal(after[name])} == moved | others
    assert algorithm.engine.head == HEAD  # type: ignore[attr-defined]
