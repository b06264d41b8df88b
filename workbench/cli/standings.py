"""The table of a race, and the sentences below it."""

from __future__ import annotations

from typing import Any

from workbench import terminal
from workbench.cli.numbers import difference_texts, measured, measured_alike, medians
from workbench.cli.table import print_table, print_text
from workbench.core.curve import Measure
from workbench.core.registry import get
from workbench.experiments import arithmetic

DIVERGED = " †"


def print_race(result: dict[str, Any]) -> None:
    """The table; then who could not race or did not finish, and who raced with other settings."""
    terminal.write()
    print_text(
        f"{_budget(result)}, seed {', '.join(map(str, result['seeds']))}; {result['metric']} on "
        f"{result['tasks']:,} test tasks, mean with 95 % CI over tasks{_over_seeds(result)}"
    )
    shown = [row for row in result["contenders"] if row["steps"]]
    if shown:
        _print_measured(shown, result["metric"])
        terminal.write()
    compared = [row for row in result["contenders"] if row["rank"] is not None]
    if len(compared) > 1:
        _print_compared(compared, result["metric"])
        terminal.write()
    for row in result["contenders"]:
        if row["problem"] or not row["steps"]:
            print_text(f"{row['title']}: {row['problem'] or 'not run'}")
    for row in result["contenders"]:
        if row["own"]:
            print_text(f"{row['title']} with {settings(row['own'])}")


def _budget(result: dict[str, Any]) -> str:
    ((unit, budget),) = result["budget"].items()
    if unit != "arithmetic":
        return f"{budget:,} {unit} each"
    shared = get("algorithm", result["config"]["algorithm"]["name"]).title
    return f"as much arithmetic each as {budget:,} iterations of {shared}"


def _over_seeds(result: dict[str, Any]) -> str:
    """What the interval over seeds covers; nothing where there is none."""
    if len(result["seeds"]) < 2:
        return ""
    told = " and over seeds (Student's t)"
    if "split_seed" not in result["config"]["task"]:
        return told
    each = "classes of its own" if result["split_by_seed"] else "the same classes"
    return f"{told}, each of which holds out {each}"


def settings(own: dict[str, dict[str, Any]]) -> str:
    """``algorithm.inner_rate 0.001, training.optimizer sgd``."""
    return ", ".join(f"{s}.{name} {value}" for s, fs in own.items() for name, value in fs.items())


def _print_measured(rows: list[dict[str, Any]], metric: str) -> None:
    ends = [[Measure.of(row["steps"][place]) for row in rows] for place in (0, -1)]
    before, after = (measured_alike(metric, values) for values in ends)
    median = medians(metric, ends[1])
    header = ("algorithm", f"{metric} before", "after", "median", "step", "each seed", "over seeds")
    cells = [
        (
            row["title"] + (DIVERGED if row["diverged"] else ""),
            before[place],
            after[place],
            median[place],
            str(row["steps"][-1]["step"]),
            each_seed(row, metric) if len(row["seeds"]) > 1 else "",
            measured(metric, found["mean"], found["ci95"]) if (found := row["over_seeds"]) else "",
            "yes" if row["transductive"] else "no",
            f"{row['iterations']:,.0f}",
            f"{row['seconds']:.1f}",
            arithmetic.in_words(row["iterations"] * row["operations"]),
            f"{row['parameters']:,}",
        )
        for place, row in enumerate(rows)
    ]
    spent = ("iterations", "seconds", "arithmetic", "parameters")
    print_table((*header, "transductive", *spent), cells)


def _print_compared(rows: list[dict[str, Any]], metric: str) -> None:
    """Ranks, and differences to the reference on the very same tasks."""
    cells = [
        (
            row["title"] + (DIVERGED if row["diverged"] else ""),
            "" if row["rank"] is None else f"{row['rank']:.3g}",
            *difference_cells(row, metric),
        )
        for row in rows
    ]
    to = next((row["difference"]["to"] for row in rows if row["difference"]), "")
    print_table(("algorithm", "rank", f"minus {to}, 95 % CI", "median", "better on"), cells)
    if any(row["diverged"] for row in rows):
        terminal.write()
        print_text(
            f"{DIVERGED.strip()} diverged with a seed and counts as last there; its numbers are "
            "those of its best weights."
        )


def difference_cells(row: dict[str, Any], metric: str) -> tuple[str, str, str]:
    """``-0.112 ± 0.020``, its median, and on how many of the shared tasks it did better."""
    found = row["difference"]
    if found is None:
        return "", "", ""
    return *difference_texts(metric, found), f"{found['better']:,} of {found['tasks']:,} tasks"


def each_seed(row: dict[str, Any], metric: str) -> str:
    """How far seeds lie apart."""
    cells = measured_alike(metric, [Measure.of(seed["steps"][-1]) for seed in row["seeds"]])
    return ", ".join(cell.partition(" ")[0] for cell in cells)
