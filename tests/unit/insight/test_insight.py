"""Luck, influence, x-ray and time machine against exact or independent answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import prepared, tiny_config, training
from tests.unit.algorithms.kit import Family
from workbench.algorithms.maml import Maml, MamlParams
from workbench.algorithms.proto_maml import ProtoMaml, ProtoMamlParams
from workbench.core import resources
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.seeds import generator
from workbench.core.task import ProblemSpec, TaskFamily
from workbench.engine import Engine
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.insight.embedding import embed
from workbench.experiments.insight.influence import influence, left_out
from workbench.experiments.insight.landscape import landscape
from workbench.experiments.insight.luck import Luck, luck
from workbench.experiments.insight.time_machine import moments
from workbench.experiments.insight.xray import xray
from workbench.experiments.session import Learner, learner_of, refitted, untrained
from workbench.experiments.store import open_run

F64 = torch.float64
GLYPHS = {"name": "glyphs", "ways": 3, "shots": 4, "queries": 3}


@pytest.fixture
def glyphs() -> Iterator[tuple[Learner, TaskFamily]]:
    config = tiny_config(
        task=GLYPHS,
        model={"name": "conv4", "filters": 8},
        algorithm={"name": "maml", "inner_rate": 0.3},
    )
    family = prepared(config)
    learner = untrained(config, family)
    yield learner, family
    learner.algorithm.close()


def ranks(values: Tensor) -> Tensor:
    return values.argsort().argsort().double()


def spearman(one: Tensor, other: Tensor) -> float:
    a, b = ranks(one) - ranks(one).mean(), ranks(other) - ranks(other).mean()
    return float(a @ b / (a.norm() * b.norm()))


def test_influence_ranks_support_items_as_leaving_them_out_does() -> None:
    """Mean Spearman correlation over query items, on a learner that has learned; BN included."""
    kept = open_run(resources.path("bundled", "glyphs")).load_checkpoint()
    family = prepared(ExperimentConfig.from_json(kept.config)).varied(shots=5)
    learner = learner_of(kept, family)
    found = []
    for seed in range(2):
        episode = family.draw("test", seed).episode()
        exact = left_out(learner, episode, 2)
        assert exact.shape == (25, 25)
        for query in range(0, 25, 3):
            found.append(spearman(influence(learner, episode, query, 2), exact[:, query]))
    assert sum(found) / len(found) >= 0.8


def test_influence_is_the_derivative_in_the_items_weight() -> None:
    """On a line with one step: dL/dw_i worked out by hand."""
    model = nn.Sequential(nn.Linear(1, 1, bias=False)).to(F64)
    method = Maml(MamlParams(inner_rate=0.1), Engine(model, ProblemSpec(REGRESSION, (1,), 1), 1))
    weights = {"0.weight": torch.tensor([[0.5]], dtype=F64)}
    x, y = torch.tensor([[1.0], [2.0]], dtype=F64), torch.tensor([[1.0], [3.0]], dtype=F64)
    z, t = torch.tensor([[1.5]], dtype=F64), torch.tensor([[2.0]], dtype=F64)
    learner = Learner(tiny_config(), method, weights, 0, "by hand")
    found = influence(learner, Episode(Batch(x, y), Batch(z, t)), 0, 1)
    slopes = 2 * (0.5 * x - y) * x
    fast = 0.5 - 0.1 * slopes.mean()
    toward = 2 * (fast * z - t) * z
    # d(weighted mean)/dw_i = (slope_i - mean slope) / 2
    expected = -(toward * -0.1 * (slopes - slopes.mean()) / 2).flatten()
    assert torch.allclose(found, expected, atol=1e-12)
    method.close()


def test_influence_passes_through_the_prototypes_of_a_first_head() -> None:
    """Without a step, where features are the inputs: logits -|x - mean_c|^2 of weighted means."""
    spec, draws = ProblemSpec(CLASSIFICATION, (2,), 2), generator(3)
    model = nn.Sequential(nn.Linear(2, 2)).to(F64)
    params = ProtoMamlParams(inner_rate=0.1)
    shaped = ProtoMaml.shaped(model, Family(spec), params)
    method = ProtoMaml(params, Engine(shaped, spec, 1))
    x, z = (torch.randn(n, 2, dtype=F64, generator=draws) for n in (5, 2))
    y, t = torch.tensor([0, 0, 1, 1, 1]), torch.tensor([1, 0])
    learner = Learner(tiny_config(), method, method.initial(), 0, "by hand")
    found = influence(learner, Episode(Batch(x, y), Batch(z, t)), 0, 0)
    items = torch.ones(5, dtype=F64, requires_grad=True)
    kept = nn.functional.one_hot(y).to(F64) * items[:, None]
    means = kept.T @ x / kept.sum(0)[:, None]
    logits = -(z[:1, None] - means).square().sum(-1)
    loss = nn.functional.cross_entropy(logits, t[:1])
    (slope,) = torch.autograd.grad(loss, items)
    assert torch.allclose(found, -slope, rtol=0, atol=1e-12) and float(slope.abs().min()) > 1e-6
    method.close()


def test_methods_without_gradient_steps_have_no_influence_to_show() -> None:
    config = tiny_config(
        task=GLYPHS, model={"name": "conv4", "filters": 4}, algorithm={"name": "protonet"}
    )
    family = prepared(config)
    learner = untrained(config, family)
    with pytest.raises(BadInput, match="does not adapt by gradient steps"):
        influence(learner, family.draw("test", 0).episode(), 0, 1)
    with pytest.raises(BadInput, match="not first order plus curvature"):
        xray(learner, family.episodes("test", 1, generator(0)), 1)
    learner.algorithm.close()


def test_the_x_ray_of_a_quadratic_in_two_parameters() -> None:
    """full = (I - alpha H) g_Q, first = g_Q, so curvature = -alpha H g_Q."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 1, bias=False)).to(F64)
    spec, rate = ProblemSpec(REGRESSION, (2,), 1), 0.05
    method = Maml(MamlParams(inner_rate=rate), Engine(model, spec, 1))
    x, y = torch.randn(1, 6, 2, dtype=F64), torch.randn(1, 6, 1, dtype=F64)
    xq, yq = torch.randn(1, 6, 2, dtype=F64), torch.randn(1, 6, 1, dtype=F64)
    weights: Weights = method.initial()
    hessian = 2 * x[0].T @ x[0] / 6
    theta = weights["0.weight"][0]
    phi = theta - rate * 2 / 6 * ((x[0] @ theta - y[0, :, 0]) @ x[0])
    toward = 2 / 6 * ((xq[0] @ phi - yq[0, :, 0]) @ xq[0])
    full = toward - rate * hessian @ toward
    (layer,) = xray(
        Learner(tiny_config(), method, weights, 0, ""), Episode(Batch(x, y), Batch(xq, yq)), 1
    )
    assert layer.first_order == pytest.approx(float(toward.norm()), abs=1e-6)
    assert layer.curvature == pytest.approx(float((rate * hessian @ toward).norm()), abs=1e-6)
    assert layer.full == pytest.approx(float(full.norm()), abs=1e-6)
    cosine = float(full @ toward / (full.norm() * toward.norm()))
    assert layer.cosine == pytest.approx(cosine, abs=1e-6)
    method.close()


