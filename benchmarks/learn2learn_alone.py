"""learn2learn's MAML without the rest of the package, whose root loads a compiled extension."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any


def load_maml() -> Any:
    """The class ``learn2learn.algorithms.maml.MAML``; raises ImportError where there is none."""
    for name in ("learn2learn", "learn2learn.algorithms"):
        if name not in sys.modules:
            found = importlib.util.find_spec(name)
            if found is None or not found.submodule_search_locations:
                raise ImportError(f"{name} is not installed")
            bare = types.ModuleType(name)
            bare.__path__ = list(found.submodule_search_locations)
            bare.__spec__ = found
            sys.modules[name] = bare
    return importlib.import_module("learn2learn.algorithms.maml").MAML
