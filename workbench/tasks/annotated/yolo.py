"""YOLO: a text file a picture, a line a box: class number, centre, width and height as shares.

J. Redmon's Darknet, and Ultralytics' form of it, whose lines may also be outlines (class number and
the points of a polygon), of which the box round them is taken. Names of classes stand in
``classes.txt``, ``obj.names`` or ``data.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.tasks.annotated.counted import Counted
from workbench.tasks.annotated.marks import Mark, Marked, mark

NAME_FILES = ("classes.txt", "obj.names", "names.txt", "predefined_classes.txt")
YAML = (".yaml", ".yml")
OTHER_TEXTS = (*NAME_FILES, "train.txt", "val.txt", "valid.txt", "test.txt")
"""No annotation of a picture."""
BOX, LEAST_OUTLINE = 4, 6
"""Numbers after the class: of a box, and of an outline at least."""


def read(text: str, name: str, names: Mapping[int, str], counted: Counted) -> Marked:
    """The boxes of a picture, which has the name of the file but for its suffix."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    found = (_mark(words, name, names, counted) for words in lines)
    return Marked(name, tuple(one for one in found if one is not None), name)


def looks_like(text: str) -> bool:
    """Whether every line of a text could be a box; so it is with an empty one."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return all(len(words) > BOX and words[0].isascii() and words[0].isdigit() for words in lines)


def _mark(words: list[str], name: str, names: Mapping[int, str], counted: Counted) -> Mark | None:
    try:
        number, values = int(words[0]), [float(word) for word in words[1:]]
    except ValueError:
        counted.add("lines that are no boxes, left out", name)
        return None
    label = names.get(number)
    if label is None:
        counted.add("boxes whose class has a number and no name", name)
        label = f"class {number}"
    if len(values) in (BOX, BOX + 1):  # a fifth number says how sure a detector was
        cx, cy, w, h = values[:BOX]
        edges = (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
    elif len(values) >= LEAST_OUTLINE and len(values) % 2 == 0:
        across, down = values[0::2], values[1::2]
        edges = (min(across), min(down), max(across), max(down))
    else:
        counted.add("lines that are no boxes, left out", name)
        return None
    return mark(label, edges, name, counted)


def names_of_list(text: str) -> dict[int, str]:
    """A name a line, from 0."""
    lines = [line.strip() for line in text.splitlines()]
    return {at: line for at, line in enumerate(lines) if line}


def names_of_yaml(text: str) -> dict[int, str]:
    """What stands under ``names:`` in a data.yaml: a list in brackets or of dashes, or by number.

    No YAML is read beyond that, so that no reader of it is needed.
    """
    head = re.search(r"^names:[ \t]*(.*)$", text, re.MULTILINE)
    if head is None:
        return {}
    inline = re.match(r"names:\s*\[(.*?)\]", text[head.start() :], re.DOTALL)
    if inline is not None:
        return {at: _bare(part) for at, part in enumerate(_parts(inline[1])) if _bare(part)}
    pairs = re.match(r"names:\s*\{(.*?)\}", text[head.start() :], re.DOTALL)
    if pairs is not None:
        named = re.findall(r"(\d+)\s*:\s*('[^']*'|\"[^\"]*\"|[^,\s][^,]*)", pairs[1])
        return {int(number): _bare(name) for number, name in named}
    found: dict[int, str] = {}
    for line in text[head.end() :].splitlines():
        if not line.strip():
            continue
        entry = re.match(r"\s*(?:-\s+|(\d+)\s*:\s*)(.+)$", line)
        if entry is None:
            break
        found[int(entry[1]) if entry[1] else len(found)] = _bare(entry[2])
    return found


def _parts(text: str) -> list[str]:
    return re.findall(r"'[^']*'|\"[^\"]*\"|[^,\s][^,]*", text)


def _bare(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text.split(" #")[0].strip()
