"""Accuracy class by class: labels led back to classes, and intervals that know of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.task import Split
from workbench.experiments.evaluation import evaluate, predicted
from workbench.experiments.session import untrained
from workbench.experiments.tasks_seen.by_class import (
    by_class,
    class_rows,
    confusion_rows,
    interval,
)
from workbench.experiments.tasks_seen.seen import Seen
from workbench.experiments.tasks_seen.table import write_rows

VAL: Split = "val"


def seen_of(classes: Sequence[tuple[str, ...]], found: list[list[int]]) -> Seen:
    """Tasks of two classes with two query items each."""
    wanted = torch.tensor([[0, 0, 1, 1]]).expand(len(found), -1)
    shape = torch.zeros(len(found), 1)
    return Seen({}, 0, shape, shape, None, tuple(classes), "", (wanted, torch.tensor(found)))


SEEN = seen_of([("a", "b"), ("c", "a"), ("b", "c")], [[0, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 1]])


def test_labels_are_led_back_to_the_classes_of_the_data() -> None:
    found = by_class(SEEN)
    assert found is not None
    told = {r.name: (r.tasks, r.items, r.right, r.confused_with) for r in found.results}
    assert told == {"c": (2, 4, 1, "a"), "a": (2, 4, 3, "b"), "b": (2, 4, 4, "")}
    assert [r.name for r in found.results] == ["c", "a", "b"], "the hardest first"
    assert found.confusion.tolist() == [[1, 2, 1], [0, 3, 1], [0, 0, 4]]


def test_without_predictions_or_classes_there_is_nothing_to_say() -> None:
    assert by_class(seen_of((), [[0, 0, 0, 0]])) is None


def test_tables_for_other_programs(tmp_path: Path) -> None:
    found = by_class(SEEN)
    assert found is not None
    file = tmp_path / "confusion.csv"
    write_rows(confusion_rows(found), file)
    assert file.read_text().splitlines() == ["class,c,a,b", "c,1,2,1", "a,0,3,1", "b,0,0,4"]
    head, first, *_ = class_rows(found)
    row = dict(zip(head, first, strict=True))
    assert (row["class"], row["right"], row["accuracy"]) == ("c", 1, 0.25)
    assert (row["most_confused_with"], row["confused_items"]) == ("a", 2)


def test_an_interval_of_independent_items_is_wilsons() -> None:
    right, items = torch.tensor([8] * 10), torch.tensor([10] * 10)
    assert interval(right, items) == pytest.approx((0.7112, 0.8666), abs=1e-3)
    low, high = interval(torch.tensor([5, 5]), torch.tensor([5, 5]))
    assert 0.7 < low < 0.75 and high == 1.0, "all right is no certainty"


def test_items_of_tasks_that_stand_and_fall_together_count_for_less() -> None:
    items = torch.tensor([10] * 10)
    low, high = interval(torch.tensor([10] * 8 + [0] * 2), items)
    assert (low, high) == pytest.approx((0.477, 0.946), abs=5e-3), "ten tasks, not 100 items"


CONV, MLP = {"name": "conv4", "filters": 4}, {"name": "mlp", "hidden": [8]}


@pytest.mark.parametrize(
    ("model", "algorithm"),
    [
        (CONV, {"name": "maml", "test_steps": 2}),
        (CONV, {"name": "protonet"}),
        (CONV, {"name": "transfer", "test_steps": 2}),
        (CONV, {"name": "meta_sgd", "test_steps": 2}),
        (MLP, {"name": "meta_sgd", "test_steps": 2}),
        (MLP, {"name": "maml", "test_steps": 2}),
    ],
)
def test_predictions_are_those_that_were_scored(
    model: dict[str, object], algorithm: dict[str, object]
) -> None:
    """They give the accuracy of every task, by whichever way they come."""
    task = {"name": "glyphs", "ways": 3, "queries": 2}
    config = tiny_config(task=task, model=model, algorithm=algorithm)
    family = prepared(config)
    learner = untrained(config, family)
    own, steps = learner.algorithm, learner.algorithm.test_steps
    _, scores = evaluate(own, family, learner.weights, split=VAL, tasks=4, steps=steps, seed=0)
    again = predicted(own, family, learner.weights, VAL, 4, steps, 0)
    assert scores.wanted is not None
    shares = (again == scores.wanted).float().mean(1)
    torch.testing.assert_close(shares, scores.metric[:, -1].float())
    says = (model, algorithm["name"]) != (MLP, "maml")  # loops that keep nothing but scores
    assert says == (scores.predicted is not None)
    assert scores.predicted is None or torch.equal(again, scores.predicted)
    own.close()
