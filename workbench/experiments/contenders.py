"""Who races, with which settings: those that all share, and those that an algorithm needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.core import resources
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.core.user_code import Untrusted
from workbench.experiments.arithmetic import operations
from workbench.experiments.config import ExperimentConfig, load_config
from workbench.experiments.sentences import sentence
from workbench.experiments.session import build_algorithm

Settings = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Contender:
    """One algorithm with the experiment it runs, or the sentence why it cannot race."""

    algorithm: str
    title: str
    own: Settings
    """What it runs with otherwise than the others, section by section."""
    config: ExperimentConfig | None = None
    parameters: int = 0
    """Numbers that meta-training learns."""
    operations: float = 0.0
    """Floating-point operations of one outer step; see `experiments.arithmetic`."""
    problem: str = ""


def line_up(
    base: ExperimentConfig, algorithms: Sequence[str], family: TaskFamily
) -> tuple[Contender, ...]:
    """The contenders in the order named; raises `BadInput` when none of them can race.

    Settings are those of ``base``, whose own algorithm races as it is there; others lay over them
    what ``resources/race`` has for the metric of the task, if anything.
    """
    kept = resources.path("race", f"{family.spec.metric}.json")
    own = load_config(kept) if kept.is_file() else {}
    lender = base.algorithm.name
    if lender in own and set(algorithms) != {lender}:
        raise BadInput(
            "algorithm.name",
            marked("the shared settings are those of {0}, which needs some of its own").format(
                lender
            ),
            marked("Start a race of several from a preset of maml"),
        )
    contenders = tuple(
        _enter(base, name, {} if name == lender else own.get(name, {}), family)
        for name in algorithms
    )
    if all(contender.config is None for contender in contenders):
        raise BadInput(
            "--algorithms", contenders[0].problem, marked("Name one that can learn this task")
        )
    return contenders


def _told(own: Settings, base: ExperimentConfig, config: ExperimentConfig) -> Settings:
    """Its own settings, and what had to go with them: a rate has the reduction it was made for."""
    shared, made = (c.to_json()["algorithm"] for c in (base, config))
    together = sorted(config.algorithm.together)
    beside = {f: made[f] for f in together if f in shared and made[f] != shared[f]}
    return {**own, "algorithm": {**own.get("algorithm", {}), **beside}} if beside else own


def _enter(base: ExperimentConfig, name: str, own: Settings, family: TaskFamily) -> Contender:
    title = get("algorithm", name).title
    changes = {**own, "algorithm": {"name": name, **own.get("algorithm", {})}}
    try:
        config = base.replaced(changes)
        algorithm = build_algorithm(config, family)
    except Untrusted:
        raise
    except BadInput as error:
        return Contender(name, title, own, problem=error.problem)
    except (MemoryError, RuntimeError) as error:  # torch has no other name for want of memory
        return Contender(name, title, own, problem=sentence(error))
    own = _told(own, base, config)
    parameters = sum(weight.numel() for weight in algorithm.initial().values())
    algorithm.close()
    return Contender(name, title, own, config, parameters, operations(config, family))
