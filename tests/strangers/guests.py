"""The strangers in the registry for the length of a test, and nowhere else."""

from __future__ import annotations

import pytest

from workbench.core import registry
from workbench.experiments import catalog

catalog.load()
_known = dict(registry._entries)

from tests.strangers import families, steering  # noqa: E402, F401 - registers them

GUESTS = {key: entry for key, entry in registry._entries.items() if key not in _known}
for _key in GUESTS:
    del registry._entries[_key]

MODELS = {"clouds": "mlp", "lines": "mlp", "place": "mlp", "tokens": "bag", "steering": "mlp"}
"""A model for every family."""


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, entry in GUESTS.items():
        monkeypatch.setitem(registry._entries, key, entry)
