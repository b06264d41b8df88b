"""A model that keeps weights out of the inner loop, with methods that move all of them."""

from __future__ import annotations

import pytest

from tests.tiny import tiny_config
from workbench.core.errors import BadInput

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


def test_the_others_take_it() -> None:
    for algorithm in ("maml", "fomaml", "anil"):
        tiny_config(**SCENES, algorithm={"name": algorithm})
