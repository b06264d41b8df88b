"""A study: what is searched, its trials, and where both are kept.

The study's folder holds the runs and ``search.json``, which says where the trials are stored: by
default in a journal beside it. The plan stands in the storage, so that another machine, which has
only that, can work on the study.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbench.core.errors import BadInput, printable
from workbench.core.files import sweep
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed
from workbench.core.strict import Strict, strictly
from workbench.core.task import TaskFamily
from workbench.experiments.search import storage
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.quiet import quiet
from workbench.experiments.search.samplers import grid, pruner_of
from workbench.experiments.search.trial import State, Trial
from workbench.experiments.store import SEARCH, default_root

if TYPE_CHECKING:
    import optuna

log = logging.getLogger(__name__)
Direction = Literal["maximize", "minimize"]
PLAN = "workbench.plan"
_REMEDY = marked("Open the study by its storage: --storage")


class _Marker(Strict):
    name: str
    storage: str


@dataclass(frozen=True)
class Study:
    """An open study; reads what other processes write as well."""

    name: str
    folder: Path
    place: str
    """Its storage: a file or a URL."""
    plan: Plan
    found: optuna.Study

    @classmethod
    def create(
        cls, plan: Plan, family: TaskFamily, folder: Path | None = None, place: str = ""
    ) -> Study:
        """A new one, in a new folder; raises `BadInput` where something stands there already."""
        folder = (folder or default_root() / _fresh_name(plan)).absolute()
        made = not folder.exists()
        _claim(folder)
        place = place or str(folder / storage.JOURNAL)
        try:
            found = _filled(plan, family, folder.name, place)
        except BadInput:
            if made:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        _mark(folder, folder.name, place)
        return cls(folder.name, folder, place, plan, found)

    @classmethod
    def open(cls, folder: Path, place: str = "") -> Study:
        """One that stands in a folder, or under the folder's name in the storage at ``place``."""
        folder = folder.absolute()
        name = folder.name
        if not place:
            marker = _marker(folder)
            name, place = marker.name, _resolved(marker.storage, folder)
        stored = storage.opened(place)
        plan = _plan_of(stored, name, place)
        found = _made(name, stored, None, plan)
        if not (folder / SEARCH).is_file():
            _claim(folder)
            _mark(folder, name, place)
        return cls(name, folder, place, plan, found)

    @property
    def maximised(self) -> bool:
        return self.found.direction.name == "MAXIMIZE"

    @property
    def metric(self) -> str:
        return (self.found.metric_names or ["value"])[0]

    def trials(self) -> tuple[Trial, ...]:
        """All, in the order in which they were begun."""
        return tuple(Trial.of(one) for one in self.found.get_trials(deepcopy=False))

    def best(self, trials: Sequence[Trial] | None = None) -> Trial | None:
        """The completed one that did best on validation; nothing before there is one."""
        done = [
            one
            for one in (self.trials() if trials is None else trials)
            if one.state is State.COMPLETE and one.score is not None
        ]
        sign = -1 if self.maximised else 1
        return min(done, key=lambda one: (sign * (one.score or 0.0), one.number), default=None)

    def counts(self) -> Counter[State]:
        return Counter(trial.state for trial in self.trials())

    def is_over(self, trials: Sequence[Trial] | None = None) -> bool:
        """Whether nothing is left to be done: no trial to begin, and none to go on with."""
        found = Counter(one.state for one in (self.trials() if trials is None else trials))
        if found[State.RUNNING] or found[State.STOPPED]:
            return False
        begun = found.total() - found[State.WAITING]
        enough = 0 < self.plan.trials <= begun
        return enough or (self.plan.sampler == "grid" and not found[State.WAITING])

    def planned(self, **terms: Any) -> Study:
        """With other trials, seconds or cores, for everybody who begins to work on it later."""
        plan = replace(self.plan, **terms)
        self.found.set_user_attr(PLAN, plan.to_json())
        return replace(self, plan=plan)


def _filled(plan: Plan, family: TaskFamily, name: str, place: str) -> optuna.Study:
    """A new one in its storage, with the plan, and with every point of a grid waiting.

    The storage hands each point to one process alone.
    """
    judged = family.spec.objective.judged_by
    direction: Direction = "maximize" if judged.larger_is_better else "minimize"
    found = _made(name, storage.opened(place), direction, plan)
    found.set_user_attr(PLAN, plan.to_json())
    with quiet():
        found.set_metric_names([judged.name])
    for point in grid(plan) if plan.sampler == "grid" else ():
        found.enqueue_trial(point)
    return found


def _made(name: str, stored: Any, direction: Direction | None, plan: Plan) -> optuna.Study:
    import optuna

    pruner = pruner_of(plan)
    with quiet():
        try:
            if direction is None:
                return optuna.load_study(study_name=name, storage=stored, pruner=pruner)
            return optuna.create_study(
                study_name=name, storage=stored, direction=direction, pruner=pruner
            )
        except optuna.exceptions.DuplicatedStudyError as error:
            raise BadInput(
                "--study",
                marked("there is a study {0} in this storage").format(printable(name)),
                marked("Go on with it by --study, or choose another name"),
            ) from error


def _plan_of(stored: Any, name: str, place: str) -> Plan:
    known = {study.study_name: study for study in stored.get_all_studies()}
    if name not in known:
        raise BadInput(
            place,
            marked("has no study {0}").format(printable(name)),
            marked("Choose from {0}").format(", ".join(map(printable, known)) or "-"),
        )
    kept = known[name].user_attrs.get(PLAN)
    if kept is None:
        raise BadInput(
            place,
            marked("its study {0} is not of this program").format(printable(name)),
            marked("Start a new study"),
        )
    return Plan.from_json(kept, place)


def _claim(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        taken = any(folder.iterdir())
    except OSError as error:
        raise BadInput(
            str(folder),
            marked("cannot be written ({0})").format(error.strerror),
            marked("Choose another directory"),
        ) from error
    if taken:
        raise BadInput(
            str(folder), marked("is not empty"), marked("Choose a new directory for the study")
        )


def _mark(folder: Path, name: str, place: str) -> None:
    own = str(folder / storage.JOURNAL)
    write_sealed(folder / SEARCH, {"name": name, "storage": "" if place == own else place})


def _marker(folder: Path) -> _Marker:
    if not (folder / SEARCH).is_file():
        raise BadInput(
            str(folder),
            marked("holds no study"),
            marked("Choose the folder that holds {0}").format(SEARCH),
        )
    return strictly(_Marker, read_sealed(folder / SEARCH, remedy=_REMEDY), str(folder / SEARCH))


def _resolved(place: str, folder: Path) -> str:
    """A folder that was moved takes its journal along."""
    return place or str(folder / storage.JOURNAL)


def _fresh_name(plan: Plan) -> str:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    return f"{stamp}-search-{plan.config.task.name}-{uuid.uuid4().hex[:4]}"
