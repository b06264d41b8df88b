"""The identities between MAML and its relatives, and their closed forms (float64, no tuning)."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from tests.unit.algorithms.kit import (
    CURVES,
    F64,
    IMAGES,
    build,
    curves,
    doubled,
    flat,
    images,
    smooth_conv,
    smooth_net,
)
from workbench.algorithms.imaml import conjugate_gradients
from workbench.algorithms.maml_plus_plus import weighing
from workbench.algorithms.stepped import epoch_batches
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.objective import REGRESSION
from workbench.core.task import ProblemSpec

RATE = 0.1
LINE = ProblemSpec(REGRESSION, (3,), 1)


def own(gradients: Weights, like: Weights) -> Tensor:
    """The gradient of the model's weights alone."""
    return flat({name: gradients[name] for name in like})


def by_hand(model: nn.Module, episodes: Episode, rates: dict[str, float], steps: int) -> Tensor:
    """The MAML gradient with a step size for each tensor, by plain autograd."""
    weights = {n: p.detach().clone().requires_grad_() for n, p in model.named_parameters()}
    losses = []
    for task in range(len(episodes)):
        fast = dict(weights)
        for _ in range(steps):
            outputs = functional_call(model, fast, episodes.support.x[task])
            loss = F.cross_entropy(outputs, episodes.support.y[task])
            moves = torch.autograd.grad(loss, list(fast.values()), create_graph=True)
            fast = {n: w - rates[n] * g for (n, w), g in zip(fast.items(), moves, strict=True)}
        outputs = functional_call(model, fast, episodes.query.x[task])
        losses.append(F.cross_entropy(outputs, episodes.query.y[task]))
    found = torch.autograd.grad(torch.stack(losses).mean(), list(weights.values()))
    return torch.cat([g.flatten() for g in found])


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize(("name", "moves_head"), [("anil", True), ("boil", False)])
def test_anil_and_boil_are_maml_with_a_rate_of_zero(
    name: str, moves_head: bool, steps: int
) -> None:
    model, episodes = smooth_conv(), images()
    rates = {n: RATE * (n.startswith("4.") == moves_head) for n, _ in model.named_parameters()}
    algorithm = build(name, model, IMAGES, inner_rate=RATE, inner_steps=steps)
    found = algorithm.meta_gradient(algorithm.initial(), episodes, 0).gradients
    assert torch.allclose(flat(found), by_hand(model, episodes, rates, steps), rtol=0, atol=1e-10)
    algorithm.close()


@pytest.mark.parametrize("problem", ["curves", "images"])
@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("meta_sgd", {"rate_low": RATE, "rate_high": RATE}),
        ("meta_curvature", {"inner_rate": RATE}),
        ("maml_plus_plus", {"inner_rate": RATE, "multi_step_loss": False}),
    ],
)
def test_what_learns_more_starts_as_maml(name: str, params: dict[str, float], problem: str) -> None:
    """A constant learned rate, curvature at the identity, MAML++ before its first step."""
    model, spec, episodes = (
        (smooth_net(), CURVES, curves())
        if problem == "curves" or name == "maml_plus_plus"
        else (smooth_conv(), IMAGES, images())
    )
    other = build(name, model, spec, inner_steps=3, **params)
    maml = build("maml", model, spec, inner_steps=3, inner_rate=RATE)
    weights = maml.initial()
    expected = maml.meta_gradient(weights, episodes, 0)
    start = {**doubled(other.initial())}
    for key in start:
        if key.startswith(("rate/", "rates/")):
            start[key] = torch.full_like(start[key], RATE)
    found = other.meta_gradient(start, episodes, 0)
    other.close()
    maml.close()
    assert found.query_loss == pytest.approx(expected.query_loss, abs=1e-12)
    assert torch.allclose(
        own(found.gradients, weights), own(expected.gradients, weights), rtol=0, atol=1e-10
    )


