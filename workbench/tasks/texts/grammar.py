"""Invented sentences about topics: a small grammar, and the words of each topic.

A sentence has a frame that all topics share, and holes for things, deeds and traits. Most holes
are filled by words of the topic, the first of them most often, or by things of its whole group.
Two sentences of a topic seldom share a word; that the things of a group belong together can be
learned from other topics of the group, and that is what meta-training has to find.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from workbench.core import resources

VERSION = 2
"""Raised when the same seed gives other sentences."""
OWN, OF_GROUP = 0.45, 0.5
"""Chances that a hole is filled by a word of the topic, and that a thing is one of its group."""

FRAMES = (
    "{who} {did} the {thing} and the {thing} {when}",
    "the {thing} and the {thing} {where} were {trait}, so {who} {did} them",
    "has anyone seen the {thing} or the {thing} {where}?",
    "we need another {thing} for the {thing} and the {thing}",
    "{who} told me about the {trait} {thing}, the {thing} and the {thing}",
    "can you help me with the {thing} and the {thing} {when}?",
    "why was the {thing} so {trait} beside the {thing}?",
    "{who} {did} the {trait} {thing} and forgot the {thing}",
    "do not leave the {thing} with the {thing} {where}",
    "I {did} the {thing} while {who} looked for the {thing}",
    "{when} {who} bought a {trait} {thing} and a {thing}",
    "is this {thing} {trait} enough for the {thing}?",
    "there was a {thing} beside the {thing} {where}, and {who} {did} it",
    "where is the {thing}? I only see the {thing} and the {thing}",
    "what would you do with a {trait} {thing} without a {thing}?",
    "{who} never {did} a {thing} without the {thing}",
)
_HOLE = re.compile(r"{(\w+)}")
_TOPIC_WORDS = ("thing", "did", "trait")


@dataclass(frozen=True)
class Topic:
    name: str
    group: str
    words: dict[str, tuple[str, ...]]
    """By hole, of the topic itself."""
    shared: tuple[str, ...]
    """Things of the whole group."""


@cache
def topics() -> tuple[Topic, ...]:
    """All topics of ``resources/topics``, group after group."""
    found, group, shared = list[Topic](), "", tuple[str, ...]()
    for name, rest in _lines():
        if name.startswith("#"):
            group, shared = name.removeprefix("#").strip(), _listed(rest)
        elif not name.startswith("@"):
            own = dict(zip(_TOPIC_WORDS, map(_listed, rest.split("|")), strict=True))
            found.append(Topic(name, group, own, shared))
    return tuple(found)


@cache
def common() -> dict[str, tuple[str, ...]]:
    """What fills the holes of sentences about any topic."""
    return {name[1:]: _listed(rest) for name, rest in _lines() if name.startswith("@")}


def _lines() -> Iterator[tuple[str, str]]:
    """Name and rest of every line behind the two that say how to read it."""
    text = resources.path("topics", "topics.txt").read_text(encoding="utf-8")
    for line in text.splitlines()[2:]:
        name, _, rest = line.partition(":")
        yield name, rest


def written(topic: Topic, count: int, seed: int) -> list[str]:
    """So many different sentences about a topic."""
    draws = random.Random(f"{VERSION} {seed} {topic.name}")
    found = dict[str, None]()
    while len(found) < count:
        found[_sentence(topic, draws)] = None
    return list(found)


def _sentence(topic: Topic, draws: random.Random) -> str:
    """At least one word in it is the topic's own, and no thing stands twice."""
    frame = draws.choice(FRAMES)
    while True:
        own = list[str]()
        parts = [
            part if at % 2 == 0 else _filled(topic, part, own, draws)
            for at, part in enumerate(_HOLE.split(frame))
        ]
        if own and len(set(parts[1::2])) == len(parts[1::2]):
            text = re.sub(r"\ba (?=[aeio]|un)", "an ", "".join(parts))
            text = text[0].upper() + text[1:]
            return text if text.endswith("?") else f"{text}."


def _filled(topic: Topic, hole: str, own: list[str], draws: random.Random) -> str:
    if hole in _TOPIC_WORDS:
        kind = draws.random()
        if kind < OWN:
            words = topic.words[hole]
            own.append(draws.choices(words, [rank**-1.5 for rank, _ in enumerate(words, 1)])[0])
            return own[-1]
        if kind < OWN + OF_GROUP and hole == "thing":
            return draws.choice(topic.shared)
    return draws.choice(common()[hole])


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))
