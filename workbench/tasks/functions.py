"""Functions of one input whose numbers are drawn anew for each task.

The sine is that of C. Finn, P. Abbeel, S. Levine, ICML 2017, section 5.1. Lines have slope and
intercept in [-3, 3]; a mixture of sines and lines is that of C. Finn, K. Xu, S. Levine,
"Probabilistic Model-Agnostic Meta-Learning", NeurIPS 2018, without their noise. The ranges of the
others are chosen so that values are of the size of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from workbench.core.marked import marked

Numbers = Sequence[Tensor | float]
Name = Literal["sine", "linear", "quadratic", "step", "harmonic", "mixture"]
HALF = 0.5


@dataclass(frozen=True)
class Number:
    """One that settles a function: how it is called, and what it is drawn from."""

    name: str
    low: float
    high: float
    tip: str
    reach: tuple[float, float] | None = None
    """How far it can be set by hand, where that is beyond what is drawn."""


@dataclass(frozen=True)
class Function:
    """``value`` of numbers and places ``x``, all of shapes that broadcast; ``written`` is a title.

    ``features [..., f]`` are what it is linear in, so that least squares on enough points is exact;
    None where it is linear in nothing that does not depend on its numbers.
    """

    name: Name
    numbers: tuple[Number, ...]
    value: Callable[[Numbers, Tensor], Tensor]
    written: Callable[[Sequence[float]], str]
    height: float
    """Values are within plus and minus this."""
    features: Callable[[Tensor], Tensor] | None = None
    used: Callable[[Sequence[float]], tuple[int, ...]] | None = None
    """Which of the numbers matter; all of them where it is None."""

    def __reduce__(self) -> tuple[Callable[[str], Function], tuple[str]]:
        """Known by its name: what it computes with is code."""
        return of, (self.name,)


def of(name: str) -> Function:
    return FUNCTIONS[name]


def _basis(*parts: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda x: torch.cat([part(x) for part in parts], -1)


def _double(part: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda x: part(2 * x)


def _sine(n: Numbers, x: Tensor) -> Tensor:
    return n[0] * torch.sin(x - n[1])


def _line(n: Numbers, x: Tensor) -> Tensor:
    return n[0] * x + n[1]


def _step(n: Numbers, x: Tensor) -> Tensor:
    after = (x >= n[2]).to(x.dtype)
    return n[0] + after * (n[1] - n[0])


def _harmonic(n: Numbers, x: Tensor) -> Tensor:
    return n[0] * torch.sin(x - n[1]) + n[2] * torch.sin(2 * x - n[3])


def _mixture(n: Numbers, x: Tensor) -> Tensor:
    line = torch.as_tensor(n[4]) >= HALF
    return torch.where(line, _line(n[2:4], x), _sine(n[:2], x))


def _sine_written(n: Sequence[float]) -> str:
    return f"{n[0]:.2f} · sin(x - {n[1]:.2f})"


def _line_written(n: Sequence[float]) -> str:
    return f"{n[0]:.2f} · x {_signed(n[1])}"


def _mixture_written(n: Sequence[float]) -> str:
    return _line_written(n[2:4]) if n[4] >= HALF else _sine_written(n)


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'} {abs(value):.2f}"


_AMPLITUDE = Number(
    marked("amplitude"),
    0.1,
    5.0,
    marked("Height of the true curve; points that lie on it follow"),
)
_PHASE = Number(
    marked("phase"),
    0.0,
    math.pi,
    marked("Shift of the true curve to the right; points that lie on it follow"),
    (-math.pi, 2 * math.pi),
)
_SLOPE = Number(
    marked("slope"), -3.0, 3.0, marked("How steep the line is; points that lie on it follow")
)
_INTERCEPT = Number(
    marked("intercept"), -3.0, 3.0, marked("Value at x = 0; points that lie on it follow")
)

SINE = Function(
    "sine", (_AMPLITUDE, _PHASE), _sine, _sine_written, 6.0, _basis(torch.sin, torch.cos)
)
_LINEAR = Function(
    "linear",
    (_SLOPE, _INTERCEPT),
    _line,
    _line_written,
    18.0,
    _basis(torch.ones_like, lambda x: x),
)
_QUADRATIC = Function(
    "quadratic",
    (
        Number(marked("curvature"), -0.4, 0.4, marked("Of the parabola; points on it follow")),
        Number(marked("slope"), -1.0, 1.0, marked("At x = 0; points on the parabola follow")),
        _INTERCEPT,
    ),
    lambda n, x: n[0] * x * x + n[1] * x + n[2],
    lambda n: f"{n[0]:.2f} · x² {_signed(n[1])} · x {_signed(n[2])}",
    18.0,
    _basis(torch.ones_like, lambda x: x, torch.square),
)
_STEP = Function(
    "step",
    (
        Number(marked("before"), -3.0, 3.0, marked("Value before the step")),
        Number(marked("behind"), -3.0, 3.0, marked("Value behind the step")),
        Number(marked("place"), -4.0, 4.0, marked("Where the step is"), (-5.0, 5.0)),
    ),
    _step,
    lambda n: f"{n[0]:.2f} | {n[1]:.2f}, x = {n[2]:.2f}",
    4.0,
)
_HARMONIC = Function(
    "harmonic",
    (
        _AMPLITUDE,
        _PHASE,
        Number(marked("amplitude 2"), 0.1, 5.0, marked("Of the sine of twice the frequency")),
        Number(
            marked("phase 2"),
            0.0,
            math.pi,
            marked("Of the sine of twice the frequency"),
            (-math.pi, 2 * math.pi),
        ),
    ),
    _harmonic,
    lambda n: f"{_sine_written(n)} + {n[2]:.2f} · sin(2x - {n[3]:.2f})",
    10.5,
    _basis(torch.sin, torch.cos, _double(torch.sin), _double(torch.cos)),
)
_MIXTURE = Function(
    "mixture",
    (
        _AMPLITUDE,
        _PHASE,
        _SLOPE,
        _INTERCEPT,
        Number(marked("kind"), 0.0, 1.0, marked("Below ½ a sine, from ½ on a line")),
    ),
    _mixture,
    _mixture_written,
    18.0,
    _basis(torch.sin, torch.cos, torch.ones_like, lambda x: x),
    lambda n: (2, 3, 4) if n[4] >= HALF else (0, 1, 4),
)
FUNCTIONS: dict[str, Function] = {
    one.name: one for one in (SINE, _LINEAR, _QUADRATIC, _STEP, _HARMONIC, _MIXTURE)
}
