"""Which words carry a prediction: closed forms, and every kind of learner."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.registry import get, names
from workbench.experiments.insight.words import gradients, words_that_carry
from workbench.experiments.session import untrained
from workbench.tasks.texts.text_task import TextTask

TASK = {"name": "topics", "ways": 3, "shots": 2, "queries": 2, "features": 256}
MODEL = {"name": "text_mlp", "width": 8}
TEXT = "Our goalkeeper kicked the muddy ball again"


def test_on_a_linear_model_words_add_up_to_the_logit_without_its_bias() -> None:
    draws = torch.Generator().manual_seed(0)
    weight, bias = torch.randn(3, 5, generator=draws), torch.randn(3, generator=draws)
    shares = torch.randn(4, 5, generator=draws)
    x = shares.sum(0)
    effects = gradients(lambda rows: rows @ weight.T + bias, x, shares)
    torch.testing.assert_close(effects, shares @ weight.T)
    torch.testing.assert_close(effects.sum(0) + bias, weight @ x + bias)


def test_gradients_are_those_of_finite_differences() -> None:
    draws = torch.Generator().manual_seed(1)
    weight = torch.randn(2, 4, generator=draws, dtype=torch.float64)
    shares = torch.randn(3, 4, generator=draws, dtype=torch.float64)
    x = shares.sum(0)

    def logits(rows: torch.Tensor) -> torch.Tensor:
        return (rows @ weight.T).tanh()

    effects, tiny = gradients(logits, x, shares), 1e-6
    for word, share in enumerate(shares):
        moved = logits((x + tiny * share)[None])[0] - logits((x - tiny * share)[None])[0]
        torch.testing.assert_close(effects[word], moved / (2 * tiny), rtol=1e-6, atol=1e-8)


def tried(name: str) -> Any:
    """Of those whose learners adapt by gradient steps two are enough; the others are deeper."""
    steps = get("algorithm", name).build.has_steps and name not in ("maml", "cavia")
    return pytest.param(name, marks=pytest.mark.slow if steps else ())


def carried(algorithm: str) -> tuple[TextTask, list]:
    config = tiny_config(task=TASK, model=MODEL, algorithm={"name": algorithm})
    family = prepared(config)
    task = family.draw("test", 0)
    assert isinstance(task, TextTask)
    learner = untrained(config, family)
    steps = 2 if config.takes_steps else 0
    found = list(words_that_carry(learner, task, TEXT, steps))
    adapted = list(learner.adapt(task.with_query_sentence(1, TEXT).episode(), steps))
    queries = sum(len(row) for row in task.query[:2])
    for mine, step in zip(found, adapted, strict=True):
        torch.testing.assert_close(mine.outputs, step.query_outputs[queries], atol=1e-5, rtol=1e-4)
    learner.algorithm.close()
    return task, found


@pytest.mark.parametrize("algorithm", [tried(name) for name in names("algorithm")])
def test_every_learner_says_what_it_predicts_and_why(algorithm: str) -> None:
    if get("algorithm", algorithm).unfit(prepared(tiny_config(task=TASK, model=MODEL)).spec):
        pytest.skip("the algorithm does not fit sentences")
    task, found = carried(algorithm)
    assert [one.step for one in found] == list(range(len(found)))
    for one in found:
        assert one.effects.shape == (len(task.parts(TEXT)), 3)
        assert one.effects.isfinite().all()
        assert 0 <= one.way < 3


def test_a_word_of_the_support_set_carries_the_prediction_of_its_class() -> None:
    config = tiny_config(task={**TASK, "features": 8192}, model=MODEL, algorithm={"name": "r2d2"})
    family = prepared(config)
    task = family.draw("test", 0).with_item((1, 0), "Zebras yodel")  # type: ignore[attr-defined]
    (found,) = words_that_carry(untrained(config, family), task, "Zebras yodel somewhere", 0)
    assert found.way == 1
    zebras, yodel, somewhere = found.effects
    assert min(zebras[1], yodel[1]) > somewhere[1]
    assert int(zebras.argmax()) == int(yodel.argmax()) == 1


class Whole(TextTask):
    """As an encoder's: no word stands for itself."""

    def word_features(self, text: str) -> None:
        return None


def test_where_words_do_not_add_up_each_is_left_out() -> None:
    config = tiny_config(task={**TASK, "features": 8192}, model=MODEL, algorithm={"name": "r2d2"})
    family = prepared(config)
    drawn = family.draw("test", 0).with_item((1, 0), "Zebras yodel")  # type: ignore[attr-defined]
    task = Whole(drawn.pool, drawn.classes, drawn.support, drawn.query)
    (found,) = words_that_carry(untrained(config, family), task, "Zebras yodel somewhere", 0)
    assert found.effects.shape == (3, 3)
    assert min(found.effects[:2, 1]) > found.effects[2, 1]
