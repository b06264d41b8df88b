"""The language that runs are found by, one line of it:

    algo:maml shots:1 acc>80 tag:paper "free text" -status:failed iterations>=1000 alpha:0.1

    filter  = { term }                          all of them must hold
    term    = [ "-" ] ( comparison | value )    "-" turns a term round
    comparison = name operator value { "|" value }   one of the values is enough
    operator   = ":" | "=" | "!=" | ">" | ">=" | "<" | "<="     ":" and "=" are the same
    value   = word | '"' anything '"'           in quotes a \\ takes the next character as it is

A value alone is looked for in the name, the note, the tags, the folder, the algorithm and the task.
In a value of text, ``*`` stands for any characters. Names, in upper or lower case:

    algo task model      what was trained, by the names of ``list``
    name note tag dir    what is said of the run (part of it is enough), its tags, its folder
    status               damaged running unfinished completed stopped diverged failed
    date                 when it began: 2026-11-01, 2026-11, 2026, today, yesterday
    iterations seconds   outer steps done, and the time they took
    val test             after adapting: the best validation, the test
    acc mse ...          the metric of that name: of the test where there was one, else of the best
                         validation. Accuracies are in per cent
    any parameter        algorithm.inner_rate, inner_rate, α or alpha

A run that has no such value satisfies no comparison with it, so that ``-alpha:0.1`` finds runs
without an inner rate, too. Whatever is at fault is a `FilterFault` that knows its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.experiments.labbook.entry import Entry
from workbench.experiments.labbook.questions import Operator, Test, question

MAX_FILTER = 2000
_COMPARISON = re.compile(r"([^\W\d][\w.]*)(:|>=|<=|!=|=|>|<)")
_BARE = re.compile(r'[^\s"|]+')
_WORD = re.compile(r'[^\s"]+')
_OPERATORS = (":", "=", "!", ">", "<")


class FilterFault(BadInput):
    """A filter that cannot be read; ``start`` and ``end`` are the characters at fault."""

    def __init__(self, span: tuple[int, int], problem: str, remedy: str = "") -> None:
        self.start, self.end = span
        where = marked("the filter, at character {0}").format(self.start + 1)
        super().__init__(where, problem, remedy)


@dataclass(frozen=True)
class Filter:
    """What a line of the language asks for; the empty one asks for nothing."""

    text: str
    tests: tuple[Test, ...]
    reads_learning: bool
    """Whether it asks for what only the metrics of a run tell."""

    def matches(self, entry: Entry) -> bool:
        return all(test(entry) for test in self.tests)


def parse(text: str) -> Filter:
    """A line as a filter; raises `FilterFault`, and nothing else."""
    if len(text) > MAX_FILTER:
        span = (MAX_FILTER, len(text))
        raise FilterFault(span, marked("is longer than {0} characters").format(MAX_FILTER))
    reader = _Reader(text)
    tests: list[Test] = []
    while not reader.at_end():
        tests.append(reader.term())
    return Filter(text, tuple(tests), reader.reads_learning)


class _Reader:
    """Reads a line from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self.reads_learning = False

    def at_end(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at == len(self._text)

    def term(self) -> Test:
        start = self._at
        turned = self._text.startswith("-", start)
        self._at += turned
        if self._at == len(self._text) or self._text[self._at].isspace():
            raise FilterFault(
                (start, self._at), marked("- stands alone"), marked("Write what is to be left out")
            )
        test = self._test()
        return _turned(test) if turned else test

    def _test(self) -> Test:
        found = _COMPARISON.match(self._text, self._at)
        if found is None:
            return self._free()
        self._at = found.end()
        name, operator = found[1], found[2]
        values = self._values(found.start(), found[0])
        span = (found.start(), self._at)
        return self._asked(name, operator, values, span)

    def _asked(self, name: str, operator: str, values: list[str], span: tuple[int, int]) -> Test:
        try:
            asked = question(name, Operator(operator.replace(":", "=")), values)
        except BadInput as error:
            problem = marked("{0}: {1}").format(
                brief(self._text[slice(*span)])[1:-1], error.problem
            )
            raise FilterFault(span, problem, error.remedy) from error
        self.reads_learning |= asked.reads_learning
        return asked.test

    def _free(self) -> Test:
        start = self._at
        if self._text[start] == '"':
            return contains(self._quoted())
        if self._text[start] in _OPERATORS:
            raise FilterFault(
                (start, start + 1),
                marked("{0} has no name before it").format(self._text[start]),
                marked("Write it like acc>80, or in quotes"),
            )
        found = _WORD.match(self._text, start)
        assert found is not None
        self._at = found.end()
        return contains(found[0])

    def _values(self, start: int, asked: str) -> list[str]:
        values = [self._value(start, asked)]
        while self._text.startswith("|", self._at):
            self._at += 1
            values.append(self._value(start, asked))
        return values

    def _value(self, start: int, asked: str) -> str:
        if self._text.startswith('"', self._at):
            return self._quoted()
        found = _BARE.match(self._text, self._at)
        if found is None:
            raise FilterFault(
                (start, self._at),
                marked("{0} has no value").format(asked),
                marked("Write one behind it, without a blank"),
            )
        self._at = found.end()
        return found[0]

    def _quoted(self) -> str:
        start, taken = self._at, ""
        self._at += 1
        while self._at < len(self._text):
            letter = self._text[self._at]
            self._at += 1
            if letter == '"':
                return taken
            if letter == "\\" and self._at < len(self._text):
                letter = self._text[self._at]
                self._at += 1
            taken += letter
        raise FilterFault(
            (start, len(self._text)), marked("the quotation is not closed"), marked('Add a "')
        )


def contains(text: str) -> Test:
    """Whether a text stands anywhere in what is said of a run."""
    wanted = text.casefold()
    return lambda entry: wanted in entry.text


def _turned(test: Callable[[Entry], bool]) -> Test:
    return lambda entry: not test(entry)
