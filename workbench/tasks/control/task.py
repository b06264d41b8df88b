"""A task of control: what settles it, and the trajectories that a person has picked or driven."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Generator, Tensor

from workbench.core.actions import Actions
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.seeds import derive
from workbench.core.task import Slot, Task
from workbench.tasks.control.rollouts import Rollouts


class Poser(Protocol):
    """What a task needs of its family; see `control.family`."""

    params: Any

    @property
    def actions(self) -> Actions: ...

    def rollouts(self, truth: Tensor, seed: int, count: int) -> Rollouts: ...

    def checked(self, truth: Tensor) -> Tensor: ...

    def possible(self, actions: Tensor) -> Tensor: ...

    def title_of(self, truth: Tensor) -> str: ...

    def traits_of(self, truth: Tensor) -> dict[str, float]: ...


@dataclass(frozen=True)
class ControlTask(Task):
    """Its support items are trajectories: sampled by the policy, or driven by hand."""

    family: Poser
    truth: Tensor
    """``[p]``"""
    support_seed: int
    """Of the support trajectories; another one draws others of the same task."""
    query_seed: int
    left_out: frozenset[int] = frozenset()
    """Numbers of support trajectories that no step learns from."""
    driven: dict[int, Tensor] = field(default_factory=dict)
    """By number: the actions ``[h, width]`` that replace those of the policy."""
    anew: dict[int, int] = field(default_factory=dict)
    """By number: how often what the policy does by chance in it was drawn anew."""

    @property
    def title(self) -> str:
        return self.family.title_of(self.truth)

    @property
    def traits(self) -> dict[str, float]:
        return self.family.traits_of(self.truth)

    @property
    def slots(self) -> list[Slot]:
        count = self.family.params.shots
        return [(0, number) for number in range(count) if number not in self.left_out]

    def with_item(self, slot: Slot, item: Tensor | None) -> ControlTask:
        """Drive a trajectory with actions ``[h, width]``, h at most the horizon; None: sample it.

        A trajectory that was left out is taken in again. The policy goes on where the actions end,
        and nothing is learned from that.
        """
        number, driven = self._number(slot), dict(self.driven)
        driven.pop(number, None)
        if item is not None:
            driven[number] = self._actions(item)
        return replace(self, driven=driven, left_out=self.left_out - {number})

    def without(self, slot: Slot) -> ControlTask:
        left_out = self.left_out | {self._number(slot)}
        if len(left_out) == self.family.params.shots:
            raise BadInput(
                marked("Support set"),
                marked("the last trajectory cannot be left out"),
                marked("Take in another one first"),
            )
        return replace(self, left_out=left_out)

    def drawn_anew(self, slot: Slot) -> ControlTask:
        """Another trajectory of the policy at a slot, which the step learns from.

        What an environment of gymnasium does by chance stays as it is.
        """
        number = self._number(slot)
        anew = {**self.anew, number: self.anew.get(number, 0) + 1}
        return replace(self.with_item(slot, None), anew=anew)

    def at(self, truth: Tensor) -> ControlTask:
        """The same trajectories' seed, picks and drives with another goal; raises `BadInput`."""
        return replace(self, truth=self.family.checked(truth))

    def episode(self) -> Episode:
        params, family = self.family.params, self.family
        support = family.rollouts(self.truth, derive(self.support_seed, "support"), params.shots)
        query = family.rollouts(self.truth, derive(self.query_seed, "query"), params.queries)
        if not (self.left_out or self.driven or self.anew):
            return Episode(support, query)
        return Episode(self._by_hand(support), query)

    def with_support_files(self, files: Sequence[Path]) -> Task:
        raise BadInput(
            "--support",
            marked("these tasks are drawn and have no files"),
            marked("Choose a seed"),
        )

    def another_support(self, draws: Generator) -> ControlTask:
        return replace(self, support_seed=int(torch.randint(2**31, (), generator=draws)), anew={})

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> ControlTask:
        """Locked are trajectories that were driven: those that are sampled are so anew."""
        kept = {number: acts for number, acts in self.driven.items() if (0, number) in locked}
        return replace(self.another_support(draws), driven=kept, left_out=frozenset())

    def to_json(self) -> dict[str, Any]:
        seeds = {"support_seed": self.support_seed, "query_seed": self.query_seed}
        values: dict[str, Any] = {"truth": self.truth.tolist(), **seeds}
        if self.anew:
            values["anew"] = {str(number): times for number, times in sorted(self.anew.items())}
        if self.left_out:
            values["left_out"] = sorted(self.left_out)
        if self.driven:
            values["driven"] = {str(n): acts.tolist() for n, acts in sorted(self.driven.items())}
        return values

    def _number(self, slot: Slot) -> int:
        number, count = slot[-1], self.family.params.shots
        if not 0 <= number < count:
            raise BadInput(
                marked("Support set"),
                marked("there is no trajectory {0}").format(number + 1),
                marked("Choose one of {0}").format(count),
            )
        return number

    def _actions(self, item: Tensor) -> Tensor:
        """As numbers of the right width; raises `BadInput` where they are not."""
        actions, params = self.family.actions, self.family.params
        fits = item.dim() == 2 and item.shape[1] == actions.width
        if not (fits and 0 < len(item) <= params.horizon and item.isfinite().all()):
            raise BadInput(
                marked("Trajectory"),
                marked("actions of the shape {0} cannot drive it").format(list(item.shape)),
                marked("Give up to {0} steps of {1} numbers").format(params.horizon, actions.width),
            )
        return self.family.possible(item.to(torch.get_default_dtype()))

    def _by_hand(self, support: Rollouts) -> Rollouts:
        counted, horizon = support.counted.clone(), self.family.params.horizon
        counted[sorted(self.left_out)] = 0
        anew = torch.tensor([self.anew.get(number, 0) for number in range(len(counted))])
        driven = counted.new_full((len(counted), horizon, self.family.actions.width), math.nan)
        for number, acts in self.driven.items():
            driven[number, : len(acts)] = acts
        return replace(support, counted=counted, driven=driven, anew=anew)
