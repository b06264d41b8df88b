"""Where this program keeps its files: data, settings, caches, logs."""

from __future__ import annotations

from pathlib import Path

import platformdirs

APP = "maml-workbench"


def data(*parts: str) -> Path:
    """Runs and downloaded data sets."""
    return Path(platformdirs.user_data_dir(APP)).joinpath(*parts)


def config(*parts: str) -> Path:
    """What the user has decided."""
    return Path(platformdirs.user_config_dir(APP)).joinpath(*parts)


def cache(*parts: str) -> Path:
    """What can be made again."""
    return Path(platformdirs.user_cache_dir(APP)).joinpath(*parts)


def logs(*parts: str) -> Path:
    return Path(platformdirs.user_log_dir(APP)).joinpath(*parts)
