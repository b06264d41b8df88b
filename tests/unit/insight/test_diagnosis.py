"""Feature reuse, zero heads and other names for the classes, against what must come out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import prepared, tiny_config
from tests.unit.algorithms.kit import F64, IMAGES, build, doubled, images, smooth_conv
from workbench.core.episode import Batch, Episode
from workbench.core.registry import get, names
from workbench.engine.activations import blocks
from workbench.experiments.insight.diagnosis import (
    Diagnosis,
    diagnose,
    orders,
    relabelled,
    zero_headed,
)
from workbench.experiments.insight.feature_reuse import linear_cka, nil_accuracy, reuse
from workbench.experiments.session import Learner, untrained

GLYPHS = {"name": "glyphs", "ways": 3, "shots": 2, "queries": 4}


def learner_of(name: str, **params: object) -> Learner:
    """In float64, on smooth images of three classes."""
    algorithm = build(name, smooth_conv(), IMAGES, **params)
    return Learner(tiny_config(), algorithm, doubled(algorithm.initial()), 0, "made")


def last(learner: Learner, episodes: Episode, steps: int, permutations: int = 5) -> Diagnosis:
    *_, found = diagnose(learner, episodes, steps, 0, permutations)
    learner.algorithm.close()
    return found


def test_the_nil_test_on_pixels_is_the_nearest_neighbour() -> None:
    draws = torch.Generator().manual_seed(3)
    support, query = (torch.randn(n, 12, dtype=F64, generator=draws) for n in (4, 30))
    truth = torch.randint(0, 4, (30,), generator=draws)
    y = torch.tensor([2, 0, 3, 1])
    cosine = nn.functional.cosine_similarity(query[:, None], support[None], dim=-1)
    expected = float((y[cosine.argmax(1)] == truth).double().mean())
    assert nil_accuracy(support, y, query, truth) == pytest.approx(expected)
    assert nil_accuracy(support, y, support, y) == 1


def test_anil_reuses_its_features_and_boil_does_not() -> None:
    anil = last(learner_of("anil", inner_rate=0.5), images(), 3)
    nil = anil.of("nil")
    assert nil is not None and nil.before is not None and torch.equal(nil.before, nil.after)
    body, head = anil.similarity["0"], anil.similarity["4"]
    assert torch.allclose(body, torch.ones(2, dtype=F64), rtol=0, atol=1e-9)
    assert bool((head < 0.999).all())
    boil = last(learner_of("boil", inner_rate=0.5), images(), 3)
    assert bool((boil.similarity["0"] < 0.999).all())


def test_linear_cka_is_blind_to_rotation_and_scale_only() -> None:
    draws = torch.Generator().manual_seed(0)
    x = torch.randn(20, 6, dtype=F64, generator=draws)
    turn, _ = torch.linalg.qr(torch.randn(6, 6, dtype=F64, generator=draws))
    assert linear_cka(x, 3 * x @ turn + 5) == pytest.approx(1, abs=1e-12)
    y = torch.randn(20, 6, dtype=F64, generator=draws)
    a, b = x - x.mean(0), y - y.mean(0)
    expected = (a.T @ b).norm() ** 2 / ((a.T @ a).norm() * (b.T @ b).norm())
    assert linear_cka(x, y) == pytest.approx(float(expected), abs=1e-12)
    assert linear_cka(x, y) < 0.9


def test_a_zero_head_knows_nothing_before_it_adapts() -> None:
    found = last(learner_of("maml", inner_rate=0.5), images(), 2).of("zero_head")
    assert found is not None and found.before is not None
    assert torch.allclose(found.before, torch.full((2,), 1 / 3, dtype=F64))
    without = last(learner_of("maml"), images(), 0).of("zero_head")
    assert without is not None and torch.allclose(without.after, torch.full((2,), 1 / 3).double())


def test_boil_never_leaves_a_head_of_zeros() -> None:
    """The gradient of its body passes through the head."""
    found = last(learner_of("boil", inner_rate=0.5), images(), 3).of("zero_head")
    assert found is not None and torch.equal(found.before, found.after)  # type: ignore[arg-type]


def test_a_new_head_of_transfer_starts_at_zero() -> None:
    learner = learner_of("transfer", test_steps=2)
    zeroed = zero_headed(learner)
    assert zeroed is not None and zeroed.algorithm.params.zero_head  # type: ignore[attr-defined]
    assert not learner.algorithm.params.zero_head  # type: ignore[attr-defined]
    learner.algorithm.close()


@pytest.mark.parametrize("name", ["protonet", "matching", "relation", "r2d2", "nearest_neighbour"])
def test_who_compares_items_has_no_head_and_no_order_of_labels(name: str) -> None:
    found = last(learner_of(name), images(), 0)
    own, other = found.of("own"), found.of("relabelled")
    assert found.of("zero_head") is None
    assert own is not None and other is not None and own.before is None
    assert torch.allclose(own.after, other.after, rtol=0, atol=1e-6)
    assert other.spread is not None and float(other.spread.max()) < 1e-6


def test_a_learner_that_holds_the_labels_falls() -> None:
    """Too slow to adapt, it is right by the labels it gives; one order in five keeps each class."""
    learner, drawn = learner_of("maml", inner_rate=1e-6), images()
    steps = [next(learner.adapt(drawn[task], 0)) for task in range(2)]
    labels = torch.stack([step.query_outputs.argmax(-1) for step in steps])
    episodes = Episode(drawn.support, Batch(drawn.query.x, labels))
    found = last(learner, episodes, 1)
    own, other = found.of("own"), found.of("relabelled")
    assert own is not None and other is not None and other.spread is not None
    assert own.after.tolist() == [1, 1]
    assert other.after.tolist() == pytest.approx([0.2, 0.2])
    alone = torch.stack(list(_each(learner_of("maml", inner_rate=1e-6), episodes)))
    assert torch.allclose(other.after, alone.mean(0)) and torch.allclose(other.spread, alone.std(0))


def _each(learner: Learner, episodes: Episode) -> Iterator[Tensor]:
    """The accuracies under every order by itself."""
    for order in orders(3, 5, 0):
        other = relabelled(episodes, order)
        yield learner.algorithm.evaluate(learner.weights, other, 1).metric[:, -1].double()
    learner.algorithm.close()


def test_orders_are_different_and_never_the_given_one() -> None:
    found = [tuple(order.tolist()) for order in orders(3, 10, 0)]
    assert len(found) == len(set(found)) == 5 and (0, 1, 2) not in found
    assert found == [tuple(order.tolist()) for order in orders(3, 10, 0)]
    assert len(list(orders(20, 10, 1))) == 10


def test_blocks_hold_one_matrix_each() -> None:
    block = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU())
    model = nn.Sequential(nn.Sequential(block, nn.Flatten()), nn.Linear(8, 4), nn.ReLU())
    assert list(blocks(model)) == ["0", "1"]
    both = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    assert list(blocks(nn.Sequential(both, nn.Linear(2, 1)))) == ["0.0", "0.1", "1"]


@pytest.mark.parametrize("name", names("algorithm"))
@pytest.mark.parametrize("problem", ["glyphs", "sinusoid"])
def test_every_learner_can_be_diagnosed(name: str, problem: str) -> None:
    task, model = {
        "glyphs": (GLYPHS, {"name": "conv4", "filters": 4}),
        "sinusoid": ({"name": "sinusoid"}, {"name": "mlp"}),
    }[problem]
    plain = tiny_config(task=task, model=model)
    family = prepared(plain)
    if get("algorithm", name).build.unfit(family.spec):
        pytest.skip("this method does not learn this kind of problem")
    few = "test_steps" in get("algorithm", name).params.model_fields
    algorithm = {"name": name, **({"test_steps": 2} if few else {})}
    learner = untrained(plain.replaced({"algorithm": algorithm}), family)
    episodes = family.episodes("test", 2, torch.Generator().manual_seed(0))
    kept = {key: weight.clone() for key, weight in learner.weights.items()}
    seen = list(diagnose(learner, episodes, 2, 0, 2))
    found, own = seen[-1], learner.algorithm.evaluate(learner.weights, episodes, 2).metric
    learner.algorithm.close()
    kinds = [finding.kind for finding in found.findings]
    classes = family.spec.labels
    assert kinds[0] == "own" and ("nil" in kinds) == ("relabelled" in kinds) == classes
    assert torch.allclose(found.findings[0].after, own[:, -1].double())
    assert all(len(finding.after) == 2 for finding in found.findings)
    assert [one.progress for one in seen] == sorted(one.progress for one in seen)
    assert seen[-1].progress <= 1
    assert all(torch.equal(kept[key], weight) for key, weight in learner.weights.items())


def test_the_features_of_transfer_are_not_its_logits() -> None:
    learner = learner_of("transfer", test_steps=1)
    found = reuse(learner, images()[0], 1)
    assert found.nil is not None and found.nil[0] == found.nil[1]
    learner.algorithm.close()
