"""A diagnosis over many tasks of a split: those that an evaluation with the same seed measures."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from workbench.core.seeds import generator
from workbench.core.task import Split, TaskFamily
from workbench.experiments.evaluation import CHUNK
from workbench.experiments.insight.diagnosis import Diagnosis, Finding, diagnose
from workbench.experiments.session import Learner


def survey(
    learner: Learner, family: TaskFamily, split: Split, tasks: int, steps: int, seed: int
) -> Iterator[Diagnosis]:
    """Yield what is known after every few tasks; the last one is over all of them."""
    known: Diagnosis | None = None
    for start in range(0, tasks, CHUNK):
        draws = generator(seed, "evaluate", split, start)
        episodes = family.episodes(split, min(CHUNK, tasks - start), draws)
        *_, found = diagnose(learner, episodes, steps, seed)
        known = found if known is None else _joined(known, found)
        yield Diagnosis(known.findings, known.similarity, min(start + CHUNK, tasks) / tasks)


def _joined(one: Diagnosis, other: Diagnosis) -> Diagnosis:
    """Of two sets of tasks, measured on the same learner."""
    pairs = zip(one.findings, other.findings, strict=True)
    similarity = {
        name: torch.cat([value, other.similarity[name]]) for name, value in one.similarity.items()
    }
    return Diagnosis(tuple(_both(first, second) for first, second in pairs), similarity, 0.0)


def _both(one: Finding, other: Finding) -> Finding:
    def joined(name: str) -> torch.Tensor | None:
        first, second = getattr(one, name), getattr(other, name)
        return None if first is None else torch.cat([first, second])

    after = torch.cat([one.after, other.after])
    return Finding(one.kind, joined("before"), after, joined("spread"))