def test_luck_is_the_share_of_other_support_sets_that_serve_worse(
    glyphs: tuple[Learner, TaskFamily],
) -> None:
    learner, family = glyphs
    task = family.draw("test", 5)
    *_, last = luck(learner, task, 2, seed=1, count=20)
    again = list(luck(learner, task, 2, seed=1, count=20))[-1]
    assert last.others == again.others
    assert last.tried == 20
    worse = sum(loss > last.own for loss in last.others)
    assert last.percentile == pytest.approx(100 * worse / 20)
    own = list(learner.adapt(task.episode(), 2))[-1].query_loss
    best, worst = (
        list(learner.adapt(t.episode(), 2))[-1].query_loss for t in (last.best, last.worst)
    )
    assert last.own == pytest.approx(own, rel=1e-4)
    assert best == pytest.approx(min((*last.others, last.own)), rel=1e-4)
    assert worst == pytest.approx(max((*last.others, last.own)), rel=1e-4)


def test_a_support_set_that_diverges_is_never_the_luckiest(
    glyphs: tuple[Learner, TaskFamily], monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, family = glyphs
    nan, inf = float("nan"), float("inf")
    losses = iter(([nan], [nan, 2.0, 1.0, -inf, 3.0]))
    scores = SimpleNamespace(
        evaluate=lambda *_: SimpleNamespace(query_loss=column(next(losses))),
        engine=learner.algorithm.engine,
    )
    monkeypatch.setattr("workbench.experiments.insight.luck.stack", list)
    task = family.draw("test", 5)
    (found,) = luck(replace(learner, algorithm=scores), task, 2, seed=1, count=5)  # type: ignore[arg-type]
    assert (found.own, found.others) == (inf, (inf, 2.0, 1.0, inf, 3.0))
    assert found.percentile == 20
    assert (found.loss(found.best), found.loss(found.worst), found.loss(task)) == (1.0, inf, inf)


def column(losses: list[float]) -> Tensor:
    """Scores after the only inner step."""
    return torch.tensor(losses)[:, None]


def test_ties_count_half() -> None:
    task = object()
    assert Luck(1.0, (1.0, 1.0, 2.0, 0.5), task, task).percentile == 50  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["glyphs", "sinusoid"])
