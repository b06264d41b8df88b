"""The text of a table, in the encodings that spreadsheets write."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInput
from workbench.core.files import named
from workbench.core.marked import marked

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WESTERN = "cp1252"
"""What files are taken for that are no UTF-8: Windows-1252, the older spreadsheets' own."""


class Decoded(NamedTuple):
    text: str
    encoding: str
    """``utf-8``, ``utf-16`` or ``cp1252``, as Python calls them."""


def decoded(data: bytes, path: Path, where: str, whole: bool = True) -> Decoded:
    """Bytes as text: UTF-8 or UTF-16 by their mark, else UTF-8, else Windows-1252.

    Where the bytes are not the ``whole`` file, a character cut in two at their end is left out.
    Raises `BadInput` at the field ``where`` for what is no text.
    """
    marks = (name for mark, name in _MARKS if data.startswith(mark))
    name = next(marks, "utf-8")
    for encoding in (name, WESTERN):
        codec = "utf-8-sig" if encoding == "utf-8" else encoding
        try:
            return Decoded(codecs.getincrementaldecoder(codec)().decode(data, whole), encoding)
        except UnicodeDecodeError as error:
            at = error.start
    raise BadInput(
        where,
        marked("{0}is no text (at byte {1})").format(named(path, where), at),
        marked("Save it as a CSV file in UTF-8"),
    )
