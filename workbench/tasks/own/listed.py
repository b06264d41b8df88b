"""The rows of lists laid over the pictures of a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from workbench.core.errors import brief
from workbench.tasks.folders import MAX_DEPTH
from workbench.tasks.image_trees import ImageFile
from workbench.tasks.own.lists import Lists
from workbench.tasks.own.sorted_files import SortedFiles, together
from workbench.tasks.own.twice import same_name


def listed(files: Sequence[ImageFile], classed: Sequence[ImageFile], lists: Lists) -> SortedFiles:
    """The pictures that lists name, or whose class they name, with label and split.

    ``classed`` are those files that stand in class folders, with the classes that these give.
    """
    places, classes = _by_place(files), _by_class(classed)
    of_folder = {file.place: file.class_name for file in classed}
    found: dict[PurePosixPath, ImageFile] = {}
    lost = []
    for row in lists.rows:
        file = _picture(row.what, places)
        members = [file] if file is not None else classes.get(same_name(row.what), [])
        for one in members:
            name = row.label or of_folder.get(one.place) or str(one.place.parent)
            found[one.place] = replace(one, class_name=name, split=row.split)
        if not members:
            lost.append(row.what)
    passed = (f"{file.place}: stands in no list" for file in files if file.place not in found)
    return SortedFiles(together(found.values()), tuple(_notes(lists, lost)), tuple(passed))


def _notes(lists: Lists, lost: Sequence[str]) -> Iterator[str]:
    yield f"Classes and splits are those of {', '.join(lists.names)}"
    if lost:
        names = "1 row names" if len(lost) == 1 else f"{len(lost):,} rows name"
        yield f"{names} neither a picture nor a class that is here, the first {brief(lost[0])}"


Pictures = Mapping[str, ImageFile | None]


def _by_place(files: Sequence[ImageFile]) -> Pictures:
    """Each picture by every end of its path, with its suffix or without; None for two of them."""
    found: dict[str, ImageFile | None] = {}
    for file in files:
        for end in _ends(file.place):
            for key in {str(end), str(end.with_suffix(""))}:
                found[key] = None if key in found else file
    return found


def _picture(what: str, places: Pictures) -> ImageFile | None:
    """The picture that a row names, whatever folders its path begins with."""
    wanted = PurePosixPath(what.replace("\\", "/").lstrip("/"))
    return next((places[str(end)] for end in _ends(wanted) if str(end) in places), None)


def _ends(place: PurePosixPath) -> Iterator[PurePosixPath]:
    parts = place.parts[-MAX_DEPTH:]
    return (PurePosixPath(*parts[start:]) for start in range(len(parts)))


def _by_class(classed: Sequence[ImageFile]) -> dict[str, list[ImageFile]]:
    """By the path of a class, and by its last folder."""
    found: dict[str, list[ImageFile]] = {}
    for file in classed:
        for name in {file.class_name, PurePosixPath(file.class_name).name}:
            found.setdefault(same_name(name), []).append(file)
    return found