def test_another_support_keeps_classes_and_query(name: str) -> None:
    config = (
        tiny_config(task=GLYPHS, model={"name": "conv4"}) if name == "glyphs" else tiny_config()
    )
    task = prepared(config).draw("test", 3)
    other = task.another_support(generator(9))
    one, two = task.episode(), other.episode()
    assert torch.equal(one.query.x, two.query.x)
    assert one.support.x.shape == two.support.x.shape
    assert not torch.equal(one.support.x, two.support.x)
    if name == "glyphs":
        queries = {image.numpy().tobytes() for image in two.query.x}
        assert not queries & {image.numpy().tobytes() for image in two.support.x}


def test_the_time_machine_shows_what_each_checkpoint_does(tmp_path: Path) -> None:
    config = tiny_config(training={"iterations": 9, "checkpoint_interval": 2, "eval_interval": 9})
    list(training(config, tmp_path / "run").events())
    run, family = open_run(tmp_path / "run"), prepared(config)
    task = family.draw("test", 0)
    seen = list(moments(run, family, task, 3))
    assert [moment.iteration for moment in seen] == [0, 2, 4, 6, 8, 9]
    assert [moment.kept for moment in seen] == [False, True, True, True, True, True]
    newest = learner_of(run.load_checkpoint(), family, newest=True)
    expected = [step.query_loss for step in newest.adapt(task.episode(), 3)]
    assert list(seen[-1].query_loss) == expected
    fresh = untrained(config, family).adapt(task.episode(), 3)
    assert list(seen[0].query_loss) == [step.query_loss for step in fresh]
    assert len({moment.query_loss for moment in seen}) == 6


def test_the_time_machine_gives_every_head_anew_for_another_number_of_classes(
    tmp_path: Path,
) -> None:
    config = tiny_config(
        task={**GLYPHS, "shots": 1},
        model={"name": "conv4", "filters": 4},
        training={"iterations": 1, "eval_tasks": 2, "test_tasks": 2},
    )
    list(training(config, tmp_path / "run").events())
    run, family = open_run(tmp_path / "run"), prepared(config)
    wider = family.varied(ways=4)
    task = wider.draw("test", 0)
    fresh, newest = moments(run, family, task, 2)
    learners = (
        untrained(config, family),
        learner_of(run.load_checkpoint(), family, newest=True),
    )
    for moment, learner in zip((fresh, newest), learners, strict=True):
        fitted, anew = refitted(learner, wider)
        assert anew
        expected = [step.query_loss for step in fitted.adapt(task.episode(), 2)]
        assert list(moment.query_loss) == expected