def test_maml_plus_plus_keeps_a_normalisation_for_each_step_out_of_the_inner_loop() -> None:
    """MAML with a rate of zero for scale and shift; their gradient is shared out over the steps."""
    model, episodes, steps = smooth_conv(), images(), 2
    algorithm = build(
        "maml_plus_plus", model, IMAGES, inner_steps=steps, inner_rate=RATE, multi_step_loss=False
    )
    found = algorithm.meta_gradient(doubled(algorithm.initial()), episodes, 0).gradients
    algorithm.close()
    rates = {n: RATE * (not n.startswith("1.")) for n, _ in model.named_parameters()}
    expected = by_hand(model, episodes, rates, steps)
    at_each_step = {n: found[f"norms/{n}"] for n in ("1.weight", "1.bias")}
    assert all(rows.shape == (steps + 1, 2) for rows in at_each_step.values())
    ours = [
        at_each_step[n].sum(0) if n in at_each_step else found[n]
        for n, _ in model.named_parameters()
    ]
    # Learned rates are drawn in float32 here: 0.1 is not quite 0.1.
    assert torch.allclose(torch.cat([g.flatten() for g in ours]), expected, rtol=0, atol=1e-7)


def test_meta_sgd_learns_rates_by_the_gradient_that_the_paper_gives() -> None:
    """One step: dL_Q/da = -grad L_Q(phi) * grad L_S(theta), elementwise."""
    model, episodes = smooth_net(), curves(tasks=1)
    algorithm = build("meta_sgd", model, CURVES, inner_steps=1, rate_low=RATE, rate_high=RATE)
    weights = doubled(algorithm.initial())
    found = algorithm.meta_gradient(weights, episodes, 0).gradients
    theta = {n: p.detach().clone().requires_grad_() for n, p in model.named_parameters()}
    loss = F.mse_loss(functional_call(model, theta, episodes.support.x[0]), episodes.support.y[0])
    slopes = dict(zip(theta, torch.autograd.grad(loss, list(theta.values())), strict=True))
    phi = {
        n: (w - weights[f"rate/{n}"] * slopes[n]).detach().requires_grad_()
        for n, w in theta.items()
    }
    asked = F.mse_loss(functional_call(model, phi, episodes.query.x[0]), episodes.query.y[0])
    toward = dict(zip(phi, torch.autograd.grad(asked, list(phi.values())), strict=True))
    for name in theta:
        assert torch.allclose(found[f"rate/{name}"], -toward[name] * slopes[name], atol=1e-12)
    rates = algorithm.learned_rates(weights)
    assert set(rates) == set(theta)
    algorithm.close()


def test_the_weights_of_the_multi_step_loss_are_those_of_the_paper() -> None:
    assert weighing(5, 0, 10) == pytest.approx((0, 0.2, 0.2, 0.2, 0.2, 0.2))
    assert weighing(5, 5, 10) == pytest.approx((0, 0.1, 0.1, 0.1, 0.1, 0.6))
    assert weighing(5, 9, 10) == pytest.approx((0, 0.02, 0.02, 0.02, 0.02, 0.92))
    assert weighing(5, 10, 10) == weighing(5, 100, 10) == (0, 0, 0, 0, 0, 1)
    for epoch in range(30):
        assert sum(weighing(5, epoch, 10)) == pytest.approx(1)


def test_maml_plus_plus_weighs_the_loss_of_every_step() -> None:
    """In epoch 0 the outer loss is the mean of the query losses after steps 1 and 2."""
    model, episodes = smooth_net(), curves()
    both = build("maml_plus_plus", model, CURVES, inner_steps=2, inner_rate=RATE)
    parts = [
        build(
            "maml_plus_plus", model, CURVES, inner_steps=k, inner_rate=RATE, multi_step_loss=False
        )
        for k in (1, 2)
    ]
    weights = doubled(both.initial())
    names = dict(model.named_parameters())
    found = own(both.meta_gradient(weights, episodes, 0, 0).gradients, names)
    single = [
        own(part.meta_gradient(doubled(part.initial()), episodes, 0, 0).gradients, names)
        for part in parts
    ]
    assert torch.allclose(found, (single[0] + single[1]) / 2, rtol=0, atol=1e-8)
    for algorithm in (both, *parts):
        algorithm.close()


