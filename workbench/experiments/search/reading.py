"""A dimension of a search from text, as a flag and a form write it.

algorithm.inner_rate             the field's own bounds and scale
algorithm.inner_rate=1e-3..1     a range, on the field's own scale
algorithm.inner_rate=log:1e-3..1 a range, on this scale (``log`` or ``linear``)
algorithm.steps=1,3,5            choices
model.hidden=40,40/80,80         choices of lists
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.core import entries
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import ParamInfo
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.search.space import (
    Choices,
    Dimension,
    Interval,
    Space,
    Value,
    default_of,
    info_of,
    ordered,
    with_values,
)

SCALES = ("log", "linear")


def read_space(texts: Sequence[str], config: ExperimentConfig) -> Space:
    """The dimensions; raises `BadInput` for a field or a value that the experiment cannot have."""
    split = [text.partition("=") for text in texts]
    names = {field.strip(): given for field, _, given in split if field.strip().endswith(".name")}
    found: dict[str, Dimension] = {}
    for field, equals, given in split:
        field = field.strip()
        if field in found:
            raise BadInput(field, marked("is searched twice"), marked("Give it once"))
        parts = _listed(names.get(f"{field.partition('.')[0]}.name", ""))
        if not equals:
            found[field] = default_of(config, field)
        else:
            found[field] = _read(given.strip(), field, info_of(config, field, parts))
        _try(found[field], config, parts)
    if not found:
        raise BadInput(
            "search", marked("nothing is searched"), marked("Give a field a range or choices")
        )
    return ordered(tuple(found.values()))


def text_of(field: str, given: str) -> str:
    """As `read_space` takes it; nothing given is the field's own bounds and scale."""
    return f"{field}={given}" if given.strip() else field


def faults(given: Sequence[tuple[str, str]], config: ExperimentConfig) -> dict[str, BadInput]:
    """What is wrong with fields by themselves, each beside the names of parts that are searched."""
    names = [text_of(*one) for one in given if one[0].endswith(".name")]
    found: dict[str, BadInput] = {}
    for field, text in given:
        own = text_of(field, text)
        try:
            read_space([own, *(name for name in names if name != own)], config)
        except BadInput as error:
            if error.where == field:
                found[field] = error
    return found


def default_text(config: ExperimentConfig, field: str) -> str:
    """What is searched where nothing is given; empty where a field has no bounds of its own."""
    try:
        return written(default_of(config, field))
    except BadInput:
        return ""


def written(one: Dimension) -> str:
    """The text after the field that `read_space` takes for this dimension."""
    if isinstance(one, Interval):
        scale = "log" if one.log else "linear"
        return f"{scale}:{one.low:.6g}..{one.high:.6g}"
    texts = [str(value) for value in one.values]
    return ("/" if any("," in text for text in texts) else ",").join(texts)


def check_space(space: Space, config: ExperimentConfig) -> None:
    """Raises `BadInput` for a field or a value that this experiment cannot have."""
    names = {one.field: one.points(1) for one in space if one.field.endswith(".name")}
    for one in space:
        parts = [str(name) for name in names.get(f"{one.field.partition('.')[0]}.name", ())]
        info_of(config, one.field, parts)
        _try(one, config, parts)


def _read(given: str, field: str, info: ParamInfo) -> Dimension:
    scale, colon, rest = given.partition(":")
    if ".." in given and info.kind in ("int", "float"):
        scaled = colon and scale.strip() in SCALES
        return _interval(rest if scaled else given, scale.strip() if scaled else "", field, info)
    separator = "/" if info.kind == "ints" else ","
    values = tuple(dict.fromkeys(_value(text, field, info) for text in given.split(separator)))
    if len(values) < 2:
        raise BadInput(
            field,
            marked("one value is nothing to choose from"),
            marked("Give a range, e.g. {0}, or two values").format("0.001..1"),
        )
    return Choices(field, values)


def _interval(text: str, scale: str, field: str, info: ParamInfo) -> Interval:
    low, high = (_number(end, field, info) for end in text.split("..", 1))
    if low >= high:
        raise BadInput(
            field,
            marked("{0} is not below {1}").format(f"{low:g}", f"{high:g}"),
            marked("Write the smaller one first"),
        )
    log = scale == "log" if scale else info.log_scale and low > 0
    if log and low <= 0:
        raise BadInput(
            field,
            marked("a log scale begins above 0"),
            marked("Give a smallest value, or write {0}").format("linear:"),
        )
    return Interval(field, low, high, log, info.kind == "int")


def _value(text: str, field: str, info: ParamInfo) -> Value:
    try:
        value = entries.taken(text.strip(), info.kind)
    except ValueError as error:
        raise BadInput(field, str(error)) from error
    if info.kind in ("ints", "path"):
        return text.strip()
    return value  # type: ignore[no-any-return]


def _number(text: str, field: str, info: ParamInfo) -> float:
    return float(_value(text, field, info))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _try(one: Dimension, config: ExperimentConfig, parts: Sequence[str]) -> None:
    """Every choice, and both ends of a range, in an experiment that has the field."""
    ends = one.values if isinstance(one, Choices) else _ends(one)
    bases = list(_bases(config, one.field, parts))
    for value in ends:
        refusals = []
        for base in bases:
            try:
                with_values(base, {one.field: value})
            except BadInput as error:
                refusals.append(error)
        if len(refusals) == len(bases) and refusals:
            raise refusals[0]


def _ends(one: Interval) -> tuple[Value, Value]:
    return (int(one.low), int(one.high)) if one.whole else (one.low, one.high)


def _bases(
    config: ExperimentConfig, field: str, parts: Sequence[str]
) -> Iterator[ExperimentConfig]:
    """The experiment, and what it is with each other part, as far as that has the field."""
    section, _, name = field.partition(".")
    others = () if name == "name" else parts
    for part in ("", *others):
        base = with_values(config, {f"{section}.name": part}) if part else config
        if name == "name" or name in type(getattr(base, section)).model_fields:
            yield base
