"""Invented sentences about topics: a small grammar, and the words of each topic.

A sentence has a frame that all topics share, and holes for things, deeds and traits. Most holes
are filled by words of the topic, the first of them most often, some by things of its whole group,
some by things that any topic can have: a single sentence tells little of what it is about.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache

from workbench.core import resources

VERSION = 1
"""Raised when the same seed gives other sentences."""
OWN, OF_GROUP = 0.75, 0.12
"""Chances that a hole is filled by a word of the topic, or of its group."""

PEOPLE: tuple[str, ...] = (
    "my neighbour",
    "our teacher",
    "Anna",
    "the old man",
    "my sister",
    "Peter",
    "her cousin",
)
PEOPLE += ("my friend", "the new assistant", "Maria", "his uncle", "a stranger", "everyone", "Tom")
TIMES: tuple[str, ...] = (
    "yesterday",
    "last week",
    "this morning",
    "on Monday",
    "after lunch",
    "again",
    "at last",
)
TIMES += ("in the evening", "before dinner", "last summer", "all day", "on the weekend", "too late")
PLACES: tuple[str, ...] = (
    "near the window",
    "in the corner",
    "behind the house",
    "at my place",
    "over there",
)
PLACES += ("by the door", "in town", "next to the stairs", "on the table", "across the street")
THINGS = ("photo", "letter", "present", "chair", "list", "bag", "picture", "book", "phone", "idea")
DEEDS = ("found", "wanted", "lost", "forgot", "needed", "showed me", "asked about", "liked")
TRAITS = ("good", "new", "old", "small", "strange", "nice", "different", "perfect", "difficult")
FRAMES = (
    "{who} {did} the {thing} {when}",
    "the {thing} {where} was {trait}, so {who} {did} the {thing}",
    "has anyone seen the {thing} {where}?",
    "we need another {thing} for the {thing}",
    "{who} told me about the {trait} {thing} {when}",
    "can you help me with the {thing} {when}?",
    "why was the {thing} so {trait} {when}?",
    "{who} {did} the {trait} {thing} and forgot the {thing}",
    "do not leave the {thing} {where}",
    "I {did} the {thing} while {who} looked for the {thing}",
    "{when} {who} bought a {trait} {thing}",
    "is this {thing} {trait} enough?",
    "there was a {thing} {where}, and {who} {did} it",
    "what would you do with a {trait} {thing}?",
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
    text = resources.path("topics", "topics.txt").read_text(encoding="utf-8")
    for line in text.splitlines()[2:]:
        name, _, rest = line.partition(":")
        if name.startswith("#"):
            group, shared = name.removeprefix("#").strip(), _listed(rest)
            continue
        own = dict(zip(_TOPIC_WORDS, map(_listed, rest.split("|")), strict=True))
        found.append(Topic(name, group, own, shared))
    return tuple(found)


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
    common = {"who": PEOPLE, "when": TIMES, "where": PLACES, "thing": THINGS}
    common |= {"did": DEEDS, "trait": TRAITS}
    if hole in _TOPIC_WORDS:
        kind = draws.random()
        if kind < OWN:
            words = topic.words[hole]
            own.append(draws.choices(words, [rank**-1.5 for rank, _ in enumerate(words, 1)])[0])
            return own[-1]
        if kind < OWN + OF_GROUP and hole == "thing":
            return draws.choice(topic.shared)
    return draws.choice(common[hole])


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))