def test_maml_plus_plus_begins_in_first_order_where_it_is_told_to() -> None:
    model, episodes = smooth_net(), curves()
    given = {
        "inner_rate": RATE,
        "inner_steps": 2,
        "multi_step_loss": False,
        "learned_rates": False,
        "first_order_epochs": 2,
        "epoch": 10,
    }
    algorithm = build("maml_plus_plus", model, CURVES, **given)
    first, second = (
        build(name, model, CURVES, inner_rate=RATE, inner_steps=2) for name in ("fomaml", "maml")
    )
    weights = algorithm.initial()
    for iteration, expected in ((19, first), (20, second)):
        found = algorithm.meta_gradient(weights, episodes, 0, iteration).gradients
        assert torch.allclose(
            flat(found), flat(expected.meta_gradient(weights, episodes, 0).gradients), atol=1e-10
        )
    for made in (algorithm, first, second):
        made.close()


def quadratic() -> tuple[nn.Module, Episode, Tensor, Tensor]:
    """Linear regression, its Hessian and the minimum of its support loss."""
    draws = torch.Generator().manual_seed(4)

    def batch() -> Batch:
        x = torch.randn(1, 8, 3, dtype=F64, generator=draws)
        return Batch(x, torch.randn(1, 8, 1, dtype=F64, generator=draws))

    episode = Episode(batch(), batch())
    x = episode.support.x[0]
    hessian = 2 * x.T @ x / len(x)
    model = nn.Sequential(nn.Linear(3, 1, bias=False)).to(F64)
    return model, episode, hessian, 2 * x.T @ episode.support.y[0] / len(x)


@pytest.mark.parametrize("proximity", [0.5, 2.0])
def test_implicit_maml_has_a_closed_form_on_a_quadratic(proximity: float) -> None:
    """phi* = (H + lambda I)^-1 (b + lambda theta); gradient = (I + H / lambda)^-1 g_Q(phi*)."""
    model, episode, hessian, slope = quadratic()
    algorithm = build(
        "imaml", model, LINE, inner="proximal", inner_steps=1000, inner_rate=0.1,
        proximity=proximity, damping=0, solver_steps=50,
    )  # fmt: skip
    weights = algorithm.initial()
    eye = torch.eye(3, dtype=F64)
    theta = weights["0.weight"].T
    best = torch.linalg.solve(hessian + proximity * eye, slope + proximity * theta)
    xq, yq = episode.query.x[0], episode.query.y[0]
    toward = 2 / len(xq) * xq.T @ (xq @ best - yq)
    expected = torch.linalg.solve(eye + hessian / proximity, toward)
    found = algorithm.meta_gradient(weights, episode, 0).gradients["0.weight"]
    assert torch.allclose(found, expected.T, rtol=0, atol=1e-9)
    algorithm.close()


def test_held_infinitely_fast_implicit_maml_is_the_joint_gradient() -> None:
    model, episode, *_ = quadratic()
    algorithm = build(
        "imaml", model, LINE, inner="proximal", inner_rate=1e-7, proximity=1e6, damping=0
    )
    joint = build("maml", model, LINE, inner_steps=0)
    weights = joint.initial()
    one, other = (flat(a.meta_gradient(weights, episode, 0).gradients) for a in (algorithm, joint))
    assert torch.allclose(one, other, rtol=1e-4)


def test_conjugate_gradients_solve_a_system_in_as_many_steps_as_it_has_dimensions() -> None:
    draws = torch.Generator().manual_seed(0)
    half = torch.randn(5, 5, dtype=F64, generator=draws)
    matrix, right = half @ half.T + torch.eye(5, dtype=F64), torch.randn(5, dtype=F64)
    (found,) = conjugate_gradients(lambda v: [matrix @ v[0]], [right], 5)
    assert torch.allclose(matrix @ found, right, atol=1e-8)


def test_reptile_with_one_plain_step_is_joint_training() -> None:
    """theta - phi_1 = alpha times the gradient of the loss on all items together."""
    model, episodes = smooth_net(), curves()
    algorithm = build(
        "reptile", model, CURVES, inner_steps=1, inner_rate=RATE, inner_batch=0,
        inner_optimizer="sgd",
    )  # fmt: skip
    weights = algorithm.initial()
    found = algorithm.meta_gradient(weights, episodes, 0).gradients
    losses = [
        F.mse_loss(
            model(torch.cat([episodes.support.x[t], episodes.query.x[t]])),
            torch.cat([episodes.support.y[t], episodes.query.y[t]]),
        )
        for t in range(len(episodes))
    ]
    joint = torch.autograd.grad(torch.stack(losses).mean(), list(model.parameters()))
    expected = RATE * torch.cat([g.flatten() for g in joint])
    assert torch.allclose(flat(found), expected, rtol=0, atol=1e-12)
    algorithm.close()


