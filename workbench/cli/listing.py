"""``list``: the parts, presets and runs there are."""

from __future__ import annotations

import argparse
from typing import Any

from workbench import terminal
from workbench.cli import consent, plugins, runs
from workbench.cli.arguments import add_json
from workbench.cli.table import print_table
from workbench.core.errors import printable
from workbench.core.params import ParamInfo, describe
from workbench.core.registry import Entry, Kind, get, names
from workbench.experiments import catalog

_KINDS: dict[str, Kind] = {"tasks": "task", "models": "model", "algorithms": "algorithm"}
_NO_PLUGINS = "no package is installed that adds to the workbench: see docs/plugins.md"
_RARE = ("package",)
"""Columns that are shown where one row at least has something to say in them."""


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "list",
        help="show what there is to choose from",
        description="Show what there is to choose from.",
    )
    parser.add_argument("what", choices=(*_KINDS, "presets", "runs", "plugins"))
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    if given.what == "runs":
        return runs.run(given)
    if given.what == "presets":
        rows = [_preset(preset) for preset in catalog.presets()]
    elif given.what == "plugins":
        rows = plugins.rows()
        plugins.say_untrusted()
    else:
        catalog.load()
        kind = _KINDS[given.what]
        rows = [_part(get(kind, name)) for name in names(kind)]
        plugins.say_untrusted(kind)
    if not given.json:
        _print(rows, given.what)
    return {given.what: rows}, 0


def _print(rows: list[dict[str, Any]], what: str) -> None:
    if not rows:
        terminal.write(_NO_PLUGINS)
    elif what == "presets":
        # A summary is long: it stands below the title, not in a third narrow column.
        cells = [(row["name"], f"{row['title']}\n{row['summary']}") for row in rows]
        print_table(("name", "experiment"), cells, apart=True)
    else:
        shown = [name for name in rows[0] if name not in ("params", "sha256")]
        shown = [name for name in shown if name not in _RARE or any(row[name] for row in rows)]
        print_table(shown, [[printable(row[name]) for name in shown] for row in rows])


def _part(entry: Entry) -> dict[str, Any]:
    params = [_param(info) for info in describe(entry.params)]
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "package": str(entry.origin or ""),
        "params": params,
    }


def _param(info: ParamInfo) -> dict[str, Any]:
    default = list(info.default) if isinstance(info.default, tuple) else info.default
    return {
        "name": info.name,
        "kind": info.kind,
        "default": default if isinstance(default, (int, float, bool, list)) else str(default),
        "symbol": info.symbol,
        "bounds": info.bounds,
        "choices": list(info.choices),
        "help": info.help,
    }


def _preset(preset: catalog.Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "title": preset.title,
        "summary": preset.summary,
        "config": preset.config.to_json(),
    }
