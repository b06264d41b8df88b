"""Kinds of pictures that are read only where a package beside ours is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.core.marked import marked


@dataclass(frozen=True)
class Extra:
    """A kind, the package that reads it, and the extra of ours that brings the package."""

    title: str
    package: str
    name: str
    suffixes: tuple[str, ...]

    @property
    def here(self) -> bool:
        return importlib.util.find_spec(self.package) is not None

    @property
    def needed(self) -> str:
        """Why a file of this kind is not read, and what would make it so."""
        return marked("is {0}, which is read after pip install 'maml-workbench[{1}]'").format(
            self.title, self.name
        )


HEIC = Extra("HEIC", "pillow_heif", "heic", (".heic", ".heif"))
"""The pictures of telephones."""
DICOM = Extra("DICOM", "pydicom", "dicom", (".dcm", ".dicom"))
"""The pictures of hospitals."""
EXTRAS = (HEIC, DICOM)
SUFFIXES = tuple(suffix for extra in EXTRAS for suffix in extra.suffixes)
"""Of all of them, whether their packages are here or not."""


def readable_suffixes() -> Iterator[str]:
    """Of the kinds whose packages are here."""
    for extra in EXTRAS:
        if extra.here:
            yield from extra.suffixes


def of_suffix(suffix: str) -> Extra | None:
    return next((extra for extra in EXTRAS if suffix in extra.suffixes), None)