def test_reptile_adds_up_the_gradients_of_its_path() -> None:
    """(theta - phi_k) / alpha is the sum of the gradients met on the way."""
    model, episodes = smooth_net(), curves(tasks=1)
    algorithm = build(
        "reptile", model, CURVES, inner_steps=3, inner_rate=RATE, inner_batch=0,
        inner_optimizer="sgd",
    )  # fmt: skip
    weights = algorithm.initial()
    fast, total = {n: w.clone() for n, w in weights.items()}, {n: 0 * w for n, w in weights.items()}
    x = torch.cat([episodes.support.x[0], episodes.query.x[0]])
    y = torch.cat([episodes.support.y[0], episodes.query.y[0]])
    for _ in range(3):
        leaves = {n: w.detach().requires_grad_() for n, w in fast.items()}
        loss = F.mse_loss(functional_call(model, leaves, x), y)
        slopes = torch.autograd.grad(loss, list(leaves.values()))
        for name, slope in zip(leaves, slopes, strict=True):
            total[name] = total[name] + slope
            fast[name] = fast[name] - RATE * slope
    found = algorithm.meta_gradient(weights, episodes, 0).gradients
    assert torch.allclose(flat(found) / RATE, flat(total), rtol=0, atol=1e-10)
    algorithm.close()


def test_reptiles_inner_adam_is_torchs() -> None:
    """beta_1 = 0, from moments at zero, over four full-batch steps on the support set."""
    model, episodes = smooth_net(), curves(tasks=1)
    algorithm = build("reptile", model, CURVES, inner_rate=0.01, test_batch=0)
    watched = list(algorithm.adapt(doubled(algorithm.initial()), episodes[0], 4))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.0, 0.999))
    for step in watched:
        loss = F.mse_loss(model(episodes.support.x[0]), episodes.support.y[0])
        assert step.support_loss == pytest.approx(float(loss.detach()), rel=1e-6)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    algorithm.close()


def test_reptile_carries_the_second_moments_on() -> None:
    """With outer rate 1 the moments after the task replace those before it."""
    model, episodes = smooth_net(), curves(tasks=1)
    algorithm = build("reptile", model, CURVES, inner_steps=4, inner_batch=0)
    weights = doubled(algorithm.initial())
    found = algorithm.meta_gradient(weights, episodes, 0).gradients
    moved = {name: weight - found[name] for name, weight in weights.items()}
    assert float(moved["adam_steps"]) == 4
    assert all((w > 0).any() for name, w in moved.items() if name.startswith("adam/"))
    algorithm.close()


@pytest.mark.parametrize(
    ("name", "params"),
    [("imaml", {"inner_steps": 3}), ("reptile", {"inner_batch": 4, "inner_steps": 3})],
)
def test_all_tasks_at_once_are_the_tasks_one_by_one(name: str, params: dict[str, int]) -> None:
    spec, episodes = CURVES, curves(tasks=4)
    found = []
    for strategy in ("auto", "general"):
        algorithm = build(name, smooth_net(), spec, strategy=strategy, **params)
        weights = doubled(algorithm.initial())
        one = algorithm.meta_gradient(weights, episodes, 7)
        found.append((flat(one.gradients), torch.tensor([one.support_loss, one.query_loss])))
        algorithm.close()
    for stacked, single in zip(*found, strict=True):
        assert torch.allclose(stacked, single, rtol=0, atol=1e-9)


def test_cavia_adapts_its_context_only_and_starts_it_at_zero() -> None:
    model, episodes = smooth_conv(), images()
    algorithm = build("cavia", model, IMAGES, inner_rate=1.0, inner_steps=2, context=4)
    weights = doubled(algorithm.initial())
    assert not any(name.endswith(".context") for name in weights)
    steps = list(algorithm.adapt(weights, episodes[0], 2))
    bias = weights["1.projection.bias"]
    with torch.no_grad():
        y = model[:2](episodes.query.x[0])
        plain = model[2:](bias[:2, None, None] * y + bias[2:, None, None]).softmax(-1)
    assert torch.allclose(steps[0].query_outputs, plain, atol=1e-10)
    moved = {name for name, change in steps[1].update_norms.items() if change > 0}
    assert len(moved) == 1
    assert moved.pop().endswith(".context")
    again = list(algorithm.adapt(weights, episodes[0], 2))
    assert [s.query_loss for s in again] == [s.query_loss for s in steps]
    assert steps[2].support_loss < steps[0].support_loss
    algorithm.close()


