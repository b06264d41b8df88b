"""The process that measures ends when nobody waits, and says what cannot be measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.opening import on_pictures
from tests.tiny import tiny_config
from workbench.core import places
from workbench.core.errors import BadInput
from workbench.experiments.forecast import apart


class Enough(Exception):
    """Nobody waits any more."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_it_ends_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    real = apart.subprocess.Popen

    class Seen(real):  # type: ignore[valid-type, misc]
        def __init__(self, *given: object, **more: object) -> None:
            super().__init__(*given, **more)
            begun.append(self)

    def alive() -> None:
        raise Enough

    monkeypatch.setattr(apart.subprocess, "Popen", Seen)
    with pytest.raises(Enough):
        apart.measured_apart(tiny_config(), alive)
    assert [process.returncode is not None for process in begun] == [True]
    assert not list(places.cache().glob("forecast-*"))


def test_data_that_is_not_there_is_said_and_not_fetched(tmp_path: Path) -> None:
    config = on_pictures(root=str(tmp_path / "nothing"), download=True)
    with pytest.raises(BadInput) as caught:
        apart.measured_apart(config)
    assert caught.value.where == "task.root"
