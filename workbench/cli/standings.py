"""The table of a race, and the sentences below it."""

from __future__ import annotations

from typing import Any

from workbench import terminal
from workbench.cli.numbers import measured_alike
from workbench.cli.table import print_table, print_text


def print_race(result: dict[str, Any]) -> None:
    """The table; then who could not race or did not finish, and who raced with other settings."""
    seeds = ", ".join(map(str, result["seeds"]))
    ((unit, budget),) = result["budget"].items()
    terminal.write()
    print_text(
        f"{budget:,} {unit} each, seed {seeds}; {result['metric']} on {result['tasks']:,} test "
        "tasks, mean ± 95 % CI over tasks"
    )
    measured = [row for row in result["contenders"] if row["steps"]]
    if measured:
        _print_measured(measured, result["metric"])
        terminal.write()
    for row in result["contenders"]:
        if row["problem"] or not row["steps"]:
            print_text(f"{row['title']}: {row['problem'] or 'not run'}")
    for row in result["contenders"]:
        if row["own"]:
            print_text(f"{row['title']} with {settings(row['own'])}")


def settings(own: dict[str, dict[str, Any]]) -> str:
    """``algorithm.inner_rate 0.001, training.optimizer sgd``."""
    return ", ".join(f"{s}.{name} {value}" for s, fs in own.items() for name, value in fs.items())


def _print_measured(rows: list[dict[str, Any]], metric: str) -> None:
    ends = [(row["steps"][0], row["steps"][-1]) for row in rows]
    before, after = (
        measured_alike(metric, [(end[place]["mean"], end[place]["ci95"]) for end in ends])
        for place in (0, 1)
    )
    header = ("algorithm", f"{metric} before", "after", "step", "each seed", "transductive")
    cells = [
        (
            row["title"],
            before[place],
            after[place],
            str(row["steps"][-1]["step"]),
            each_seed(row, metric) if len(row["seeds"]) > 1 else "",
            "yes" if row["transductive"] else "no",
            f"{row['iterations']:,.0f}",
            f"{row['seconds']:.1f}",
            f"{row['parameters']:,}",
        )
        for place, row in enumerate(rows)
    ]
    print_table((*header, "iterations", "seconds", "parameters"), cells)


def each_seed(row: dict[str, Any], metric: str) -> str:
    """How far seeds lie apart."""
    last = [seed["steps"][-1] for seed in row["seeds"]]
    cells = measured_alike(metric, [(step["mean"], step["ci95"]) for step in last])
    return ", ".join(cell.partition(" ")[0] for cell in cells)
