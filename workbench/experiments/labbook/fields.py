"""The parameters of runs by name: which there are, how one is called, what a run has there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.core.params import ParamInfo, describe
from workbench.core.registry import KINDS, get, names, unknown
from workbench.experiments.config import SECTIONS, ExperimentConfig
from workbench.experiments.training_params import TrainingParams

Values = Mapping[str, Any]
"""What a run has at each dotted name, e.g. ``algorithm.inner_rate``."""
GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "λ": "lambda", "μ": "mu", "τ": "tau"}
_Parts = tuple[tuple[str, str, type], ...]


def values_of(config: ExperimentConfig) -> dict[str, Any]:
    """All parameters of a configuration, in the order that they are declared in."""
    sections = config.to_json()
    return {f"{part}.{name}": v for part in SECTIONS for name, v in sections[part].items()}


def parameters() -> Mapping[str, ParamInfo]:
    """Every parameter of every registered part by its dotted name, without the parts' names."""
    parts = ((kind, name, get(kind, name).params) for kind in KINDS for name in names(kind))
    return _described((*parts, ("training", "", TrainingParams)))


@lru_cache(maxsize=4)
def _described(parts: _Parts) -> Mapping[str, ParamInfo]:
    found: dict[str, ParamInfo] = {}
    for section, _, params in parts:
        for info in describe(params):
            found.setdefault(f"{section}.{info.name}", info)
    return found


def candidates(name: str) -> tuple[str, ...]:
    """The parameters that a name stands for, of which a run has one at most.

    A name is dotted, a last part that only one section has, or a symbol (``α``, ``alpha``).
    Raises `BadInput` for one that is not known, or could be several.
    """
    known = parameters()
    if name in known:
        return (name,)
    found = [dotted for dotted in known if dotted.partition(".")[2] == name]
    if len(found) > 1:
        raise BadInput(
            name, marked("could be several"), marked("Write {0}").format(" or ".join(found))
        )
    if found:
        return tuple(found)
    symbols = [d for d, info in known.items() if info.symbol and name in spelled(info.symbol)]
    if not symbols:
        raise unknown(name, name, (*known, *(dotted.partition(".")[2] for dotted in known)))
    return tuple(symbols)


def spelled(symbol: str) -> tuple[str, ...]:
    """``α`` and ``alpha``."""
    return (symbol, GREEK[symbol]) if symbol in GREEK else (symbol,)


def value_at(values: Values, names: tuple[str, ...]) -> Any:
    """What a run has there; None where it has no such parameter."""
    return next((values[name] for name in names if name in values), None)


def differing(runs: Sequence[Values]) -> list[str]:
    """The dotted names whose values are not the same in all runs, in the order of the sections.

    A run that has none there has None. What is alike so far is held against each run as a whole:
    of thousands of runs nearly all agree with it.
    """
    known: dict[str, None] = {}
    alike: dict[str, Any] = {}
    for place, run in enumerate(runs):
        if not run.keys() <= known.keys():
            fresh = dict.fromkeys(name for name in run if name not in known)
            alike |= fresh if place else run
            known |= fresh
        if not alike.items() <= run.items():
            alike = {name: value for name, value in alike.items() if run.get(name) == value}
    apart = [name for name in known if name not in alike]
    return sorted(apart, key=lambda name: SECTIONS.index(name.partition(".")[0]))


def title(dotted: str) -> str:
    """At the head of a column: the symbol where there is one, else the last part in words."""
    info, (section, _, last) = parameters().get(dotted), dotted.partition(".")
    if last == "name":
        return section
    return info.symbol if info is not None and info.symbol else last.replace("_", " ")


def shown(value: Any) -> str:
    """A value as short as a person writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)


def said(dotted: str, value: Any) -> str:
    """A parameter and its value in a name: ``α 0.4``, ``3 steps``, ``filters 64``."""
    if dotted == "algorithm.inner_steps":
        return marked("1 step") if value == 1 else marked("{0} steps").format(shown(value))
    if dotted.endswith(".name"):
        return shown(value)
    return f"{title(dotted)} {shown(value)}"


def refuse_unordered(name: str) -> BadInput:
    """The refusal to ask for more or less of what has no order."""
    return BadInput(
        name, marked("has no more or less"), marked("Write {0}:VALUE").format(brief(name)[1:-1])
    )
