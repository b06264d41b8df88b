"""The meta-gradient against closed forms and finite differences, in float64 (no tuning)."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call

from workbench.algorithms.fomaml import Fomaml, FomamlParams
from workbench.algorithms.maml import Maml, MamlParams
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.task import ProblemSpec
from workbench.engine import Engine

F64 = torch.float64


def maml(model: nn.Module, spec: ProblemSpec, rate: float, steps: int) -> Maml:
    params = MamlParams(inner_rate=rate, inner_steps=steps)
    return Maml(params, Engine(model, spec, 1))


def fomaml(model: nn.Module, spec: ProblemSpec, rate: float, steps: int) -> Fomaml:
    params = FomamlParams(inner_rate=rate, inner_steps=steps)
    return Fomaml(params, Engine(model, spec, 1))


def regression(points: int, dims: int, tasks: int = 1, seed: int = 0) -> Episode:
    torch.manual_seed(seed)
    sets = [
        Batch(torch.randn(tasks, points, dims, dtype=F64), torch.randn(tasks, points, 1, dtype=F64))
        for _ in range(2)
    ]
    return Episode(*sets)


def linear(dims: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dims, 1, bias=False)).to(F64)


def smooth_net(dims: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dims, 6), nn.Tanh(), nn.Linear(6, 1)).to(F64)


def flat(gradients: Weights) -> Tensor:
    return torch.cat([gradient.flatten() for gradient in gradients.values()])


def test_the_one_dimensional_case_worked_out_by_hand() -> None:
    """x=(1,2), y=(1,3), z=1.5, t=2, w=.5, alpha=.1."""
    model = linear(1)
    weights = {"0.weight": torch.tensor([[0.5]], dtype=F64)}
    episode = Episode(
        Batch(torch.tensor([[[1.0], [2.0]]], dtype=F64), torch.tensor([[[1.0], [3.0]]], dtype=F64)),
        Batch(torch.tensor([[[1.5]]], dtype=F64), torch.tensor([[[2.0]]], dtype=F64)),
    )
    spec = ProblemSpec(REGRESSION, (1,), 1)
    exact = maml(model, spec, 0.1, 1).meta_gradient(weights, episode, 0)
    first = fomaml(model, spec, 0.1, 1).meta_gradient(weights, episode, 0)
    assert exact.query_loss == pytest.approx(0.330625, abs=1e-12)
    assert float(exact.gradients["0.weight"]) == pytest.approx(-0.8625, abs=1e-12)
    assert float(first.gradients["0.weight"]) == pytest.approx(-1.725, abs=1e-12)


@pytest.mark.parametrize("steps", [0, 1, 2, 5])
def test_linear_regression_has_a_closed_form(steps: int) -> None:
    """grad = (I - alpha H)^k g_Q with H = 2 X'X / n; first-order MAML leaves g_Q alone."""
    dims, points, rate = 3, 7, 0.05
    spec, episode = ProblemSpec(REGRESSION, (dims,), 1), regression(points, dims)
    weights = {"0.weight": torch.randn(1, dims, dtype=F64)}
    hessian = 2 * episode.support.x[0].T @ episode.support.x[0] / points
    phi = weights["0.weight"][0]
    for _ in range(steps):
        error = episode.support.x[0] @ phi - episode.support.y[0, :, 0]
        phi = phi - rate * 2 / points * (error @ episode.support.x[0])
    error = episode.query.x[0] @ phi - episode.query.y[0, :, 0]
    query_gradient = 2 / points * (error @ episode.query.x[0])
    shrink = torch.matrix_power(torch.eye(dims, dtype=F64) - rate * hessian, steps)

    exact = maml(linear(dims), spec, rate, steps).meta_gradient(weights, episode, 0)
    first = fomaml(linear(dims), spec, rate, steps).meta_gradient(weights, episode, 0)
    assert torch.allclose(flat(exact.gradients), shrink @ query_gradient, rtol=0, atol=1e-12)
    assert torch.allclose(flat(first.gradients), query_gradient, rtol=0, atol=1e-12)


def smooth_conv() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, stride=2),
        nn.BatchNorm2d(2, track_running_stats=False),
        nn.Softplus(),
        nn.Flatten(),
        nn.Linear(2 * 9, 3),
    ).to(F64)


def images(tasks: int) -> Episode:
    torch.manual_seed(1)
    labels = torch.arange(3).repeat(tasks, 2)
    return Episode(
        Batch(torch.randn(tasks, 6, 1, 7, 7, dtype=F64), labels),
        Batch(torch.randn(tasks, 6, 1, 7, 7, dtype=F64), labels),
    )


