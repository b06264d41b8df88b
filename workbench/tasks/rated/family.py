"""What every family of ratings shares: users are split, and a task is one of them.

No user of a validation or test task was met in meta-training, unless the state asked for says so;
means, factors and facts are fitted to what meta-training users gave the items of meta-training.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.metric import named
from workbench.core.stars import Stars
from workbench.core.task import (
    SPLITS,
    ProblemSpec,
    Report,
    Split,
    SplitInfo,
    TaskFamily,
)
from workbench.tasks.rated import splitting, task_file
from workbench.tasks.rated.fitting import Wanted, pool_of
from workbench.tasks.rated.floors import floors
from workbench.tasks.rated.pool import RatedBatch, RatedPool
from workbench.tasks.rated.rated_task import RatedTask, Rating
from workbench.tasks.rated.splitting import Users
from workbench.tasks.rated.states import KNOWN_USERS, NEW_ITEMS, Asking, asking, users_of
from workbench.tasks.rated.table import RatingTable


class RatedFamily(TaskFamily):
    """Tasks of one user each; a family of its own says where the table comes from.

    `prepare` fills ``pool``, ``users`` and ``cold``.
    """

    params: Any
    members = "users"
    pool: RatedPool
    users: Users
    """Of each split, all of them."""
    cold: Tensor
    """``[items]``, whether an item is kept out of meta-training."""

    def __init__(self, params: Any) -> None:
        super().__init__(params)
        self._notes: tuple[str, ...] = ()

    @abstractmethod
    def table(self, report: Report) -> tuple[RatingTable, tuple[str, ...]]:
        """The ratings, and notes; raises `BadInput`."""

    @property
    def scale(self) -> tuple[float, float]:
        """The lowest and the highest rating there can be."""
        return 1.0, 5.0

    @property
    def objective(self) -> Stars:
        return Stars(named(self.params.metric), *self.scale)

    @property
    def width(self) -> int:
        """Numbers of an input: the item's mean, its factors, and facts."""
        return int(1 + self.params.factors + self.params.features)

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(self.objective, (self.width,), 1)

    @property
    def items(self) -> int:
        return int(self.params.shots + self.params.queries)

    def prepare(self, report: Report) -> None:
        if hasattr(self, "pool"):
            return
        params = self.params
        if params.state in NEW_ITEMS:
            self._check_cold()
        table, notes = self.table(report)
        self.users = self.divided(table)
        self.cold = torch.zeros(len(table.items), dtype=torch.bool)
        cold = splitting.cold_items(table.items, params.cold_items, params.split_seed)
        self.cold[cold] = True
        self._check(table, SPLITS)
        report("Fitting means and factors", 0.5)
        wanted = Wanted(params.factors, params.features, *self.scale)
        pool, untold = pool_of(table, self.users["train"], ~self.cold, wanted)
        meant = {user for split in SPLITS for user in self._users(split)}
        few = len(meant - {user for split in SPLITS for user in self._fitting(table, split)})
        self._notes = (*notes, *self._told(few, untold))
        self.pool = pool

    def divided(self, table: RatingTable) -> Users:
        """Which users are for which split."""
        params = self.params
        return splitting.of_users(
            table.users, params.val_share, params.test_share, params.split_seed
        )

    def splits(self) -> dict[Split, SplitInfo]:
        return {split: self._split_info(split) for split in SPLITS}

    def notes(self) -> tuple[str, ...]:
        return self._notes

    @property
    def seen_classes(self) -> bool:
        return self.params.state in KNOWN_USERS

    @cached_property
    def fingerprint(self) -> str:
        table = self.pool.table
        held = hashlib.sha256(
            repr((table.users, table.items, sorted(self.users.items()))).encode(
                "utf-8", "surrogatepass"
            )
        )
        for part in (table.user, table.item, table.stars, self.pool.of_items, self.pool.of_users):
            held.update(part.numpy().tobytes())
        return held.hexdigest()

    def sample(self, split: Split, draws: Generator) -> RatedTask:
        user, items, stars = self._draw(split, draws)
        ratings = tuple(map(Rating, items.tolist(), stars.tolist()))
        shots = self.params.shots
        return RatedTask(self.pool, user, ratings[:shots], ratings[shots:])

    def episodes(self, split: Split, count: int, draws: Generator) -> Episode:
        drawn = [self._draw(split, draws) for _ in range(count)]
        users = torch.tensor([user for user, _, _ in drawn])
        items = torch.stack([items for _, items, _ in drawn])
        stars = torch.stack([stars for _, _, stars in drawn])
        shots = self.params.shots
        return Episode(
            self.pool.batches(users, items[:, :shots], stars[:, :shots]),
            self.pool.batches(users, items[:, shots:], stars[:, shots:]),
        )

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        """Floors on the same users; see `rated.floors`. Nothing where answers are not known."""
        support, query = episodes.support, episodes.query
        assert isinstance(support, RatedBatch) and isinstance(query, RatedBatch)
        if query.y.isnan().any():
            return {}
        return floors(self.objective, self.pool.overall, support, query)

    def task_from_json(self, values: dict[str, Any], split: Split) -> RatedTask:
        return task_file.opened(values, self.pool, self._users(split), split)

    def varied(self, **sizes: int) -> TaskFamily:
        other = super().varied(**sizes)
        assert isinstance(other, RatedFamily)
        other.__dict__.pop("_drawable", None)
        other._check(self.pool.table, ("train",))
        return other

    def _asking(self, split: Split) -> Asking:
        params = self.params
        return asking(params.state, split, self.cold, params.shots, params.queries)

    def _users(self, split: Split) -> tuple[int, ...]:
        return self.users[users_of(self.params.state, split)]

    def _fitting(self, table: RatingTable, split: Split) -> list[int]:
        """The users of a split who have rated enough for a task."""
        return self._asking(split).users(table, self._users(split))

    @cached_property
    def _drawable(self) -> dict[Split, tuple[Asking, list[int]]]:
        return {s: (self._asking(s), self._fitting(self.pool.table, s)) for s in SPLITS}

    def _draw(self, split: Split, draws: Generator) -> tuple[int, Tensor, Tensor]:
        """A user, and items ``[K + Q]`` with stars, those of the support set first."""
        wanted, among = self._drawable[split]
        user = among[int(torch.randint(len(among), (), generator=draws))]
        return user, *wanted.drawn(self.pool.table, user, draws)

    def _split_info(self, split: Split) -> SplitInfo:
        users, starts = self._users(split), self.pool.table.starts
        count = sum(starts[user + 1] - starts[user] for user in users)
        return SplitInfo(len(users), count, tuple(self.pool.table.users[user] for user in users))

    def _told(self, few: int, untold: Sequence[str]) -> list[str]:
        told = list[str]()
        if few:
            needed = self.params.shots + self.params.queries
            told.append(
                Finding(
                    marked("{0} of fewer than {1} ratings left out").format(_counted(few), needed),
                    where="task.shots",
                )
            )
        if untold:
            told.append(
                marked("Too many kinds to tell anything of the next one, left out: {0}").format(
                    ", ".join(untold)
                )
            )
        return told

    def _check_cold(self) -> None:
        if not self.params.cold_items:
            raise BadInput(
                "task.cold_items",
                marked("no items are kept out of meta-training, and new ones are asked about"),
                marked("Keep a share of them out, such as 0.2"),
                Mend("task.cold_items", 0.2),
            )

    def _check(self, table: RatingTable, splits: Sequence[Split]) -> None:
        """Refuse sizes that no user of a split has ratings for; raises `BadInput`."""
        for split in splits:
            if not self._fitting(table, split):
                most = max((len(table.rated(user)[0]) for user in self._users(split)), default=0)
                raise BadInput(
                    "task.shots",
                    marked("no user of the {0} split has {1} ratings; the most are {2}").format(
                        split, self.params.shots + self.params.queries, most
                    ),
                    marked("Use fewer shots and queries, or give more ratings"),
                )


def _counted(count: int) -> str:
    return marked("1 user") if count == 1 else marked("{0:,} users").format(count)
