"""How a race stands, read from its folder alone: whoever runs it, and while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.events import Reason
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.labbook.learned import Learned, read_learned
from workbench.experiments.queue.work import RaceOfMany
from workbench.experiments.race_terms import Terms
from workbench.experiments.store import RACE, Run

MAX_BYTES = 64 * 2**20
NOTHING_LEARNED = Learned()


class Stand(StrEnum):
    WAITS = "waits"
    RUNS = "runs"
    STOPPED = "stopped"
    DONE = "done"
    DIVERGED = "diverged"
    FAILED = "failed"


@dataclass(frozen=True)
class LegStanding:
    """One contender with one seed."""

    title: str
    seed: int
    path: Path
    stand: Stand = Stand.WAITS
    iterations: int = 0
    total: int = 0
    """Outer steps it is to take; 0 where that is not known yet."""
    learned: Learned = NOTHING_LEARNED
    test: dict[str, Any] | None = None
    """As ``metrics`` of the command line's contract."""
    told: str = ""
    """Why it failed."""


@dataclass(frozen=True)
class Standing:
    result: dict[str, Any]
    """What ``race.json`` keeps; of what ended since, the legs know."""
    legs: tuple[LegStanding, ...]
    """Seed after seed, as they run."""

    @property
    def over(self) -> bool:
        """Whether running it again would give nothing new."""
        return all(leg.stand in (Stand.DONE, Stand.DIVERGED) for leg in self.legs)

    @property
    def running(self) -> bool:
        return any(leg.stand is Stand.RUNS for leg in self.legs)


def standing_of(folder: Path) -> Standing:
    """Raises `BadInput` where there is no race, or its record is damaged."""
    result = _read(folder)
    total = int(result["config"]["training"]["iterations"])
    legs = (
        _leg(row, int(seed), folder, total)
        for seed in result["seeds"]
        for row in result["contenders"]
        if _can_race(row)
    )
    return Standing(result, tuple(legs))


def race_in(folder: Path) -> RaceOfMany:
    """The race that a folder holds, to go on with; raises `BadInput`."""
    result = _read(folder)
    config = ExperimentConfig.from_json(result["config"])
    terms = Terms("arithmetic" in result["budget"], bool(result["split_by_seed"]))
    names = tuple(str(row["algorithm"]) for row in result["contenders"])
    return RaceOfMany(config, names, tuple(map(int, result["seeds"])), terms)


def _read(folder: Path) -> dict[str, Any]:
    file = folder / RACE
    if not file.is_file():
        raise BadInput(
            str(folder),
            marked("is not the folder of a race"),
            marked("Choose the folder that holds {0}").format(RACE),
        )
    return read_sealed(file, MAX_BYTES)


def _can_race(row: dict[str, Any]) -> bool:
    """Whoever cannot has no numbers to learn, and a reason."""
    return bool(row["parameters"] or row["seeds"] or not row["problem"])


def _leg(row: dict[str, Any], seed: int, folder: Path, total: int) -> LegStanding:
    path = folder / f"{row['algorithm']}-seed{seed}"
    title = str(row["title"])
    if not path.is_dir():
        return LegStanding(title, seed, path, total=total)
    run = Run(path)
    try:
        total, result = run.config().training.iterations, run.result()
    except BadInput as error:
        return LegStanding(title, seed, path, Stand.FAILED, told=str(error))
    learned = read_learned(path)
    if run.is_written:
        return LegStanding(title, seed, path, Stand.RUNS, learned.iterations, total, learned)
    reason = Reason.STOPPED if result is None else result["reason"]
    stand = Stand.DONE if reason == Reason.COMPLETED else Stand(str(reason))
    metrics = (result or {}).get("metrics")
    test = metrics if metrics is not None and metrics["split"] == "test" else None
    told = str((result or {}).get("error", ""))
    return LegStanding(title, seed, path, stand, learned.iterations, total, learned, test, told)
