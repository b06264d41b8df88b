"""The tensors of a task: what the learner adapts on, and what it is judged on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol, TypeVar, runtime_checkable

import torch
from torch import Tensor

Act = Callable[[Tensor], Tensor]
"""A model with its weights: inputs ``[n, *input_shape]`` to outputs ``[n, outputs]``."""


@runtime_checkable
class Remembers(Protocol):
    """An `Act` that is told what came of what it did, and may do otherwise because of it."""

    def told(self, actions: Tensor, rewards: Tensor, ended: Tensor) -> None:
        """Of one step of n episodes, ``[..., n, width]``, ``[..., n]`` and ``[..., n]``."""


@dataclass(frozen=True)
class Batch:
    """Inputs ``x [n, *input_shape]`` with targets ``y``: classes ``[n]`` or values ``[n, d]``.

    A batch of tasks carries one more leading dimension: ``x [T, n, *input_shape]``.

    Where items depend on what the model does, as in rollouts of a policy, a family has a subclass
    that overrides `met`; its ``x`` is what the policy sees first. Fields of its own are tensors,
    with the leading dimension of tasks like the others, or what all tasks of a family share.
    """

    x: Tensor
    y: Tensor

    def met(self, act: Act, step: int = 0) -> Batch:
        """The items as this model meets them, without a graph; the same at every call.

        ``step`` counts the inner steps taken: chance is drawn anew for each. Those of a plain
        batch are there, whatever the model.
        """
        return self

    @property
    def together(self) -> int:
        """Tasks that one thread best meets at once."""
        return 20

    def __getitem__(self: Set, task: int | slice) -> Set:
        return self._each(lambda part: part[task])

    def to(self: Set, device: torch.device, dtype: torch.dtype) -> Set:
        """On a device, real numbers in a precision; classes and token ids stay whole numbers."""
        return self._each(lambda part: moved(part, device, dtype))

    def _each(self: Set, change: Callable[[Tensor], Tensor]) -> Set:
        held = ((part.name, getattr(self, part.name)) for part in fields(self))
        return replace(self, **{n: change(p) for n, p in held if isinstance(p, Tensor)})


Set = TypeVar("Set", bound=Batch)


@dataclass(frozen=True)
class Episode:
    """Support and query set of one task, or of T tasks stacked along a leading dimension.

    Classification orders items by class: the support set of an N-way K-shot task is
    ``[N*K, ...]`` with K items of class 0 first.
    """

    support: Batch
    query: Batch
    first: int = 0
    """The number of the first stacked task within its meta-batch, which settles what it draws."""

    def __len__(self) -> int:
        """The number of stacked tasks."""
        return self.support.x.shape[0]

    def __getitem__(self, task: int | slice) -> Episode:
        """One task of a stacked episode, or several."""
        first = self.first + (task.start or 0) if isinstance(task, slice) else 0
        return Episode(self.support[task], self.query[task], first)

    def to(self, device: torch.device, dtype: torch.dtype) -> Episode:
        support, query = self.support.to(device, dtype), self.query.to(device, dtype)
        return replace(self, support=support, query=query)

    def met(self, act: Act, step: int = 0) -> Episode:
        """Both sets as this model meets them; see `Batch.met`."""
        support, query = self.support.met(act, step), self.query.met(act, step)
        there = support is self.support and query is self.query
        return self if there else replace(self, support=support, query=query)


def moved(values: Tensor, device: torch.device, dtype: torch.dtype) -> Tensor:
    """Values on a device; real numbers in a precision, whole numbers as they are."""
    return values.to(device, dtype) if values.is_floating_point() else values.to(device)


def stack(episodes: Sequence[Episode]) -> Episode:
    """Stack single-task episodes of equal shape along a new leading task dimension."""
    return Episode(
        _stack([episode.support for episode in episodes]),
        _stack([episode.query for episode in episodes]),
    )


def _stack(batches: list[Batch]) -> Batch:
    first = batches[0]
    names = [p.name for p in fields(first) if isinstance(getattr(first, p.name), Tensor)]
    parts = {name: torch.stack([getattr(one, name) for one in batches]) for name in names}
    return replace(first, **parts)
