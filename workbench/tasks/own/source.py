"""Where a user's pictures come from: a tree, a tree with lists of splits, or arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.task import Report, Split
from workbench.tasks.archives import Member
from workbench.tasks.image_extras import EXTRAS, of_suffix
from workbench.tasks.image_trees import Tree, readable, tree
from workbench.tasks.own import arrays, lists, tree_shape
from workbench.tasks.own.listed import listed
from workbench.tasks.own.sorted_files import SortedFiles

TEXTS = ("", ".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".html", ".pdf")
"""What may lie beside pictures without being passed over: nobody takes it for one."""
NAMED_KINDS = 5


@contextmanager
def opened(
    root: Path, split_file: Path, mapping: Mapping[str, Split], report: Report
) -> Iterator[SortedFiles]:
    """The pictures of a place with their classes and splits, readable while it is open.

    ``split_file`` is a list of splits or a folder of them; an empty path is none. Raises
    `BadInput`.
    """
    with readable(root):
        arrays.refuse_pickle(root)
        is_arrays = _holds_arrays(root)
    if is_arrays:
        yield arrays.read(root, mapping)
        return
    with tree(root, report) as found:
        if not found.images:
            _refuse_pickles(found)
        told = _sorted(found, split_file, mapping)
        passed = (*told.passed, *_without_package(found.beside))
        yield replace(told, notes=(*told.notes, *_other_kinds(found.beside)), passed=passed)


def _holds_arrays(root: Path) -> bool:
    if root.is_file():
        return root.suffix.lower() == arrays.SUFFIX
    inside = [file.suffix.lower() for file in root.iterdir()] if root.is_dir() else []
    return arrays.SUFFIX in inside and not any(file.is_dir() for file in root.iterdir())


def _refuse_pickles(found: Tree) -> None:
    for member in found.beside:
        arrays.refuse_pickle(Path(member.name))


def _sorted(found: Tree, split_file: Path, mapping: Mapping[str, Split]) -> SortedFiles:
    files = tree_shape.without_wrapper(found.images)
    by_folder = tree_shape.read(files, mapping)
    chosen = split_file != Path()
    told = lists.named(split_file, mapping) if chosen else lists.beside(found.beside, mapping)
    if not told.rows:
        return by_folder
    by_list = listed(files, by_folder.files, told)
    if by_list.files:
        return by_list
    if chosen:
        raise BadInput(
            lists.FIELD,
            marked("{0} names none of the pictures and none of their classes").format(split_file),
            marked("Choose the list that belongs to this folder"),
        )
    unused = Finding(f"{', '.join(told.names)} names none of the pictures and is not used")
    return replace(by_folder, notes=(*by_folder.notes, unused))


def _without_package(beside: Sequence[Member]) -> Iterator[str]:
    """Pictures that a package would read, with the way to install it."""
    for member in beside:
        extra = of_suffix(PurePosixPath(member.name).suffix.lower())
        if extra is not None:
            yield Finding(f"{member.name}: {extra.needed}")


def _other_kinds(beside: Sequence[Member]) -> tuple[str, ...]:
    """How many files are no pictures by their names, and which kinds these are."""
    kinds = Counter(PurePosixPath(member.name).suffix.lower() for member in beside)
    told_of = [*TEXTS, *(suffix for extra in EXTRAS for suffix in extra.suffixes)]
    odd = {kind: count for kind, count in kinds.most_common() if kind not in told_of}
    if not odd:
        return ()
    told = ", ".join(f"{count:,} {kind}" for kind, count in list(odd.items())[:NAMED_KINDS])
    count = sum(odd.values())
    files = "1 file of a kind that is" if count == 1 else f"{count:,} files of kinds that are"
    return (Finding(f"{files} not read passed over: {told}"),)
