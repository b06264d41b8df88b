"""Invented sentences about 60 topics of 12 groups: needs no file."""

from __future__ import annotations

from typing import Literal

from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import Report
from workbench.tasks.texts import grammar, splitting
from workbench.tasks.texts.corpus import Corpus, Labelled, gathered
from workbench.tasks.texts.splitting import Classes
from workbench.tasks.texts.text_family import TextFamily, TextParams

SHARE = 0.2
"""Of topics or groups, for validation and for the test."""


class TopicsParams(TextParams):
    name: Literal["topics"] = "topics"
    sentences: int = param(
        60,
        marked("Sentences written about each topic."),
        ge=2,
        le=2000,
        log_scale=True,
        advanced=True,
    )
    split_by: Literal["class", "group"] = param(
        "class", marked("Draw topics for validation and test, or whole groups of five topics.")
    )
    topic_seed: int = param(0, marked("Settles the sentences."), ge=0, advanced=True)
    split_seed: int = param(
        0,
        marked("Settles which topics are for training, validation and test."),
        ge=0,
        advanced=True,
    )


@register("task", "topics", title=marked("Topics"), params=TopicsParams)
class Topics(TextFamily):
    """Tell what short invented sentences are about."""

    params: TopicsParams

    def corpus(self, report: Report) -> tuple[Corpus, tuple[str, ...]]:
        report("Writing sentences", 0.0)
        rows = [
            Labelled(text, topic.name, group=topic.group)
            for topic in grammar.topics()
            for text in grammar.written(topic, self.params.sentences, self.params.topic_seed)
        ]
        return gathered(rows)

    def divided(self, corpus: Corpus) -> Classes:
        cut = splitting.by_class if self.params.split_by == "class" else splitting.by_group
        draws = generator(self.params.split_seed, "topics", self.params.split_by)
        return cut(corpus, SHARE, SHARE, draws)
