"""What the window knows of a method beyond its declaration: its kind, and what it has to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import BadInput
from workbench.gui.style import words

if TYPE_CHECKING:
    from workbench.core.registry import Entry
    from workbench.core.task import ProblemSpec
    from workbench.experiments.config import ExperimentConfig

METRIC = ("protonet", "matching", "relation", "r2d2")


def tr(text: str) -> str:
    return QCoreApplication.translate("Methods", text)


def grouped(names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Titles of kinds of methods with their members; methods of no known kind come last."""
    kinds = (
        (
            tr("Learned initialisation"),
            ("maml", "fomaml", "reptile", "imaml", "anil", "boil", "proto_maml"),
        ),
        (tr("Learned inner loop"), ("meta_sgd", "maml_plus_plus", "meta_curvature", "cavia")),
        (tr("Metric and ridge learners"), METRIC),
        (tr("Transfer and floors"), ("transfer", "random_init", "nearest_neighbour")),
    )
    known = {name for _, members in kinds for name in members}
    others = (tr("Others"), tuple(name for name in names if name not in known))
    found = [(title, [n for n in members if n in names]) for title, members in (*kinds, others)]
    return [(title, members) for title, members in found if members]


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
class LossWords:
    """What the two losses of an outer step are measured on. An empty one is not drawn."""

    support: str
    query: str
    unit: str


def losses(config: ExperimentConfig) -> LossWords:
    name, unit = config.algorithm.name, _unit(config)
    if name == "reptile":
        return LossWords(tr("before, all items"), tr("after, the items trained on"), unit)
    if name == "transfer":
        return LossWords("", tr("all tasks jointly"), unit)
    if name in METRIC:
        return LossWords(tr("support, by itself"), tr("query"), unit)
    return LossWords(tr("support, before"), tr("query, after"), unit)


def _unit(config: ExperimentConfig) -> str:
    from workbench.core import registry

    spec = registry.get("task", config.task.name).build(config.task).spec
    if not spec.labels:
        return words.axis_title(spec.metric)
    if getattr(config.algorithm, "objective", "") == "squared":
        return tr("squared error of the scores")
    return tr("cross-entropy")
