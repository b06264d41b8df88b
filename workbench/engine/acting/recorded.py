"""What was met is kept: sets that act once, and are met again as they were met then."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.core.episode import Act, Batch, Episode
from workbench.core.policy_gradient import ALIVE

Kept = dict[int, Batch]


@dataclass(frozen=True)
class Recorded(Batch):
    """A set that meets its items once for every inner step, whoever asks again."""

    source: Batch
    kept: Kept = field(default_factory=dict)

    @classmethod
    def of(cls, source: Batch) -> Recorded:
        return cls(source.x, source.y, source)

    def met(self, act: Act, step: int = 0) -> Batch:
        if step not in self.kept:
            self.kept[step] = self.source.met(act, step)
        return self.kept[step]

    @property
    def acted(self) -> int:
        """Steps in the environment so far."""
        return sum(int(one.y[..., ALIVE].sum()) for one in self.kept.values())


def recorded(episode: Episode) -> Episode:
    return Episode(Recorded.of(episode.support), Recorded.of(episode.query))
