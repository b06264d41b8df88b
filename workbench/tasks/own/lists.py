"""Lists that say which picture or class is in which split, as few-shot data sets come with them.

train.csv, val.csv, test.csv       filename,label (mini-ImageNet), with or without a head
labels.csv                         FILE_NAME,CATEGORY (meta-album), and a column split if any
train.txt, val.txt, test.txt       a class or a picture a line, with or without a label
splits.json                        {"train": [classes or pictures], ...}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from workbench.core.errors import BadInput, brief
from workbench.core.files import as_text, parse_json, read_file
from workbench.core.marked import marked
from workbench.core.task import Split
from workbench.tasks.archives import Member
from workbench.tasks.image_bytes import MAX_BYTES
from workbench.tasks.split_names import split_of
from workbench.tasks.tables.rows import lines

FIELD = "task.split_file"
TABLES = (".csv", ".tsv", ".txt")
KINDS = (*TABLES, ".json")
OF_ALL = ("labels", "label", "splits", "split")
"""Names of lists that hold more than one split."""
WHAT = ("filename", "file_name", "file", "path", "image", "image_name", "image_path", "image_id")
LABEL = ("label", "category", "class", "class_name", "class_label", "target", "species")
SPLIT = ("split", "set", "subset", "partition", "meta_split")
_UTF8 = marked("Save it as UTF-8 text")
_FORMS = marked(
    "Give a table with columns filename, label and split, one list a split such as train.csv, or "
    "a JSON object of split: [classes]"
)


class Row(NamedTuple):
    """A picture by its place or name, or a class by its name, and what is said of it."""

    what: str
    label: str
    split: str
    """Empty where the list says none."""


class Lists(NamedTuple):
    rows: list[Row]
    names: tuple[str, ...]
    """Of the files."""


def named(path: Path, mapping: Mapping[str, Split]) -> Lists:
    """The lists at a place that the user names: one file, or a folder of them."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    lists = [file for file in files if file.suffix.lower() in KINDS]
    if not lists:
        raise BadInput(FIELD, marked("{0} holds no list of splits").format(path), _FORMS)
    rows = [row for f in lists for row in _rows(f, read_file(f, MAX_BYTES, FIELD), mapping)]
    return Lists(rows, tuple(file.name for file in lists))


def beside(members: Sequence[Member], mapping: Mapping[str, Split]) -> Lists:
    """The lists that lie beside the pictures, if any do; raises `BadInput` for several sets."""
    lists = [m for m in members if _is_list(PurePosixPath(m.name), mapping)]
    folders = sorted({str(PurePosixPath(m.name).parent) for m in lists})
    if len(folders) > 1:
        raise BadInput(
            FIELD,
            marked("there are lists of splits in more than one folder ({0})").format(
                ", ".join(folders)
            ),
            marked("Choose one of them"),
        )
    rows = [row for m in lists for row in _rows(Path(m.name), m.read(), mapping)]
    return Lists(rows, tuple(PurePosixPath(m.name).name for m in lists))


def _is_list(place: PurePosixPath, mapping: Mapping[str, Split]) -> bool:
    kind, stem = place.suffix.lower(), place.stem.casefold()
    whole = stem in OF_ALL and kind != ".txt"
    return kind in KINDS and (whole or split_of(stem, mapping) is not None)


def _rows(file: Path, data: bytes, mapping: Mapping[str, Split]) -> Iterator[Row]:
    own = split_of(file.stem, mapping) or ""
    text = as_text(data, file, FIELD, _UTF8)
    if file.suffix.lower() == ".json":
        found = _of_json(file, parse_json(text, str(file)), own)
    else:
        found = _of_table(file, text, own)
    for row in found:
        split = split_of(row.split, mapping)
        if row.split and split is None:
            problem = marked("{0} puts {1} into {2}").format(
                file, brief(row.what), brief(row.split)
            )
            raise BadInput(
                FIELD, problem, marked("Write train, val or test, or map it in task.split_names")
            )
        yield row._replace(split=split or "")


def _of_table(file: Path, text: str, own: str) -> Iterator[Row]:
    delimiter = _delimiter(text)
    rows = [[cell.strip() for cell in cells] for _, cells in lines(file, text, delimiter, FIELD)]
    head = [cell.casefold().replace(" ", "_") for cell in rows[0]] if rows else []
    places = [_column(head, names) for names in (WHAT, LABEL, SPLIT)]
    if all(place is None for place in places):
        places = [0, 1, None]
    else:
        rows = rows[1:]
    for cells in rows:
        what, label, split = (
            cells[place] if place is not None and place < len(cells) else "" for place in places
        )
        if what or label:
            yield Row(what or label, label if what else "", split or own)


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _delimiter(text: str) -> str:
    """What parts the first row most often; a space where a list is of ``path label``."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    most = max((",", "\t", ";"), key=first.count)
    if most in first:
        return most
    path, _, label = first.strip().rpartition(" ")
    return " " if "." in path and label.isalnum() else ","


def _of_json(file: Path, held: Any, own: str) -> Iterator[Row]:
    if not isinstance(held, dict):
        raise BadInput(FIELD, marked("{0} holds no object").format(file), _FORMS)
    if "image_names" in held and "image_labels" in held:
        yield from _of_images(held, own)
        return
    for word, listed in held.items():
        if isinstance(listed, str):
            yield Row(word, "", listed)
        elif isinstance(listed, list) and all(isinstance(one, str) for one in listed):
            yield from (Row(one, "", word) for one in listed)


def _of_images(held: dict[str, Any], own: str) -> Iterator[Row]:
    """As the lists of "A Closer Look at Few-shot Classification" (Chen et al., ICLR 2019)."""
    names = held.get("label_names", [])
    for image, label in zip(held["image_names"], held["image_labels"], strict=False):
        known = isinstance(label, int) and 0 <= label < len(names)
        yield Row(str(image), str(names[label] if known else label), own)
