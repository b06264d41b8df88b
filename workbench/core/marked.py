"""Sentences of rooms that know no Qt, marked so that Qt's tools find them for translation.

The marker is named to them as ``-tr-function-alias QT_TR_NOOP+=marked``: docs/translating.md.
"""

from __future__ import annotations


def marked(text: str) -> str:
    """The text as it is. What is put into it comes by ``format``, after it was looked up."""
    return text
