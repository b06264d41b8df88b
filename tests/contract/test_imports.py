"""No file imports itself by way of others, not even where only the type checker looks."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imports() -> dict[str, set[str]]:
    """Every module with those it names, at its head, in functions and for the type checker."""
    files = {_module(file): file for file in (ROOT / "workbench").rglob("*.py")}
    return {name: _named(file, files.keys()) - {name} for name, file in files.items()}


def _module(file: Path) -> str:
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def _named(file: Path, known: object) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            inside = {name for name in whole if name in known}  # type: ignore[operator]
            found |= inside | ({node.module} if len(inside) < len(whole) else set())
    return {name for name in found if name in known}  # type: ignore[operator]


def test_there_are_no_circles() -> None:
    graph = imports()
    assert len(graph) > 300 and "workbench.core.task" in graph["workbench.tasks.sinusoid"]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError(" -> ".join(reversed(circle.args[1]))) from None
