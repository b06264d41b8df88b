"""Every test runs off screen, in directories of its own, and leaves no thread behind."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

ENDS_WITHIN = 20.0
"""Seconds that the threads of a test are given: a loaded machine is no fault."""
DATA = Path(__file__).parents[2] / "shared" / "data" / "omniglot_images_background.zip"


@pytest.fixture(autouse=True, scope="session")
def _own_directories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Glyphs are drawn once a session; nothing of the user's is read or written."""
    root = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "STATE", "CONFIG", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(root / name.lower()))
        settings = root / "config" / "maml-workbench" / "maml-workbench.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text("[General]\nforecast=false\n")  # windows measure nothing unasked
        yield


@pytest.fixture(autouse=True, scope="session")
def _modules_are_no_garbage() -> None:
    """A collection looks at what tests made, not each time at two million objects of imports."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + ENDS_WITHIN
    for thread in _left(before):
        thread.join(max(until - time.monotonic(), 0))
    left = _left(before)
    assert not left, f"the test left threads behind: {left}"


@pytest.fixture(scope="session")
def omniglot_zip() -> Path:
    if not DATA.exists():
        pytest.skip("the Omniglot archive does not lie beside the project")
    return DATA


def _left(before: set[threading.Thread]) -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t not in before]
