"""No test waits for a fixed time: it waits for what it is about, or asks what is still to come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
WAIT = re.compile(
    r"\bqtbot\.wait\s*\(|\bqWait\s*\(|\b(time\.|m|u)?sleep\s*\(|\bsingleShot\s*\(\s*[1-9]"
)
ALLOWED = {"processes.py": 1, "e2e/test_own_module.py": 1}
"""The one poll of what another process does; a module that sleeps for ever, as the subject."""


def waits(text: str) -> list[str]:
    return [found.group() for found in WAIT.finditer(text)]


def test_no_test_waits_for_a_fixed_time() -> None:
    files = {str(file.relative_to(TESTS)): file for file in TESTS.rglob("*.py")}
    assert ALLOWED.keys() < files.keys() and len(files) > 100
    found = {name: len(waits(file.read_text(encoding="utf-8"))) for name, file in files.items()}
    assert {name: calls for name, calls in found.items() if calls} == ALLOWED


@pytest.mark.parametrize(
    "call", ["qtbot.wait", "QTest.qWait", "time.sleep", "sleep", "QThread.msleep"]
)
def test_such_a_wait_is_found(call: str) -> None:
    assert waits(f"    {call}" + "(50)")
    assert waits("QTimer.single" + "Shot(500, window.close)")
    assert not waits("QTimer.single" + "Shot(0, window.close)")
    assert not waits("qtbot.waitUntil" + "(done); asleep" + "(qtbot)")
