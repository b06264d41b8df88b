"""Sentences as words, and words as the pieces that are counted."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

MAX_SENTENCE = 2_000
"""Characters of a sentence."""
GRAM = 4
_PUNCTUATION = "‘’“”„…–—«»¡¿。、！？，：；（）《》「」"
_WORD = re.compile(rf"(?:[^\W_]|[^\x00-\x7f\s{_PUNCTUATION}])+(?:['’][^\W_]+)*")

Span = tuple[int, int]


def spans(text: str) -> tuple[Span, ...]:
    """Where the words of a sentence begin and end; signs and blanks are between them."""
    return tuple(found.span() for found in _WORD.finditer(text))


def folded(text: str) -> str:
    """What two sentences share that are the same one: neither case nor signs tell them apart."""
    return " ".join(text[start:end] for start, end in spans(text)).casefold()


@lru_cache(1 << 16)
def places(word: str, features: int) -> tuple[int, ...]:
    """The features that a word counts for: its own, and one for each of its 4-grams.

    4-grams lie within the word, whose borders are marked: ``<to>``, ``<ban bank ank>``. Two pieces
    may fall together; the hash is the same in every process.
    """
    word = word.casefold()
    marked = f"<{word}>"
    grams = (marked[at : at + GRAM] for at in range(len(marked) - GRAM + 1))
    return tuple(_hashed(piece, features) for piece in (f"word {word}", *grams))


def _hashed(piece: str, features: int) -> int:
    digest = hashlib.blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % features
