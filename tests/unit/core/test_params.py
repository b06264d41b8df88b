"""Numbers are read strictly, and every fault names its field."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import ValidationError

from workbench.core.errors import BadInput
from workbench.core.params import Params, describe, param, problems


class Example(Params):
    name: Literal["example"] = "example"
    rate: float = param(0.1, "Step size.", symbol="α", gt=0, le=1, log_scale=True)
    count: int = param(5, "How many.", ge=1)
    sizes: tuple[int, ...] = param((4, 2), "Widths.")
    mode: Literal["a", "b"] = param("a", "Which one.")
    on: bool = param(True, "Whether.")


def read(**values: Any) -> Any:
    """Validate as a configuration does; the first field at fault is raised."""
    try:
        return Example.model_validate(values)
    except ValidationError as error:
        raise problems(error, "part")[0] from error


@pytest.mark.parametrize(
    ("text", "value"), [("1e-3", 0.001), (".5", 0.5), (" 0.25 ", 0.25), ("+1", 1.0), ("5E-2", 0.05)]
)
def test_a_number_may_be_written_as_scientists_do(text: str, value: float) -> None:
    assert read(rate=text).rate == value


@pytest.mark.parametrize("text", ["0,001", "1_0", "inf", "nan", "٠٫٥", "0x1", "", "1e", "1 2"])
def test_a_number_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"part\.rate: .*is not a number; write it like 0\.01"):
        read(rate=text)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 0, -1, 2, "0", "-1e-3"])
def test_a_number_out_of_bounds_is_refused(value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        read(rate=value)
    assert caught.value.where == "part.rate"


def test_whole_numbers_and_lists_are_read_from_text() -> None:
    made = read(count="12", sizes="40, 40", mode="b", on="no")
    assert (made.count, made.sizes, made.mode, made.on) == (12, (40, 40), "b", False)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("count", "1.5"),
        ("count", "1_000"),
        ("sizes", "4;2"),
        ("sizes", "-4"),
        ("mode", "c"),
        ("on", "perhaps"),
    ],
)
def test_the_fault_names_the_field(field: str, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(**{field: text})
    assert caught.value.where == f"part.{field}"


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match=r"part\.ways: there is no such field"):
        read(ways=5)


def test_a_declaration_is_read_back_whole() -> None:
    rate = describe(Example)[0]
    assert (rate.name, rate.kind, rate.symbol, rate.log_scale) == ("rate", "float", "α", True)
    assert (rate.minimum, rate.exclusive_minimum, rate.maximum) == (0, True, 1)
    assert rate.bounds == "above 0, at most 1"
    assert [info.kind for info in describe(Example)] == ["float", "int", "ints", "choice", "bool"]