def test_the_time_machine_shows_a_kept_beginning_once(tmp_path: Path) -> None:
    """A method that is not meta-trained keeps its only checkpoint at iteration 0."""
    config = tiny_config(training={"iterations": 1})
    list(training(config, tmp_path / "run").events())
    run, family = open_run(tmp_path / "run"), prepared(config)
    checkpoints.write(run.path / "checkpoints", replace(run.load_checkpoint(), iteration=0))
    seen = list(moments(run, family, family.draw("test", 0), 1))
    assert [(moment.iteration, moment.kept) for moment in seen] == [(0, True), (1, True)]


def test_the_embedding_keeps_one_plane_for_all_steps(glyphs: tuple[Learner, TaskFamily]) -> None:
    """Its coordinates are the first two principal components of the features of all steps."""
    learner, family = glyphs
    episode = family.draw("test", 1).episode()
    found = embed(learner, episode, 2)
    assert found.support.shape == (3, 12, 2)
    assert found.query.shape == (3, 9, 2)
    points = torch.cat([found.support, found.query], 1).flatten(0, 1)
    assert torch.allclose(points.mean(0), torch.zeros(2, dtype=F64), atol=1e-8)
    assert abs(float(points[:, 0] @ points[:, 1])) < 1e-8
    assert 1 >= found.explained[0] >= found.explained[1] > 0
    assert not torch.allclose(found.query[0], found.query[2])


def test_an_embedding_stands_still_where_features_do() -> None:
    config = tiny_config(algorithm={"name": "anil", "inner_rate": 0.01})
    family = prepared(config)
    learner = untrained(config, family)
    found = embed(learner, family.draw("test", 0).episode(), 3)
    assert torch.allclose(found.query[0], found.query[3], atol=1e-9)
    learner.algorithm.close()


def test_the_landscape_has_the_paths_own_losses_on_it(glyphs: tuple[Learner, TaskFamily]) -> None:
    learner, family = glyphs
    episode = family.draw("test", 1).episode()
    rows = list(landscape(learner, episode, 2, side=5))
    last = rows[-1]
    assert len(rows) == 5
    assert torch.isnan(rows[0].support_loss[1:]).all()
    assert torch.isfinite(last.support_loss).all()
    assert torch.allclose(last.path[0], torch.zeros(2, dtype=F64))
    assert last.path[-1, 1] == pytest.approx(0, abs=1e-9)
    assert last.off_plane < 1e-6
    # Five places from half a length before the path to half a length behind it: 0 and 1 are on it.
    steps = list(learner.adapt(episode, 2))
    for step, column in ((steps[0], 1), (steps[2], 3)):
        assert float(last.support_loss[1, column]) == pytest.approx(step.support_loss, rel=1e-4)
        assert float(last.query_loss[1, column]) == pytest.approx(step.query_loss, rel=1e-4)
    assert not torch.allclose(last.support_loss[1], last.support_loss[3])


def test_a_metric_learner_has_no_path_to_draw() -> None:
    config = tiny_config(
        task=GLYPHS, model={"name": "conv4", "filters": 4}, algorithm={"name": "protonet"}
    )
    family = prepared(config)
    learner = untrained(config, family)
    episode = family.draw("test", 0).episode()
    assert list(landscape(learner, episode, 3)) == []
    assert embed(learner, episode, 3).query.shape == (1, 9, 2)
    learner.algorithm.close()


def test_a_search_for_the_length_of_a_step_has_no_influence() -> None:
    config = tiny_config(algorithm={"name": "imaml", "inner_steps": 2, "backtracking": True})
    family = prepared(config)
    episode = family.episodes("val", 1, torch.Generator().manual_seed(0))[0]
    with pytest.raises(BadInput, match="backtracking"):
        influence(untrained(config, family), episode, 0, 2)
