"""What ``--help`` says of a parameter: what it is, its type, its range and its default."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from workbench import terminal
from workbench.core.entries import Kind
from workbench.core.params import ParamInfo

METAVARS: dict[Kind, str] = {
    "int": "N",
    "float": "X",
    "bool": "YES|NO",
    "choice": "NAME",
    "text": "TEXT",
    "path": "PATH",
    "ints": "N,N",
}
_TYPES: dict[Kind, str] = {
    "int": "whole number",
    "float": "number",
    "bool": "yes or no",
    "text": "text",
    "path": "path",
    "ints": "whole numbers",
}


def formatter() -> Any:
    """Lines as wide as tables are."""
    return partial(argparse.HelpFormatter, max_help_position=30, width=terminal.width())


def of(info: ParamInfo, value: Any) -> str:
    """``Step size of the inner loop (α). Number above 0, at most 10; default 0.4.``"""
    symbol = f" ({info.symbol})" if info.symbol else ""
    what = f"{info.help.rstrip('.')}{symbol}"
    unit = f" {info.unit}" if info.unit else ""
    limits = f"{_type(info)}{unit}"
    told = f"{what}. {limits[:1].upper()}{limits[1:]}; default {shown(value)}."
    return told.replace("%", "%%")


def _type(info: ParamInfo) -> str:
    if info.kind == "choice":
        return f"one of {', '.join(info.choices)}"
    return f"{_TYPES[info.kind]} {info.bounds}".rstrip()


def shown(value: Any) -> str:
    """A value as a flag would be given it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value) if value not in ("", None) else "none"
