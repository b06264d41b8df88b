"""Methods against loops written out here as their authors write them (float64, no tuning)."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from tests.unit.algorithms.kit import (
    CURVES,
    IMAGES,
    build,
    curves,
    doubled,
    flat,
    images,
    smooth_conv,
    smooth_net,
)
from tests.unit.algorithms.test_relatives import by_hand
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.engine.inner import step_by_step

RATE, LAMBDA = 0.1, 2.0


def leaves_of(model: nn.Module) -> Weights:
    return {n: p.detach().clone().requires_grad_() for n, p in model.named_parameters()}


def loss_of(model: nn.Module, weights: Weights, batch: Batch, task: int) -> Tensor:
    return F.cross_entropy(functional_call(model, weights, batch.x[task]), batch.y[task])


def free_steps(
    model: nn.Module, start: Weights, batch: Batch, task: int, steps: int, rate: float
) -> Weights:
    fast = {name: weight.detach() for name, weight in start.items()}
    for _ in range(steps):
        fast = {name: weight.requires_grad_() for name, weight in fast.items()}
        found = torch.autograd.grad(loss_of(model, fast, batch, task), list(fast.values()))
        fast = {n: (w - rate * g).detach() for (n, w), g in zip(fast.items(), found, strict=True)}
    return fast


def hessian(model: nn.Module, at: Weights, batch: Batch, task: int) -> Tensor:
    """Of the support loss, row by row."""
    leaves = {name: weight.detach().requires_grad_() for name, weight in at.items()}
    loss = loss_of(model, leaves, batch, task)
    slope = torch.cat(
        [g.flatten() for g in torch.autograd.grad(loss, list(leaves.values()), create_graph=True)]
    )
    rows = [
        torch.autograd.grad(one, list(leaves.values()), retain_graph=True, allow_unused=True)
        for one in slope
    ]
    likes = list(leaves.values())
    return torch.stack(
        [
            torch.cat(
                [
                    (torch.zeros_like(w) if g is None else g).flatten()
                    for g, w in zip(row, likes, strict=True)
                ]
            )
            for row in rows
        ]
    )


@pytest.mark.parametrize("reduction", ["mean", "paper"])
def test_implicit_maml_as_its_authors_run_it(reduction: str) -> None:
    """Free steps, one step back, and ((1 + 1) I + H / (lambda + 10))^-1 g, solved densely."""
    model, episodes = smooth_conv(), images()
    algorithm = build(
        "imaml", model, IMAGES, inner_steps=4, inner_rate=RATE, proximity=LAMBDA, damping=1.0,
        solver_steps=300, reduction=reduction,
    )  # fmt: skip
    times = 3 if reduction == "paper" else 1
    theta, expected = leaves_of(model), []
    for task in range(len(episodes)):
        phi = free_steps(model, theta, episodes.support, task, 4, RATE * times)
        phi = {n: w - RATE * LAMBDA * (w - theta[n].detach()) for n, w in phi.items()}
        matrix = times * hessian(model, phi, episodes.support, task) / (LAMBDA + 10)
        phi = {name: weight.requires_grad_() for name, weight in phi.items()}
        asked = torch.autograd.grad(loss_of(model, phi, episodes.query, task), list(phi.values()))
        toward = torch.cat([g.flatten() for g in asked])
        expected.append(torch.linalg.solve(2 * torch.eye(len(toward)).double() + matrix, toward))
    found = flat(algorithm.meta_gradient(algorithm.initial(), episodes, 0).gradients)
    assert torch.allclose(found, torch.stack(expected).mean(0), rtol=0, atol=1e-9)
    algorithm.close()


def test_on_held_out_tasks_the_authors_take_free_steps_alone() -> None:
    model, episodes = smooth_conv(), images()
    given = {"inner_rate": RATE, "inner_steps": 4, "test_steps": 4}
    held = build("imaml", model, IMAGES, proximity=1e3, **given)
    free = build("maml", model, IMAGES, **given)
    one, other = (a.evaluate(a.initial(), episodes, 4).query_loss for a in (held, free))
    assert torch.allclose(one, other, rtol=0, atol=1e-12)
    for algorithm in (held, free):
        algorithm.close()


def test_the_papers_reduction_scales_the_whole_implicit_problem() -> None:
    """N times the loss with alpha and lambda is the loss itself with N alpha and lambda / N."""
    model, episodes = smooth_conv(), images()
    given = {"inner": "proximal", "inner_steps": 5, "damping": 0.0}
    paper = build(
        "imaml", model, IMAGES, inner_rate=RATE, proximity=LAMBDA, reduction="paper", **given
    )
    mean = build("imaml", model, IMAGES, inner_rate=3 * RATE, proximity=LAMBDA / 3, **given)
    one, other = (flat(a.meta_gradient(a.initial(), episodes, 0).gradients) for a in (paper, mean))
    assert torch.allclose(one, other, rtol=0, atol=1e-12)
    for algorithm in (paper, mean):
        algorithm.close()


@pytest.mark.parametrize("strategy", ["auto", "general"])
def test_backtracking_lowers_the_inner_objective_where_fixed_steps_diverge(strategy: str) -> None:
    model, episodes = smooth_net(), curves()
    algorithm = build(
        "imaml", model, CURVES, inner="proximal", inner_rate=50.0, proximity=LAMBDA,
        backtracking=True, strategy=strategy,
    )  # fmt: skip
    theta = algorithm.initial()
    engine, rule = algorithm.engine, algorithm.rule(12)  # type: ignore[attr-defined]
    for task in range(len(episodes)):
        episode, values = episodes[task], []
        for used in step_by_step(engine.forward(), engine.spec, theta, episode.support, rule):
            loss = F.mse_loss(functional_call(model, used, episode.support.x), episode.support.y)
            away = sum(float((used[n] - theta[n]).square().sum()) for n in theta)
            values.append(float(loss) + LAMBDA / 2 * away)
        assert all(later <= sooner for sooner, later in itertools.pairwise(values))
        assert values[-1] < values[0]
    scores = algorithm.evaluate(theta, episodes, 12)
    assert scores.support_loss[:, -1].tolist() < scores.support_loss[:, 0].tolist()
    single = [list(algorithm.adapt(theta, episodes[t], 12))[-1].query_loss for t in range(3)]
    assert scores.query_loss[:, -1].tolist() == pytest.approx(single, abs=1e-9)
    algorithm.close()


def film(model: nn.Module, weights: Weights, x: Tensor, context: Tensor) -> Tensor:
    """The convolution, its normalisation, scale and shift by a layer of the context, the rest."""
    y = functional_call(model[1], {"weight": weights["w"], "bias": weights["b"]}, model[0](x))
    scale, shift = F.linear(context, weights["film"], weights["film_bias"]).chunk(2)
    y = scale[:, None, None] * y + shift[:, None, None]
    return model[4](model[3](model[2](y)))


def test_cavia_modulates_as_its_authors_do() -> None:
    model, episodes = smooth_conv(), images()
    algorithm = build("cavia", model, IMAGES, inner_rate=1.0, inner_steps=2, context=4)
    weights = {name: w.clone().requires_grad_() for name, w in algorithm.initial().items()}
    assert float(weights["1.projection.bias"].detach().abs().max()) <= 0.5  # 1 / sqrt(4)
    named = {
        "w": weights["1.layer.weight"],
        "b": weights["1.layer.bias"],
        "film": weights["1.projection.weight"],
        "film_bias": weights["1.projection.bias"],
    }
    losses = []
    for task in range(len(episodes)):
        context = torch.zeros(4, dtype=torch.float64, requires_grad=True)
        for _ in range(2):
            outputs = film(model, named, episodes.support.x[task], context)
            loss = F.cross_entropy(outputs, episodes.support.y[task])
            (slope,) = torch.autograd.grad(loss, context, create_graph=True)
            context = context - slope
        outputs = film(model, named, episodes.query.x[task], context)
        losses.append(F.cross_entropy(outputs, episodes.query.y[task]))
    learned = list(named.values())
    expected = torch.autograd.grad(torch.stack(losses).mean(), learned)
    found = algorithm.meta_gradient(algorithm.initial(), episodes, 0).gradients
    names = [next(n for n, w in weights.items() if w is tensor) for tensor in learned]
    for name, wanted in zip(names, expected, strict=True):
        assert torch.allclose(found[name], wanted, rtol=0, atol=1e-12), name
    algorithm.close()


@pytest.mark.parametrize("reduction", ["mean", "paper"])
def test_meta_sgd_can_start_as_maml(reduction: str) -> None:
    model, episodes = smooth_conv(), images()
    given = {"inner_rate": 0.125, "inner_steps": 2, "reduction": reduction}
    learned = build("meta_sgd", model, IMAGES, start="alpha", **given)
    maml = build("maml", model, IMAGES, **given)
    one = learned.meta_gradient(learned.initial(), episodes, 0).gradients
    other = maml.meta_gradient(maml.initial(), episodes, 0).gradients
    for name, wanted in other.items():
        assert torch.allclose(one[name], wanted, rtol=0, atol=1e-10)
    for algorithm in (learned, maml):
        algorithm.close()


def test_meta_curvature_stretches_biases_element_by_element() -> None:
    model, episode = smooth_net(), curves(tasks=1)
    algorithm = build("meta_curvature", model, CURVES, inner_rate=RATE)
    weights = doubled(algorithm.initial())
    biases = {name for name in algorithm.engine.names if name.endswith("bias")}  # type: ignore[attr-defined]
    vectors = {name for name in weights if name.endswith(".elements")}
    assert vectors == {f"curvature/{name}.elements" for name in biases}
    assert all(
        weights[f"curvature/{name}.elements"].shape == weights[name].shape for name in biases
    )
    weights |= {name: torch.linspace(-1, 2, len(weights[name])).double() for name in vectors}
    theta = leaves_of(model)
    loss = F.mse_loss(functional_call(model, theta, episode.support.x[0]), episode.support.y[0])
    slopes = dict(zip(theta, torch.autograd.grad(loss, list(theta.values())), strict=True))
    (_, moved) = algorithm.engine.step_by_step(weights, episode[0], algorithm.rule(1))  # type: ignore[attr-defined]
    for name in theta:
        stretch = weights.get(f"curvature/{name}.elements", torch.ones((), dtype=torch.float64))
        wanted = theta[name].detach() - RATE * stretch * slopes[name]
        assert torch.allclose(moved[0][name], wanted, rtol=0, atol=1e-12), name
    algorithm.close()


@pytest.mark.parametrize("name", ["maml", "boil"])
def test_normalisation_may_stay_out_of_the_inner_loop(name: str) -> None:
    model, episodes = smooth_conv(), images()
    still = ("1.", "4.") if name == "boil" else ("1.",)
    rates = {n: RATE * (not n.startswith(still)) for n, _ in model.named_parameters()}
    algorithm = build(name, model, IMAGES, inner_rate=RATE, inner_steps=2, adapt_norms=False)
    found = algorithm.meta_gradient(algorithm.initial(), episodes, 0).gradients
    assert torch.allclose(flat(found), by_hand(model, episodes, rates, 2), rtol=0, atol=1e-10)
    algorithm.close()


def test_from_epoch_e_on_maml_plus_plus_asks_the_query_set_once() -> None:
    model, episodes = smooth_net(), curves()
    given = {"inner_rate": RATE, "inner_steps": 3, "multi_step_epochs": 2, "epoch": 5}
    algorithm = build("maml_plus_plus", model, CURVES, **given)
    early, late = (algorithm.rule(3, iteration) for iteration in (9, 10))  # type: ignore[attr-defined]
    assert early.emphasis() == pytest.approx((0, 1 / 6, 1 / 6, 2 / 3))
    assert late.emphasis() == (0.0, 0.0, 0.0, 1.0)
    plain = build("maml_plus_plus", model, CURVES, **given, multi_step_loss=False)
    weights = doubled(algorithm.initial())
    one, other = (
        flat(a.meta_gradient(weights, episodes, 0, 10).gradients) for a in (algorithm, plain)
    )
    assert torch.equal(one, other)
    for made in (algorithm, plain):
        made.close()


def normed_body() -> nn.Module:
    return nn.Sequential(*list(smooth_conv())[:-1])


def by_prototypes(support: Tensor, y: Tensor, query: Tensor) -> Tensor:
    means = torch.stack([support[y == way].mean(0) for way in range(3)])
    return -(query[:, None] - means).square().sum(-1)


@pytest.mark.parametrize("alone", [False, True])
def test_a_prototypical_network_may_normalise_both_sets_as_one(alone: bool) -> None:
    body, episodes = normed_body(), images()
    algorithm = build("protonet", smooth_conv(), IMAGES, statistics="joint", alone=alone)
    episode, weights = episodes[0], algorithm.initial()
    count = len(episode.support.y)

    def logits(query: Tensor) -> Tensor:
        both = body(torch.cat([episode.support.x, query]))
        return by_prototypes(both[:count], episode.support.y, both[count:])

    with torch.no_grad():
        rows = [logits(x[None]) for x in episode.query.x] if alone else [logits(episode.query.x)]
    (step,) = algorithm.adapt(weights, episode, 0)
    assert torch.allclose(step.query_outputs, torch.cat(rows).softmax(-1), rtol=0, atol=1e-12)
    loss = F.cross_entropy(logits(episode.query.x), episode.query.y)
    wanted = torch.autograd.grad(loss, list(body.parameters()))
    one = Episode(*(Batch(b.x[:1], b.y[:1]) for b in (episodes.support, episodes.query)))
    found = algorithm.meta_gradient(weights, one, 0).gradients
    assert torch.allclose(flat(found), torch.cat([g.flatten() for g in wanted]), atol=1e-12)
    algorithm.close()


def test_a_prototypical_network_may_keep_running_statistics() -> None:
    """As torch's own normalisation keeps them, over one task at a time."""
    body, episodes = normed_body(), images()
    body[1] = nn.BatchNorm2d(2).double()
    algorithm = build("protonet", smooth_conv(), IMAGES, statistics="running")
    assert not algorithm.transductive
    weights = doubled(algorithm.initial())
    for task in range(len(episodes)):
        one = episodes[task]
        body(torch.cat([one.support.x, one.query.x]))
        single = Episode(*(Batch(b.x[None], b.y[None]) for b in (one.support, one.query)))
        found = algorithm.meta_gradient(weights, single, 0)
        assert not found.averages.keys() & found.gradients.keys()
        weights |= found.averages
    assert torch.allclose(weights["running/mean/0"], body[1].running_mean, atol=1e-12)
    assert torch.allclose(weights["running/variance/0"], body[1].running_var, atol=1e-12)
    episode = episodes[0]
    with torch.no_grad():
        support, query = (body.eval()(b.x) for b in (episode.support, episode.query))
    wanted = by_prototypes(support, episode.support.y, query).softmax(-1)
    (step,) = algorithm.adapt(weights, episode, 0)
    assert torch.allclose(step.query_outputs, wanted, rtol=0, atol=1e-12)
    algorithm.close()
