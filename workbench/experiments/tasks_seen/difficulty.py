"""What makes a task hard: its result against what settles it, or against how its items lie."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from workbench.core.episode import Episode
from workbench.core.marked import marked
from workbench.core.task import Report, Split, Task, TaskFamily

LARGE = 20_000_000
"""Products of a task's distances above which they are not computed."""


def traits(
    tasks: Sequence[Task], family: TaskFamily, split: Split, report: Report
) -> dict[str, Tensor]:
    """``[T]`` each, by what they are called: what tasks say of themselves, and for classes more.

    `distances` of every kind of classes whose items are numbers, and where classes differ in size
    the mean size of a task's.
    """
    found = {name: [task.traits[name] for task in tasks] for name in _own(tasks)}
    if tasks and _has_distances(tasks[0], family):
        near: list[float] = []
        for place, task in enumerate(tasks):
            report(marked("Comparing items"), place / len(tasks))
            near.append(distances(task.episode()))
        found[marked("distance to the own class / to the others")] = near
    sizes = {info.name: info.count for info in family.class_list(split)}
    if len(set(sizes.values())) > 1:
        found[marked("mean class size")] = [_size(task, sizes) for task in tasks]
    return {name: torch.tensor(values, dtype=torch.float64) for name, values in found.items()}


def distances(episode: Episode) -> float:
    """How far query items lie from the nearest support item of their class, beside the others'.

    The mean over query items of one distance over the other; above 1 the raw items mislead.
    """
    support, query = (part.x.double().flatten(1) for part in (episode.support, episode.query))
    apart = torch.cdist(query, support)
    same = episode.query.y[:, None] == episode.support.y[None, :]
    own = apart.masked_fill(~same, torch.inf).min(1).values
    others = apart.masked_fill(same, torch.inf).min(1).values
    return float((own / others.clamp_min(1e-12)).mean())


def rank_correlation(x: Tensor, y: Tensor) -> float | None:
    """Spearman's, of the pairs ``[T]`` where both are no NaN; none for fewer than three."""
    held = ~(x.isnan() | y.isnan())
    if int(held.sum()) < 3:
        return None
    ranks = torch.stack([_ranks(x[held]), _ranks(y[held])])
    centred = ranks - ranks.mean(1, keepdim=True)
    norms = centred.norm(dim=1)
    return float(centred[0] @ centred[1] / norms.prod()) if norms.min() > 0 else None


def _ranks(values: Tensor) -> Tensor:
    """1 for the smallest; equal ones share the mean of theirs."""
    ordered = values.sort().values
    below, upto = (torch.searchsorted(ordered, values, right=right) for right in (False, True))
    return (below + upto + 1).double() / 2


def _own(tasks: Sequence[Task]) -> list[str]:
    return list(tasks[0].traits) if tasks else []


def _has_distances(task: Task, family: TaskFamily) -> bool:
    spec = family.spec
    if not spec.labels or spec.vocabulary or spec.collected:
        return False
    episode = task.episode()
    support, query = episode.support.x, episode.query.x
    return support.numel() * len(query) <= LARGE


def _size(task: Task, sizes: dict[str, int]) -> float:
    counts = [sizes[name] for name in task.class_names if name in sizes]
    return sum(counts) / len(counts) if counts else float("nan")
