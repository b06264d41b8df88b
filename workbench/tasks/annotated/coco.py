"""COCO: one JSON file of pictures, classes and boxes ``[left, top, width, height]`` in pixels.

T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014. Regions of crowds hold
nobody knows how many things and are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from workbench.core.files import parse_json
from workbench.tasks.annotated.counted import Counted
from workbench.tasks.annotated.marks import Mark, Marked, mark, shares_of

LARGEST = 1e9
SIGNS = (b'"images"', b'"annotations"')
"""What stands in every such file."""


def is_coco(held: Any) -> bool:
    return isinstance(held, dict) and all(
        isinstance(held.get(part), list) for part in ("images", "annotations")
    )


def read(text: str, name: str, counted: Counted) -> list[Marked] | None:
    """The pictures of a file; None where it is another kind of JSON. Raises `BadInput`."""
    held = parse_json(text, name, finite=False)
    if not is_coco(held):
        return None
    names = _names(held.get("categories"), name, counted)
    pictures = _pictures(held["images"], name, counted)
    marks: dict[Any, list[Mark]] = {key: [] for key in pictures}
    for one in _first_of_each(held["annotations"], name, counted):
        key = _key(one.get("image_id"))
        if key not in pictures:
            counted.add("boxes of pictures that are not listed, left out", name)
        elif one.get("iscrowd"):
            counted.add("regions of crowds, left out", name)
        elif (label := names.get(_key(one.get("category_id")))) is None:
            counted.add("boxes of classes that are not listed, left out", name)
        else:
            found = mark(label, _edges(one.get("bbox"), pictures[key]), name, counted)
            marks[key] += [found] if found is not None else []
    return [Marked(pictures[key]["file_name"], tuple(marks[key]), name) for key in pictures]


def _names(held: Any, name: str, counted: Counted) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for one in held if isinstance(held, list) else []:
        label = one.get("name") if isinstance(one, dict) else None
        if isinstance(label, str) and label.strip():
            found.setdefault(_key(one.get("id")), label.strip())
        else:
            counted.add("classes without a name, left out", name)
    return found


def _pictures(held: list[Any], name: str, counted: Counted) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for one in held:
        stated = isinstance(one, dict) and isinstance(one.get("file_name"), str)
        if not stated or not all(_positive(one.get(side)) for side in ("width", "height")):
            counted.add("pictures without a file name or a size, left out", name)
        elif _key(one.get("id")) in found:
            counted.add("pictures whose number another one has, left out", name)
        else:
            found[_key(one.get("id"))] = one
    return found


def _first_of_each(held: list[Any], name: str, counted: Counted) -> Iterator[dict[str, Any]]:
    seen = set[Any]()
    for one in held:
        if not isinstance(one, dict):
            counted.add("annotations that are no objects, left out", name)
            continue
        number = one.get("id")
        if number is not None and _key(number) in seen:
            counted.add("boxes whose number another one has, left out", name)
            continue
        seen.add(_key(number))
        yield one


def _edges(box: Any, picture: dict[str, Any]) -> tuple[float, ...]:
    if not isinstance(box, list) or len(box) != 4 or not all(map(_is_number, box)):
        return (math.nan,) * 4
    left, top, width, height = (float(number) for number in box)
    size = (float(picture["width"]), float(picture["height"]))
    return shares_of((left, top, left + width, top + height), size)


def _is_number(value: Any) -> bool:
    """Of a size that a pixel can have: JSON knows whole numbers without end."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGEST


def _positive(value: Any) -> bool:
    return _is_number(value) and value > 0


def _key(value: Any) -> Any:
    """A number or a text that can be looked up by; anything else is no key of anything."""
    return value if isinstance(value, (int, str)) else repr(value)