CASES: dict[str, Callable[[], tuple[nn.Module, ProblemSpec, Episode]]] = {
    "tanh mlp": lambda: (
        smooth_net(2),
        ProblemSpec(REGRESSION, (2,), 1),
        regression(5, 2, tasks=3),
    ),
    "smooth conv": lambda: (smooth_conv(), ProblemSpec(CLASSIFICATION, (1, 7, 7), 3), images(2)),
}


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("case", CASES)
def test_finite_differences_agree(case: str, steps: int) -> None:
    torch.manual_seed(0)
    model, spec, episodes = CASES[case]()
    algorithm = maml(model, spec, 0.1, steps)
    weights = algorithm.initial()
    gradients = algorithm.meta_gradient(weights, episodes, 0).gradients
    for name, weight in weights.items():
        index = tuple(torch.randint(n, ()).item() for n in weight.shape)
        expected = _difference(algorithm, weights, episodes, name, index)
        assert float(gradients[name][index]) == pytest.approx(expected, abs=2e-8)
    algorithm.close()


def _difference(
    algorithm: Maml, weights: Weights, episodes: Episode, name: str, index: tuple[int, ...]
) -> float:
    step, losses = 1e-6, []
    for sign in (1, -1):
        moved = {n: w.clone() for n, w in weights.items()}
        moved[name][index] += sign * step
        losses.append(algorithm.meta_gradient(moved, episodes, 0).query_loss)
    return (losses[0] - losses[1]) / (2 * step)


@pytest.mark.parametrize("make", [smooth_net])
def test_first_and_second_derivatives_pass_torchs_own_check(
    make: Callable[[int], nn.Module],
) -> None:
    torch.manual_seed(0)
    model = make(2)
    names = [name for name, _ in model.named_parameters()]
    x = torch.randn(4, 2, dtype=F64)

    def outputs(*tensors: Tensor) -> Tensor:
        result: Tensor = functional_call(model, dict(zip(names, tensors, strict=True)), (x,))
        return result

    inputs = tuple(p.detach().clone().requires_grad_() for p in model.parameters())
    assert torch.autograd.gradcheck(outputs, inputs)
    assert torch.autograd.gradgradcheck(outputs, inputs)


def test_the_curvature_term_vanishes_with_the_inner_rate() -> None:
    """|MAML - FOMAML| = O(alpha)."""
    torch.manual_seed(0)
    spec, episodes, model = ProblemSpec(REGRESSION, (2,), 1), regression(5, 2), smooth_net(2)
    gaps = []
    for rate in (1e-2, 1e-3, 1e-4):
        exact, first = maml(model, spec, rate, 1), fomaml(model, spec, rate, 1)
        weights = exact.initial()
        gap = flat(exact.meta_gradient(weights, episodes, 0).gradients) - flat(
            first.meta_gradient(weights, episodes, 0).gradients
        )
        gaps.append(float(gap.norm()))
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.2)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize("make", [maml, fomaml])
def test_without_inner_steps_both_are_the_joint_gradient(make: Callable[..., Maml]) -> None:
    torch.manual_seed(0)
    spec, episodes, model = ProblemSpec(REGRESSION, (2,), 1), regression(5, 2, 3), smooth_net(2)
    found = make(model, spec, 0.1, 0).meta_gradient(
        {n: p.detach() for n, p in model.named_parameters()}, episodes, 0
    )
    losses = [
        spec.objective.loss(model(episodes.query.x[t]), episodes.query.y[t]) for t in range(3)
    ]
    joint = torch.autograd.grad(torch.stack(losses).mean(), list(model.parameters()))
    assert torch.allclose(
        flat(found.gradients), torch.cat([g.flatten() for g in joint]), atol=1e-12
    )


def test_the_papers_reduction_multiplies_the_inner_rate_by_the_ways() -> None:
    torch.manual_seed(0)
    model, spec, episodes = CASES["smooth conv"]()
    paper = Maml(MamlParams(inner_rate=0.1, reduction="paper"), Engine(model, spec, 1))
    mean = maml(model, spec, 0.1 * spec.outputs, 1)
    weights = mean.initial()
    first, second = (flat(a.meta_gradient(weights, episodes, 0).gradients) for a in (paper, mean))
    assert torch.equal(first, second)
    paper.close()
    mean.close()


@pytest.fixture(params=CASES)
def trained(request: pytest.FixtureRequest) -> tuple[Maml, Weights, Episode]:
    torch.manual_seed(0)
    model, spec, episodes = CASES[request.param]()
    algorithm = maml(model, spec, 0.1, 2)
    request.addfinalizer(algorithm.close)
    return algorithm, algorithm.initial(), episodes


