"""Any environment of gymnasium, the user's own among them, with the numbers that make its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Generator, Tensor

from workbench.core import guarded
from workbench.core.actions import Actions, CategoricalActions
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.named_code import ENVIRONMENT_FILE, content_hash
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import Report, Split
from workbench.core.user_code import UserCode
from workbench.tasks.control import floor
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.gym_world import GymWorld
from workbench.tasks.control.making import made
from workbench.tasks.control.params import ControlParams
from workbench.tasks.control.seen_once import seen_of, seen_of_registered
from workbench.tasks.control.spaces import Spaces
from workbench.tasks.control.task import ControlTask
from workbench.tasks.control.varied import WHERE, Varied


class GymParams(ControlParams):
    name: Literal["gym"] = "gym"
    environment: str = param(
        "CartPole-v1", marked("Id of a registered environment, as gymnasium.make takes it.")
    )
    vary: str = param(
        "length=0.25, 0.5, 0.75, 1; polemass_length=0.025, 0.05, 0.075, 0.1",
        marked("What makes tasks of it: name=1, 2, 3 is a list, name=0.5..2 a range."),
        more=marked(
            "Several stand with ; between. Lists go together, the first of each with the first of "
            "the others, as for numbers that an environment has computed from one another."
        ),
    )
    by: Literal["attributes", "arguments"] = param(
        "attributes",
        marked("Whether they are set on the environment or given when it is made."),
        more=marked("Set, the same environments are used for all tasks, which is faster."),
    )
    held_out: bool = param(
        True,
        marked("Keep a quarter of a list for validation, and a quarter for the test."),
        more=marked("Off, all splits draw from the whole list, and every number says so."),
    )
    path: Path = param(
        Path(),
        marked("Python file with an environment of your own; its class is made in place of an id."),
        advanced=True,
    )
    class_name: str = param(
        "Environment", marked("The gymnasium.Env class in that file."), advanced=True
    )
    sha256: str = content_hash()

    def recorded(self) -> dict[str, Any]:
        return ENVIRONMENT_FILE.record(self.model_dump())

    def changed(self) -> str:
        return ENVIRONMENT_FILE.changed(self.model_dump())


class GymTask(ControlTask):
    """``truth`` holds the numbers of `Varied`, in the order of its names."""


@register("task", "gym", title=marked("Environments of gymnasium"), params=GymParams)
class Gym(ControlFamily):
    """Any environment of gymnasium by its id, or your own from a file; parameters make tasks."""

    params: GymParams
    task = GymTask

    @cached_property
    def varied_by(self) -> Varied:
        return Varied.of(self.params.vary)

    @cached_property
    def _floor(self) -> floor.Floor:
        return {}

    @property
    def actions(self) -> Actions:
        return self._spaces.actions

    @property
    def observed(self) -> int:
        return self._spaces.observed

    @cached_property
    def world(self) -> GymWorld:
        return GymWorld(
            self._make, self._spaces, None if self.params.by == "arguments" else self._settle
        )

    @cached_property
    def _spaces(self) -> Spaces:
        """Of one environment, made for it; raises `BadInput` where it cannot be made."""
        task = self.varied_by.drawn([0], torch.Generator().manual_seed(0)).tolist()
        names = self.varied_by.names
        if ENVIRONMENT_FILE.names(self.params.model_dump()):
            known = seen_of(self._make(task), names)
        else:
            arguments = tuple(self._arguments(task).items())
            known = seen_of_registered(self.params.environment, arguments, names)
        if self.params.by == "attributes":
            known.refuse_missing()
        return known.spaces

    def prepare(self, report: Report) -> None:
        for split in self.splits():
            if self.varied_by.choices and not self._entries(split):
                raise BadInput(
                    WHERE,
                    marked("a list of {0} leaves no task for every split").format(
                        self.varied_by.choices
                    ),
                    marked("Write four values at least, a range, or turn held_out off"),
                )
        few = [] if self.varied_by.ranges else range(self.varied_by.choices)
        draws = torch.Generator().manual_seed(0)
        tasks = [self.varied_by.drawn([number], draws) for number in few]
        found = floor.measured(self.world, self.actions, tasks, self.params.horizon, report)
        self._floor.update(found)
        report(marked("Ready"), 1.0)

    def bounds_of(self, truth: Tensor) -> dict[str, Tensor]:
        found = floor.looked_up(self._floor, truth)
        return {} if found is None else {marked("random moves"): found}

    @property
    def seen_classes(self) -> bool:
        return bool(self.varied_by.choices) and not self.params.held_out

    def truth(self, split: Split, draws: Generator) -> Tensor:
        return self.varied_by.drawn(self._entries(split), draws)

    def checked(self, truth: Tensor) -> Tensor:
        if truth.shape != (len(self.varied_by.names),):
            raise BadInput(
                "scene",
                marked("does not say {0}").format(", ".join(self.varied_by.names)),
                marked("Choose the scene's settings"),
            )
        return truth

    def possible(self, actions: Tensor) -> Tensor:
        chosen = self.actions
        if isinstance(chosen, CategoricalActions):
            whole = (actions == actions.round()) & (actions >= 0) & (actions < chosen.count)
            if not whole.all():
                raise BadInput(
                    marked("Trajectory"),
                    marked("it does what cannot be chosen"),
                    marked("Give whole numbers from 0 to {0}").format(chosen.count - 1),
                )
        return actions

    def title_of(self, truth: Tensor) -> str:
        return ", ".join(f"{name} {value:.3g}" for name, value in self.traits_of(truth).items())

    def traits_of(self, truth: Tensor) -> dict[str, float]:
        return dict(zip(self.varied_by.names, truth.tolist(), strict=True))

    def _entries(self, split: Split) -> list[int]:
        if self.params.held_out:
            return self.varied_by.dealt(split)
        return list(range(self.varied_by.choices))

    def _arguments(self, task: Sequence[float]) -> dict[str, float]:
        given = dict(zip(self.varied_by.names, task, strict=True))
        return given if self.params.by == "arguments" else {}

    def _make(self, task: Sequence[float]) -> Any:
        arguments = self._arguments(task)
        code = ENVIRONMENT_FILE.code(self.params.model_dump())
        if code is None:
            return made(self.params.environment, arguments)
        kind = guarded.run(lambda: _class_of(code, self.params.class_name), code)
        return guarded.run(lambda: kind(**arguments), code)

    def drawing(self, truth: Tensor) -> Any:
        if ENVIRONMENT_FILE.names(self.params.model_dump()):
            return super().drawing(truth)
        task = truth.tolist()
        env = made(self.params.environment, {**self._arguments(task), "render_mode": "rgb_array"})
        if self.params.by == "attributes":
            self._settle(env, task)
        return env

    def _settle(self, env: Any, task: Sequence[float]) -> None:
        for name, value in zip(self.varied_by.names, task, strict=True):
            setattr(env.unwrapped, name, value)


def _class_of(code: UserCode, name: str) -> Any:
    """The environment's class in a trusted file."""
    import gymnasium

    found = getattr(guarded.executed(code), name, None)
    if not (isinstance(found, type) and issubclass(found, gymnasium.Env)):
        raise BadInput(
            "task.class_name",
            marked("{0} defines no gymnasium.Env class {1!r}").format(code.path, name),
            marked("Name a class of the file that derives from gymnasium.Env"),
        )
    return found
