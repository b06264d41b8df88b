"""What a study does: the experiment, what of it is searched, how, and for how long."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.search import space as spaces
from workbench.experiments.search.space import Space

Sampler = Literal["tpe", "gp", "random", "grid"]
Pruner = Literal["none", "median", "hyperband"]
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
PRUNERS: tuple[Pruner, ...] = get_args(Pruner)
GRID_POINTS = 5
MAX_GRID = 10_000
MAX_SECONDS = 10**7
MAX_CORES = 1024
SCHEMA = 1


@dataclass(frozen=True)
class Plan:
    """``trials`` counts all of the study, whoever does them; 0 is no bound.

    A grid ends by itself.
    """

    config: ExperimentConfig
    space: Space
    sampler: Sampler = "tpe"
    pruner: Pruner = "none"
    trials: int = 0
    points: int = GRID_POINTS
    """Of a grid, along each range."""
    seed: int = 0
    """Of the sampler; each trial has the seed of its experiment."""
    seconds: float = 0.0
    """A turn of work ends after so long, and whoever goes on has as long again; 0 is no bound."""
    cores: int = 1
    """So many trials at a time in a turn, each in a process of its own."""

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= MAX_SECONDS:
            raise BadInput(
                "seconds",
                marked("are not between 0 and {0}").format(f"{MAX_SECONDS:,}"),
                marked("Give how long to search"),
            )
        if not 1 <= self.cores <= MAX_CORES:
            raise BadInput("cores", marked("are not between 1 and {0}").format(MAX_CORES))
        if self.trials < 0:
            raise BadInput("trials", marked("is below 0"), marked("Give a number above 0"))
        if self.sampler == "grid":
            self._check_grid()

    @property
    def count(self) -> int:
        """How many trials it is to have, or a grid may have; 0 where no number bounds them."""
        if self.sampler != "grid":
            return self.trials
        return min(self._grid_size, self.trials or self._grid_size)

    @property
    def _grid_size(self) -> int:
        return math.prod(len(one.points(self.points)) for one in self.space)

    def experiment(self, values: Mapping[str, Any]) -> ExperimentConfig:
        """What a trial with these values trains. Raises `BadInput`.

        Trials that run beside each other take a share of the cores each.
        """
        config = spaces.with_values(self.config, values)
        if self.cores == 1 or config.training.workers:
            return config
        share = max(1, (os.cpu_count() or 1) // self.cores)
        return config.replaced({"training": {"workers": share}})

    def check_end(self, where: str) -> None:
        """Raises `BadInput` at ``where`` if neither trials, points nor seconds end the search."""
        if not self.count and not self.seconds:
            raise BadInput(
                where,
                marked("the search has no end"),
                marked("Give a number of trials, or of seconds"),
            )

    def _check_grid(self) -> None:
        """As large as it may be, and with points to choose from."""
        if self.points < 2:
            raise BadInput("points", marked("a grid has at least 2 along a range"))
        if (size := self._grid_size) > MAX_GRID:
            raise BadInput(
                "points",
                marked("make a grid of {0} trials; at most {1} can be done").format(
                    f"{size:,}", f"{MAX_GRID:,}"
                ),
                marked("Give fewer points, or another sampler"),
            )

    def to_json(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA,
            "config": self.config.to_record(),
            "space": spaces.to_json(self.space),
            "sampler": self.sampler,
            "pruner": self.pruner,
            "trials": self.trials,
            "points": self.points,
            "seed": self.seed,
            "seconds": self.seconds,
            "cores": self.cores,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any], where: str) -> Plan:
        """Raises `BadInput` that names the place at fault."""
        found = strictly(_File, values, where)
        return cls(
            ExperimentConfig.from_json(found.config),
            spaces.from_json(found.space, where),
            found.sampler,
            found.pruner,
            found.trials,
            found.points,
            found.seed,
            found.seconds,
            found.cores,
        )


class _File(Strict):
    schema_version: Literal[1]
    config: dict[str, Any]
    space: list[dict[str, Any]]
    sampler: Sampler
    pruner: Pruner
    trials: int
    points: int
    seed: int
    seconds: float = 0.0
    cores: int = 1
