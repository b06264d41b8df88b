"""The door of every parameter: whatever is given, one sentence or a sound value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from workbench.core.entries import whole
from workbench.core.params import Params, param, problems


class Example(Params):
    name: Literal["example"] = "example"
    rate: float = param(0.1, "Step size.")
    count: int = param(5, "How many.")
    sizes: tuple[int, ...] = param((4, 2), "Widths.", min_length=1, max_length=8)
    mode: Literal["a", "b"] = param("a", "Which one.")
    on: bool = param(True, "Whether.")
    text: str = param("", "What.")
    path: Path = param(Path(), "Where.")


FIELDS = tuple(name for name in Example.model_fields if name != "name")
HOSTILE: tuple[Any, ...] = (
    "9" * 5000,
    "9" * 399,
    10**400,
    10**5000,
    -(10**400),
    "1e400000000",
    "1e99999999999999999999",
    "\ud800",
    "a\0b",
    "x" * 300,
    ["x"] * 100_000,
    [[1]],
    {"a": 1},
    None,
)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: str(type(value).__name__))
def test_what_cannot_be_is_refused_in_a_short_sentence_at_its_field(field: str, value: Any) -> None:
    try:
        made = Example.model_validate({field: value})
    except ValidationError as error:
        found = problems(error, "part")
        assert {fault.where for fault in found} == {f"part.{field}"}
        assert len(str(found[0])) < 250
        assert str(found[0]).isprintable()
    else:  # some of these are words, or file names
        assert field in ("text", "path") and isinstance(value, str)
        assert str(getattr(made, field)) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1e999", "-inf", "nan"])
def test_a_rate_is_finite(value: Any) -> None:
    with pytest.raises(ValidationError):
        Example.model_validate({"rate": value})


@pytest.mark.parametrize("field", ["rate", "count", "sizes"])
def test_yes_and_no_are_no_numbers(field: str) -> None:
    with pytest.raises(ValidationError, match="true is not a number"):
        Example.model_validate({field: [True] if field == "sizes" else True})


def test_whole_numbers_are_exact_up_to_the_last_one_that_a_float_holds() -> None:
    assert whole("9007199254740991") == 2**53 - 1
    assert whole("1e3") == whole("1000.0") == 1000
    for text in ("9007199254740993", "1e16", "0.5", "1e-400000000", ""):
        with pytest.raises(ValueError, match=r"too large|not a whole number"):
            whole(text)


def test_entries_of_a_list_are_read_as_strictly_as_a_field() -> None:
    assert Example.model_validate({"sizes": ["40", 8]}).sizes == (40, 8)
    with pytest.raises(ValidationError, match="'1_0' is not a whole number"):
        Example.model_validate({"sizes": ["1_0"]})


@pytest.mark.parametrize(("value", "words"), [([], "at least 1 entry"), ([1] * 9, "at most 8")])
def test_a_list_of_another_length_says_which(value: list[int], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate({"sizes": value})
    assert words in problems(caught.value, "part")[0].problem


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("a\0b", "zero byte"),
        ("x" * 256, "256 bytes"),
        ("a/" * 3000, "bytes; a path has at most 4096"),
        ("字" * 100, "300 bytes"),
        ("\ud800", "is no file name"),
    ],
)
def test_a_path_that_no_system_takes_is_refused(path: str, words: str) -> None:
    for given in (path, Path(path)):
        with pytest.raises(ValidationError, match=words):
            Example.model_validate({"path": given})


def test_names_of_files_may_be_any_bytes() -> None:
    odd = os.fsdecode(b"caf\xe9\n")
    assert str(Example.model_validate({"path": odd}).path) == odd
