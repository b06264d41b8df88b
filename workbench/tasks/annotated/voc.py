"""Pascal VOC: an XML file a picture.

M. Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2010. Edges are taken as
they stand, as most tools of today write them; the challenge itself counted pixels from 1.

Entities are neither expanded nor looked up: a file that declares any is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from workbench.tasks.annotated.counted import Counted
from workbench.tasks.annotated.marks import Mark, Marked, mark, shares_of

ROOT = "annotation"
MAX_DEPTH = 30
MAX_ELEMENTS = 100_000
_SIDES = ("xmin", "ymin", "xmax", "ymax")


def parsed(data: bytes) -> Element:
    """The root of an XML document without declarations; raises ValueError."""
    builder, parser, reader = TreeBuilder(), expat.ParserCreate(), _Limits()

    def start(name: str, attributes: dict[str, str]) -> None:
        reader.open()
        builder.start(name, attributes)

    def end(name: str) -> None:
        reader.depth -= 1
        builder.end(name)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"is not XML (line {error.lineno})") from error
    except LookupError as error:
        raise ValueError(f"is in no known encoding ({error})") from error
    return builder.close()


def read(
    data: bytes, name: str, size: Callable[[], tuple[int, int] | None], counted: Counted
) -> Marked | None:
    """What a file says of its picture; None where it is no annotation. Raises ValueError.

    ``size`` tells the picture's own, for a file that does not state it.
    """
    root = parsed(data)
    if root.tag != ROOT:
        return None
    stated = _stated(root) or size()
    if stated is None:
        raise ValueError("states no size of its picture")
    found = (_mark(one, stated, name, counted) for one in root.iter("object"))
    marks = tuple(one for one in found if one is not None)
    return Marked(root.findtext("filename") or name, marks, name)


def _mark(one: Element, size: tuple[float, float], name: str, counted: Counted) -> Mark | None:
    label = (one.findtext("name") or "").strip()
    if not label:
        counted.add("boxes without a class, left out", name)
        return None
    edges = [_number(one.findtext(f"bndbox/{side}")) for side in _SIDES]
    return mark(label, shares_of(edges, size), name, counted)


def _stated(root: Element) -> tuple[float, float] | None:
    width, height = (_number(root.findtext(f"size/{side}")) for side in ("width", "height"))
    return (width, height) if width > 0 and height > 0 else None


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


class _Limits:
    """How deep and how many elements a file may have."""

    def __init__(self) -> None:
        self.depth = self.count = 0

    def open(self) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise ValueError("has too many elements")


def _refuse(*_: object) -> None:
    raise ValueError("declares entities, which are not followed")