def permuted(episodes: Episode, support: Tensor, query: Tensor) -> Episode:
    s, q = episodes.support, episodes.query
    return Episode(Batch(s.x[:, support], s.y[:, support]), Batch(q.x[:, query], q.y[:, query]))


def test_the_order_of_items_does_not_matter(trained: tuple[Maml, Weights, Episode]) -> None:
    algorithm, weights, episodes = trained
    shuffled = permuted(
        episodes,
        torch.randperm(episodes.support.x.shape[1]),
        torch.randperm(episodes.query.x.shape[1]),
    )
    first, second = (
        flat(algorithm.meta_gradient(weights, e, 0).gradients) for e in (episodes, shuffled)
    )
    assert torch.allclose(first, second, rtol=0, atol=1e-10)


def test_the_order_and_repetition_of_tasks_do_not_matter(
    trained: tuple[Maml, Weights, Episode],
) -> None:
    algorithm, weights, episodes = trained
    order = torch.tensor([*reversed(range(len(episodes)))])
    both = torch.cat([order, order])

    def pick(rows: Tensor) -> Episode:
        s, q = episodes.support, episodes.query
        return Episode(Batch(s.x[rows], s.y[rows]), Batch(q.x[rows], q.y[rows]))

    mean = flat(algorithm.meta_gradient(weights, episodes, 0).gradients)
    for rows in (order, both):
        other = flat(algorithm.meta_gradient(weights, pick(rows), 0).gradients)
        assert torch.allclose(mean, other, rtol=0, atol=1e-10)


def test_relabelling_classes_with_the_head_changes_nothing() -> None:
    torch.manual_seed(0)
    model, spec, episodes = CASES["smooth conv"]()
    algorithm = maml(model, spec, 0.1, 2)
    weights, order = algorithm.initial(), torch.tensor([2, 0, 1])
    relabelled = Episode(
        Batch(episodes.support.x, order[episodes.support.y]),
        Batch(episodes.query.x, order[episodes.query.y]),
    )
    turned = copy.copy(weights)
    for name in ("4.weight", "4.bias"):
        turned[name] = torch.empty_like(weights[name])
        turned[name][order] = weights[name]
    scores = algorithm.evaluate(weights, episodes, 3)
    again = algorithm.evaluate(turned, relabelled, 3)
    assert torch.allclose(scores.query_loss, again.query_loss, rtol=0, atol=1e-10)
    algorithm.close()


def test_adapting_leaves_the_meta_parameters_bit_for_bit(
    trained: tuple[Maml, Weights, Episode],
) -> None:
    algorithm, weights, episodes = trained
    kept = {name: weight.clone() for name, weight in weights.items()}
    list(algorithm.adapt(weights, episodes[0], 3))
    algorithm.evaluate(weights, episodes, 3)
    algorithm.meta_gradient(weights, episodes, 0)
    assert all(torch.equal(kept[name], weights[name]) for name in weights)
    assert not any(weight.requires_grad for weight in weights.values())


def test_what_is_watched_is_what_is_measured(trained: tuple[Maml, Weights, Episode]) -> None:
    """`adapt`, `evaluate` and `meta_gradient` agree on the same task."""
    algorithm, weights, episodes = trained
    watched = list(algorithm.adapt(weights, episodes[0], 2))
    scores = algorithm.evaluate(weights, episodes, 2)
    for step in watched:
        assert step.query_loss == pytest.approx(float(scores.query_loss[0, step.step]), abs=1e-10)
        assert step.support_loss == pytest.approx(
            float(scores.support_loss[0, step.step]), abs=1e-10
        )
    found = algorithm.meta_gradient(weights, episodes, 0)
    assert found.query_loss == pytest.approx(float(scores.query_loss[:, 2].mean()), abs=1e-10)


def test_divergence_is_a_result_and_not_an_error() -> None:
    torch.manual_seed(0)
    spec, episode, model = ProblemSpec(REGRESSION, (2,), 1), regression(5, 2), linear(2)
    algorithm = maml(model, spec, 100.0, 1)
    steps = list(algorithm.adapt(algorithm.initial(), episode[0], 100))
    assert len(steps) == 101
    assert not torch.isfinite(torch.tensor(steps[-1].query_loss))


def test_transductive_is_found_by_asking_the_model() -> None:
    plain = ProblemSpec(CLASSIFICATION, (1, 7, 7), 3)
    with_norm, without = smooth_conv(), nn.Sequential(nn.Flatten(), nn.Linear(49, 3)).to(F64)
    assert maml(with_norm, plain, 0.1, 1).transductive
    assert not maml(without, plain, 0.1, 1).transductive
