"""What a record says of packages is read for words alone, whatever stands there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tiny import tiny_config
from workbench.core.errors import BadInput
from workbench.experiments import packages
from workbench.experiments.config import ExperimentConfig

HOSTILE = [3, [], None, {"x": 3}, {"x": {}}, {"x": {"parts": 3}}, {"x": {"version": [1]}}, {"": []}]


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_in_it_keeps_a_sound_configuration_out(said: Any) -> None:
    config = tiny_config()
    assert ExperimentConfig.from_json({**config.to_json(), packages.KEY: said}) == config
    assert packages.changed({packages.KEY: said}) == ""


@pytest.mark.parametrize("said", HOSTILE)
def test_a_part_that_is_not_there_is_refused_all_the_same(said: Any) -> None:
    values = {**tiny_config().to_json(), "model": {"name": "tiny"}, packages.KEY: said}
    with pytest.raises(BadInput, match="there is no 'tiny'"):
        ExperimentConfig.from_json(values)


def test_a_package_that_is_not_installed_is_named_without_what_moves_a_cursor() -> None:
    said = {"far\x1b[2J": {"version": "1.0", "parts": ["model.tiny"]}}
    values = {**tiny_config().to_json(), "model": {"name": "tiny"}, packages.KEY: said}
    with pytest.raises(BadInput, match="which is not installed") as refused:
        ExperimentConfig.from_json(values)
    assert "\x1b" not in str(refused.value)


def test_a_configuration_of_own_parts_records_no_package() -> None:
    config = tiny_config()
    assert config.to_record() == config.to_json()