def test_transfer_trains_jointly_and_then_fits_a_head_alone() -> None:
    model = smooth_conv()
    algorithm = build("transfer", model, IMAGES, inner_rate=0.1)
    weights = doubled(algorithm.initial())
    x = images(tasks=1).query.x
    batch = Batch(x, torch.tensor([[0, 1, 2, 3, 0, 1]]))
    found = algorithm.meta_gradient(weights, Episode(batch, batch), 0)
    features = nn.Sequential(*list(model)[:-1])
    leaves = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
    body = {n.removeprefix("features."): w for n, w in leaves.items() if n.startswith("features.")}
    z = functional_call(features, body, x[0])
    loss = F.cross_entropy(F.linear(z, leaves["joint.weight"], leaves["joint.bias"]), batch.y[0])
    expected = torch.autograd.grad(loss, list(leaves.values()))
    assert torch.allclose(flat(found.gradients), torch.cat([g.flatten() for g in expected]))
    steps = list(algorithm.adapt(weights, images()[0], 30))
    assert steps[1].query_outputs.shape == (6, 3)
    changes = steps[-1].update_norms
    assert {name for name, change in changes.items() if change > 0} == {
        "joint.weight",
        "joint.bias",
    }
    assert steps[-1].support_loss < steps[0].support_loss
    algorithm.close()


def test_a_new_head_is_drawn_for_each_task_and_again_for_the_same() -> None:
    algorithm = build("transfer", smooth_conv(), IMAGES)
    weights, episodes = doubled(algorithm.initial()), images(tasks=2)
    heads = [
        next(
            iter(algorithm.descent(algorithm.engine.forward(), weights, episodes[task].support, 0))
        )
        for task in (0, 1, 0)
    ]
    first, other, again = (head["joint.weight"] for head in heads)
    assert torch.equal(first, again) and not torch.allclose(first, other)
    algorithm.close()


def test_a_head_of_class_means_is_the_nearest_mean() -> None:
    algorithm = build("transfer", smooth_conv(), IMAGES, mode="mean")
    weights, episode = doubled(algorithm.initial()), images()[0]
    assert algorithm.test_steps == 1
    steps = list(algorithm.adapt(weights, episode, 3))
    assert torch.equal(steps[1].query_outputs, steps[3].query_outputs)
    features = algorithm.engine.part("features")
    with torch.no_grad():
        support, query = (features(weights, b.x) for b in (episode.support, episode.query))
    means = torch.stack([support[episode.support.y == way].mean(0) for way in range(3)])
    distances = (query[:, None] - means).square().sum(-1)
    assert torch.allclose(steps[1].query_outputs, (-distances).softmax(-1))
    algorithm.close()


def test_a_head_may_start_at_zero_and_a_pass_takes_every_item_once() -> None:
    algorithm = build("transfer", smooth_conv(), IMAGES, zero_head=True, test_batch=2)
    steps = list(algorithm.adapt(doubled(algorithm.initial()), images()[0], 1))
    assert torch.allclose(steps[0].query_outputs, torch.full((6, 3), 1 / 3, dtype=torch.float64))
    (epoch,) = (next(epoch_batches(5, 2, "a")) for _ in range(1))
    assert sorted(row for rows in epoch for row in rows) == list(range(5))
    assert [len(rows) for rows in epoch] == [2, 2, 1]
    algorithm.close()


def test_transfer_can_fine_tune_everything_or_a_head_of_cosines() -> None:
    everything = build("transfer", smooth_conv(), IMAGES, mode="all", inner_rate=0.1)
    cosine = build("transfer", smooth_conv(), IMAGES, mode="cosine", inner_rate=0.1, scale=10)
    for algorithm, moved in ((everything, 6), (cosine, 2)):
        steps = list(algorithm.adapt(doubled(algorithm.initial()), images()[0], 20))
        assert sum(change > 0 for change in steps[-1].update_norms.values()) == moved
        assert steps[-1].support_loss < steps[0].support_loss
        algorithm.close()
