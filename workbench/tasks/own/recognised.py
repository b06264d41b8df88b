"""What somebody brings, by a look at it: pictures, boxes, sentences, measurements, ratings."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath

from workbench.core.errors import BadInput
from workbench.core.files import read_file
from workbench.core.marked import marked
from workbench.tasks import image_extras
from workbench.tasks.annotated import sniffing
from workbench.tasks.curve_file import read_points
from workbench.tasks.image_trees import SUFFIXES
from workbench.tasks.measured.columns import Columns
from workbench.tasks.measured.columns import recognised as recognised_columns
from workbench.tasks.own import arrays
from workbench.tasks.rated import columns as rated
from workbench.tasks.tables.encoding import decoded
from workbench.tasks.tables.table import read_head
from workbench.tasks.texts.reading import MAX_BYTES, TABLES

LOOKED_AT = 5000
"""Files of a folder or a zip that settle what it holds."""
RATED = ".inter"
"""Of typed tables of ratings."""
_REMEDY = marked(
    "Drop a folder or .zip of pictures, an .npz of images and labels, a table of sentences, of "
    "pictures, of measurements or of ratings, or a CSV file of x,y points"
)


@dataclass(frozen=True)
class Brought:
    """A task family with its settings; or points, which are the support set of a curve."""

    family: str
    settings: dict[str, str] = field(default_factory=dict)
    points: Path | None = None


def recognised(path: Path) -> Brought:
    """Which family reads it; raises `BadInput` for what none does. Decodes nothing."""
    kind = path.suffix.lower()
    if path.is_dir() or kind == ".zip":
        return _of_many(path)
    if kind in (arrays.SUFFIX, *arrays.PICKLES):
        return Brought("image_folder", {"root": str(path)})
    if kind in TABLES:
        return _of_table(path)
    if kind == RATED:
        return Brought("ratings", rated.settings_of(path))
    if kind == ".json":
        return Brought("text", {"root": str(path)})
    raise BadInput(path.name, marked("is nothing to learn from"), _REMEDY)


def _of_many(path: Path) -> Brought:
    names = islice(_names(path), LOOKED_AT)
    kinds = Counter(PurePosixPath(name).suffix.lower() for name in names)
    pictures = sum(kinds[suffix] for suffix in (*SUFFIXES, *image_extras.SUFFIXES, arrays.SUFFIX))
    if not pictures and kinds[".txt"]:
        return Brought("text", {"root": str(path)})
    if not pictures:
        problem = marked("holds neither pictures nor .txt files")
        raise BadInput(path.name, problem, _REMEDY)
    if any(kinds[kind] for kind in sniffing.KINDS) and sniffing.holds_boxes(path):
        return Brought("boxes", {"root": str(path)})
    return Brought("image_folder", {"root": str(path)})


def _names(path: Path) -> Iterator[str]:
    if path.is_dir():
        for _, _, files in os.walk(path):
            yield from files
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield from archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise BadInput(path.name, marked("cannot be read ({0})").format(error), _REMEDY) from error


def _of_table(path: Path) -> Brought:
    with suppress(BadInput):
        read_points(path)
        return Brought("sinusoid", points=path)
    text = decoded(read_file(path, MAX_BYTES, path.name, _REMEDY), path, path.name).text
    rows = (line for line in text.splitlines()[1:LOOKED_AT] if line.strip())
    first = next(rows, "").replace(";", ",").replace("\t", ",").split(",")
    if any(PurePosixPath(cell.strip().strip('"')).suffix.lower() in SUFFIXES for cell in first):
        return Brought("image_folder", {"root": str(path.parent), "split_file": str(path)})
    if all(rated.recognised(read_head(path, path.name, 1).names, rated.Columns())):
        return Brought("ratings", rated.settings_of(path))
    return Brought("curves_csv" if _is_measured(path) else "text", {"root": str(path)})


def _is_measured(path: Path) -> bool:
    """Whether it has columns of numbers for inputs and outputs, and no sentences with labels."""
    table = read_head(path, path.name, LOOKED_AT)
    found = recognised_columns(table.names, table.numeric, Columns("", (), (), ""))
    sentences = {"text", "label"} <= {name.casefold() for name in table.names}
    return not sentences and {*found.x, *found.y} <= table.numeric and bool(found.x and found.y)
