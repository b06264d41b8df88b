"""Small tables of ratings, and families over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.experiments import catalog
from workbench.tasks.ratings import OwnRatings
from workbench.tasks.tastes import Tastes

catalog.load()
USERS, ITEMS, EACH = 30, 24, 14


def rows(users: int = USERS, each: int = EACH) -> list[tuple[str, str, float]]:
    """Every user rates 14 of 24 items; what is given depends on both."""
    return [
        (f"u{user}", f"i{(user + 5 * n) % ITEMS}", 1 + (user * 3 + n * n) % 5)
        for user in range(users)
        for n in range(each)
    ]


def write(file: Path, table: list[tuple[Any, ...]], names: str = "userId,itemId,rating") -> Path:
    lines = [names, *(",".join(map(str, row)) for row in table)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def own(file: Path, **values: Any) -> OwnRatings:
    """Prepared, with four ratings to learn from and four to be asked."""
    sizes = {"shots": 4, "queries": 4, "factors": 2, "features": 8}
    found = _prepared("ratings", {**sizes, "root": str(file), **values})
    assert isinstance(found, OwnRatings)
    return found


def tastes(**values: Any) -> Tastes:
    found = _prepared("tastes", {"users": 200, "each": 30, **values})
    assert isinstance(found, Tastes)
    return found


def _prepared(name: str, values: dict[str, Any]) -> TaskFamily:
    entry = get("task", name)
    family: TaskFamily = entry.build(entry.params.model_validate(values))
    family.prepare(lambda message, fraction: None)
    return family
