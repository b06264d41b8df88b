"""What the window knows of a method beyond its declaration: its kind, and what it has to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import BadInput
from workbench.gui.style import words

if TYPE_CHECKING:
    from workbench.core.registry import Entry, Kind
    from workbench.core.task import ProblemSpec
    from workbench.experiments.config import ExperimentConfig


def tr(text: str) -> str:
    return QCoreApplication.translate("Methods", text)


def grouped(kind: Kind, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Titles of kinds of methods with their members, in the field's order; unknown kinds last.

    Families and models stand in one group without a title.
    """
    if kind != "algorithm":
        return [("", list(names))]
    from workbench.core.algorithm import Group
    from workbench.core.registry import get

    found: dict[str, list[str]] = {group: [] for group in Group}
    for name in sorted(names, key=lambda one: (get("algorithm", one).build.rank, one)):
        found.setdefault(str(get("algorithm", name).build.group), []).append(name)
    return [(tr(title), members) for title, members in found.items() if members]


def ordered(kind: Kind, names: Sequence[str]) -> list[str]:
    """As their list shows them."""
    return [name for _, members in grouped(kind, names) for name in members]


def problem_posed(task: dict[str, Any]) -> ProblemSpec | None:
    """What a draft's task asks of a learner; nothing while its values are at fault."""
    from pydantic import ValidationError

    from workbench.core import registry

    try:
        part = registry.get("task", task["name"])
        spec: ProblemSpec = part.build(part.params.model_validate(task)).spec
    except (BadInput, ValidationError):
        return None
    return spec


def entry(config: ExperimentConfig) -> Entry:
    from workbench.core import registry

    return registry.get("algorithm", config.algorithm.name)


def title(config: ExperimentConfig) -> str:
    return entry(config).title


def task_title(config: ExperimentConfig) -> str:
    from workbench.core import registry

    return registry.get("task", config.task.name).title


def trains(config: ExperimentConfig) -> bool:
    """False for floors, which are measured as they are."""
    return bool(entry(config).build.trains)


@dataclass(frozen=True)
class LossNames:
    """What the two losses of an outer step are called, and their axis. No name: not drawn."""

    support: str
    query: str
    axis: str


def losses(config: ExperimentConfig) -> LossNames:
    """As the method says, in the user's language."""
    from workbench.core import registry

    method = entry(config).build
    spec = registry.get("task", config.task.name).build(config.task).spec
    title = method.loss_title(config.algorithm, spec)
    axis = words.axis_title(spec.metric) if spec.metric_is_loss else tr(title)
    return LossNames(tr(method.losses.support), tr(method.losses.query), axis)
