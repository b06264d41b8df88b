"""What every family of sentence classes shares: its splits, and the tasks drawn from them.

Classes are split, not sentences: no class of a validation or test task was seen in meta-training,
and the weights of features come from the sentences of meta-training classes alone.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.objective import CLASSIFICATION
from workbench.core.params import param
from workbench.core.task import (
    SPLITS,
    ClassInfo,
    ProblemSpec,
    Report,
    Split,
    TaskFamily,
)
from workbench.tasks.classes import LEAST_WAYS, ClassFamily, WayShotParams, of_at_most
from workbench.tasks.texts import task_file
from workbench.tasks.texts.corpus import Corpus
from workbench.tasks.texts.hashed import Hashed
from workbench.tasks.texts.pool import Known, TextPool
from workbench.tasks.texts.representation import Representation
from workbench.tasks.texts.splitting import Classes
from workbench.tasks.texts.text_task import TextTask


class TextParams(WayShotParams):
    """Sizes of a task of sentences, and what a sentence becomes."""

    features: int = param(
        8192,
        marked("Numbers that a sentence becomes when its words are hashed."),
        ge=64,
        le=1 << 17,
        log_scale=True,
        advanced=True,
        more=marked(
            "Words and their character 4-grams are hashed into so many "
            "features. Too few, and words fall together."
        ),
    )


class TextFamily(ClassFamily):
    """Tasks of N classes out of a corpus; a family of its own says where the corpus comes from.

    `prepare` fills ``pool`` and ``classes``, the class indices of each split.
    """

    params: Any
    pool: TextPool
    classes: Classes
    """Those with enough sentences for a task, split by split."""

    def __init__(self, params: Any) -> None:
        super().__init__(params)
        self._split: Classes = {}
        """All classes that a split has, also those that are too small."""

    @abstractmethod
    def corpus(self, report: Report) -> tuple[Corpus, tuple[str, ...]]:
        """The sentences, and notes; raises `BadInput`."""

    @abstractmethod
    def divided(self, corpus: Corpus) -> Classes:
        """Which classes are for which split; raises `BadInput`."""

    @property
    def vector_size(self) -> int:
        """Numbers that a sentence becomes."""
        return int(self.params.features)

    def representation(self, fitted_to: Sequence[str], report: Report) -> Representation:
        """Fitted to the sentences of meta-training classes; raises `BadInput`."""
        return Hashed(self.params.features, fitted_to)

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(CLASSIFICATION, (self.vector_size,), self.params.ways)

    def prepare(self, report: Report) -> None:
        if hasattr(self, "pool"):
            return
        corpus, notes = self.corpus(report)
        split = self.divided(corpus)
        needed = self.params.shots + self.params.queries
        classes: Classes = {
            s: tuple(c for c in split[s] if corpus.count(c) >= needed) for s in SPLITS
        }
        self._check(corpus, classes)
        fitted_to = [text for c in split["train"] for text in corpus.of_class(c)]
        representation = self.representation(fitted_to, report)
        pool = TextPool(corpus, representation, representation.rows(corpus.texts, report))
        homeless = len(corpus.class_names) - sum(map(len, split.values()))
        small = sum(len(split[s]) - len(classes[s]) for s in SPLITS)
        reasons = {"without a split": homeless, f"of fewer than {needed} sentences": small}
        unused = (Finding(f"{_classes(n)} {why} left out") for why, n in reasons.items() if n)
        notes = (*notes, *unused)
        self._notes, self._split, self.classes, self.pool = notes, split, classes, pool

    def class_info(self, class_index: int) -> ClassInfo:
        corpus = self.pool.corpus
        return ClassInfo(class_index, corpus.class_names[class_index], corpus.count(class_index))

    def sentences(self, class_index: int) -> tuple[str, ...]:
        """All of a class, as they lie in the data."""
        return self.pool.corpus.of_class(class_index)

    @cached_property
    def fingerprint(self) -> str:
        corpus = self.pool.corpus
        held = (corpus.texts, corpus.class_names, corpus.starts, sorted(self._split.items()))
        return hashlib.sha256(repr(held).encode("utf-8", "surrogatepass")).hexdigest()

    def sample(self, split: Split, draws: Generator) -> TextTask:
        classes, picked = self._draw(split, draws)
        shots, pool = self.params.shots, self.pool
        rows = [
            tuple(Known(c, index) for index in items)
            for c, items in zip(classes, picked.tolist(), strict=True)
        ]
        return TextTask(
            pool,
            tuple(classes),
            tuple(row[:shots] for row in rows),
            tuple(row[shots:] for row in rows),
        )

    def episodes(self, split: Split, count: int, draws: Generator) -> Episode:
        starts, places = torch.tensor(self.pool.corpus.starts), []
        for _ in range(count):
            classes, picked = self._draw(split, draws)
            places.append(starts[classes][:, None] + picked)
        stacked, shots = torch.stack(places), self.params.shots
        return Episode(self._stacked(stacked[:, :, :shots]), self._stacked(stacked[:, :, shots:]))

    def task_from_json(self, values: dict[str, Any], split: Split) -> TextTask:
        return task_file.opened(values, self.pool, self.classes[split], split)

    def varied(self, **sizes: int) -> TaskFamily:
        other = super().varied(**sizes)
        assert isinstance(other, TextFamily)
        other._check(self.pool.corpus, self.classes, ("train",))
        return other

    @property
    def joint_classes(self) -> int:
        return len(self.classes["train"])

    def joint(self, tasks: int, draws: Generator) -> Batch:
        among, starts = torch.tensor(self.classes["train"]), torch.tensor(self.pool.corpus.starts)
        size = (tasks, self.items)
        labels = torch.randint(len(among), size, generator=draws)
        first, end = starts[among[labels]], starts[among[labels] + 1]
        picked = first + (torch.rand(size, generator=draws) * (end - first)).long()
        return Batch(self.pool.rows.take(picked), labels)

    def _draw(self, split: Split, draws: Generator) -> tuple[list[int], Tensor]:
        """Classes in random order, and their items ``[N, K + Q]``."""
        among, params = self.classes[split], self.params
        order = torch.randperm(len(among), generator=draws)[: params.ways].tolist()
        classes = [among[place] for place in order]
        counts, needed = (self.pool.corpus.count(c) for c in classes), params.shots + params.queries
        picked = [torch.randperm(count, generator=draws)[:needed] for count in counts]
        return classes, torch.stack(picked)

    def _stacked(self, places: Tensor) -> Batch:
        """Places ``[T, N, K]`` in the corpus as ``[T, N*K, features]`` with labels."""
        tasks, ways, shots = places.shape
        labels = torch.arange(ways).repeat_interleave(shots).expand(tasks, -1)
        return Batch(self.pool.rows.take(places.flatten(1)), labels)

    def _check(self, corpus: Corpus, classes: Classes, splits: Sequence[Split] = SPLITS) -> None:
        """Refuse sizes that this corpus cannot give; raises `BadInput` at the field."""
        params, needed = self.params, self.params.shots + self.params.queries
        for split in splits:
            fitting = [c for c in classes[split] if corpus.count(c) >= needed]
            if len(fitting) < params.ways:
                there = f"{_classes(len(fitting))} of at least {needed} sentences"
                problem = marked("the {0} split has {1}, {2}-way needs {2}").format(
                    split, there, params.ways
                )
                remedy = marked("Use fewer ways, fewer shots and queries, or give more sentences")
                fewer = [Mend("task.ways", len(fitting))] if len(fitting) >= LEAST_WAYS else []
                raise BadInput("task.ways", problem, remedy, *fewer)
            if len(fitting) < len(classes[split]):
                smallest = min(corpus.count(c) for c in classes[split])
                raise BadInput(
                    "task.shots",
                    marked("a class has {0} sentences, and {1} are needed").format(
                        smallest, needed
                    ),
                    marked("Use shots and queries that add up to at most {0}").format(smallest),
                    *of_at_most(smallest, params),
                )


def _classes(count: int) -> str:
    return "1 class" if count == 1 else f"{count:,} classes"
