"""The official Omniglot archives, fetched by torchvision's downloader and checked by its sums."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.error import HTTPError

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.core.vision import torchvision

_SILENCE = 30.0
"""Seconds without a byte after which a download fails."""


def fetch(folder: Path, sets: tuple[str, ...], report: Report) -> None:
    """Put ``images_background.zip`` and the like into ``folder``; sound ones stay as they are."""
    datasets = torchvision().datasets
    for name in sets:
        file, md5 = folder / f"{name}.zip", datasets.Omniglot.zips_md5[name]
        url = f"{datasets.Omniglot.download_url_prefix}/{name}.zip"
        try:
            with _watched(datasets.utils, f"Downloading {name}", report):
                datasets.utils.download_url(url, folder, file.name, md5)
        except (OSError, RuntimeError) as error:
            if isinstance(error, HTTPError):
                error.close()
            problem = marked("{0} cannot be downloaded ({1})").format(url, error)
            remedy = marked(
                "Check the connection and try again, or set root to a folder or zip you have"
            )
            raise BadInput("task.download", problem, remedy, Mend("task.root")) from error
        finally:
            with suppress(OSError):
                if file.exists() and not datasets.utils.check_integrity(file, md5):
                    file.unlink()


class _Bar:
    """Stands in for torchvision's terminal progress bar and tells the window instead."""

    def __init__(self, message: str, report: Report, total: int | None) -> None:
        self._message, self._report, self._total, self._done = message, report, total, 0

    def __enter__(self) -> _Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def update(self, count: int) -> None:
        self._done += count
        known = self._total or max(self._done, 1)
        self._report(f"{self._message}: {self._done / 2**20:.1f} MB", min(self._done / known, 1.0))


@contextmanager
def _watched(utils: Any, message: str, report: Report) -> Iterator[None]:
    """Let torchvision's downloader report progress, and give up when the line is silent."""
    bar, patience = utils.tqdm, socket.getdefaulttimeout()
    utils.tqdm = lambda total=None, **_: _Bar(message, report, total)
    socket.setdefaulttimeout(_SILENCE)
    try:
        yield
    finally:
        utils.tqdm = bar
        socket.setdefaulttimeout(patience)
