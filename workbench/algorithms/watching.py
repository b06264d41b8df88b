"""What there is to see of a learner after one step, the same for every method."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from workbench.core.algorithm import AdaptStep, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.task import ProblemSpec

Loss = Callable[[Tensor, Tensor], Tensor]


def observe(
    spec: ProblemSpec,
    step: int,
    episode: Episode,
    support: Tensor,
    query: Tensor,
    norms: dict[str, float],
    loss: Loss | None = None,
) -> AdaptStep:
    """Everything there is to see after one step, from the outputs on both sets.

    Outputs are logits ``[n, N]`` or predicted values ``[n, d]``; ``loss`` is the method's
    own, where it trains another than the problem's. ``episode`` is as the learner met it.
    """
    loss = loss or spec.objective.loss

    def metric(outputs: Tensor, batch: Batch) -> float:
        return float(spec.objective.metric(outputs, batch.y))

    def shown(outputs: Tensor) -> Tensor:
        return spec.objective.readable(outputs).detach().cpu()

    return AdaptStep(
        step=step,
        support_loss=float(loss(support, episode.support.y)),
        query_loss=float(loss(query, episode.query.y)),
        support_metric=metric(support, episode.support),
        query_metric=metric(query, episode.query),
        support_outputs=shown(support),
        query_outputs=shown(query),
        update_norms=norms,
        met=episode if spec.collected else None,
    )


def relative_change(before: Weights, after: Weights) -> dict[str, float]:
    """Norm of each tensor's change over the norm of the tensor; empty before the first step.

    A tensor that starts at zero is measured by what it became.
    """
    return {
        name: float(
            (after[name] - old).norm() / (float(old.norm()) or float(after[name].norm()) or 1)
        )
        for name, old in before.items()
    }
