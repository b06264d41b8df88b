"""Invented sentences: the same for a seed, no class in two splits, neither trivial nor hopeless."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.core.task import SPLITS
from workbench.tasks.texts import grammar
from workbench.tasks.texts.words import folded
from workbench.tasks.topics import Topics


def topics(**values: Any) -> Topics:
    entry = get("task", "topics")
    family: Topics = entry.build(entry.params.model_validate(values))
    family.prepare(lambda message, fraction: None)
    return family


@pytest.fixture(scope="module")
def family() -> Topics:
    return topics()


def test_sixty_topics_of_twelve_groups_with_words_of_their_own() -> None:
    known = grammar.topics()
    assert len({topic.name for topic in known}) == 60
    assert len({topic.group for topic in known}) == 12
    for topic in known:
        for hole, words in topic.words.items():
            assert len(words) >= 3 and len(set(words)) == len(words), (topic.name, hole)


def test_sentences_read_like_sentences(family: Topics) -> None:
    for text in family.pool.corpus.texts:
        assert re.fullmatch(r"[A-Z][^{}|]+[.?]", text) and "  " not in text, text
        assert 4 <= len(text.split()) <= 22, text
        assert not re.search(r"\ba [aeio]", text), text


def test_no_class_and_no_sentence_stands_in_two_splits(family: Topics) -> None:
    members = [set(family.classes[split]) for split in SPLITS]
    assert [len(one) for one in members] == [36, 12, 12] and len(set.union(*members)) == 60
    forms = [folded(text) for text in family.pool.corpus.texts]
    assert len(set(forms)) == len(forms)


def test_by_group_a_whole_group_is_in_one_split() -> None:
    family = topics(split_by="group", sentences=10, features=64)
    groups = family.pool.corpus.groups
    sets = [{groups[c] for c in family.classes[split]} for split in SPLITS]
    assert sum(map(len, sets)) == len(set.union(*sets)) == 12


def test_a_seed_settles_the_sentences() -> None:
    made = [topics(sentences=8, features=64, topic_seed=seed) for seed in (0, 0, 1)]
    assert made[0].fingerprint == made[1].fingerprint != made[2].fingerprint


def test_a_centroid_is_well_above_chance_and_well_below_all(family: Topics) -> None:
    episodes = family.episodes("test", 200, torch.Generator().manual_seed(0))
    likeness = episodes.query.x @ F.normalize(episodes.support.x, dim=-1).transpose(1, 2)
    accuracy = (likeness.argmax(-1) == episodes.query.y).float().mean()
    assert 0.35 < accuracy < 0.7


def test_sizes_that_cannot_be_drawn_are_refused() -> None:
    with pytest.raises(BadInput, match=r"task\.ways: .* has 12 classes"):
        topics(ways=13)
    with pytest.raises(BadInput, match=r"task\.ways: .* of at least 61 sentences"):
        topics(shots=56)


def test_episodes_are_the_tasks_that_are_drawn(family: Topics) -> None:
    both = [torch.Generator().manual_seed(4) for _ in range(2)]
    stacked = family.episodes("val", 3, both[0])
    for number in range(3):
        single = family.sample("val", both[1]).episode()
        torch.testing.assert_close(stacked[number].support.x, single.support.x)
        torch.testing.assert_close(stacked[number].query.x, single.query.x)
        assert torch.equal(stacked[number].query.y, single.query.y)
    assert stacked.support.x.shape == (3, 5, *family.spec.input_shape)


def test_rare_words_of_held_out_classes_weigh_most(family: Topics) -> None:
    """The weights come from meta-training classes alone."""
    train = [t for c in family.classes["train"] for t in family.pool.corpus.of_class(c)]
    again = family.representation(train, lambda message, fraction: None)
    assert torch.equal(again.idf, family.pool.representation.idf)  # type: ignore[attr-defined]


def test_joint_training_sees_training_classes_alone(family: Topics) -> None:
    batch = family.joint(2, torch.Generator().manual_seed(0))
    assert batch.x.shape == (2, family.items, 8192) and int(batch.y.max()) < family.joint_classes
