"""Whole trainings by loops in plain torch, held against the program's on its own pixels.

    python -m benchmarks.independent_loops [--iterations 60] [--tasks 200] [--only maml,protonet]

Each loop starts from the program's weights and sees its episodes; inner loop, outer gradient, Adam
and the measurement are written out here, with torch's own autograd and batch normalisation and
nothing of the engine. The first outer gradients must agree up to rounding, relative to their norm;
later weights need not, since Adam moves a bias below a normalisation, whose gradient is nothing but
rounding, by a whole step. After the last step both are measured on the same test tasks. Glyphs,
5-way 1-shot, Conv-4 with 32 filters, float32, transductive.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from workbench.cli.numbers import measured
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.registry import get
from workbench.core.seeds import generator
from workbench.core.task import TaskFamily
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import CHUNK, evaluate
from workbench.experiments.outer import OuterLoop
from workbench.experiments.session import build_algorithm, build_family
from workbench.experiments.spread import ci95

RATE, STEPS = 0.4, 1
"""Of the inner loop where the method has no settings of its own."""
IMPLICIT_RATE, IMPLICIT_STEPS, PROXIMITY, SOLVER = 0.1, 16, 2.0, 5
CONTEXT_RATE, CONTEXT_STEPS = 1.0, 2

Gradient = Callable[[nn.Module, Weights, Episode], list[Tensor]]
Outputs = Callable[[nn.Module, Weights, Episode], Tensor]


@dataclass(frozen=True)
class Loop:
    """A method written out: the outer gradient of one task, and its predictions on another."""

    gradient: Gradient
    outputs: Outputs
    settings: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--only", default=",".join(LOOPS))
    given = parser.parse_args()
    catalog.load()
    print("| method | first outer gradient | the loop | the program | difference |")
    print("|---|---|---|---|---|")
    for name in given.only.split(","):
        print(f"| {' | '.join(compared(name, given.iterations, given.tasks))} |", flush=True)


def compared(name: str, iterations: int, tasks: int) -> list[str]:
    """The cells of one method."""
    loop = LOOPS[name]
    config = catalog.preset("glyphs").config.replaced(
        {
            "algorithm": {"name": name, **loop.settings},
            "training": {"iterations": iterations, "workers": 2},
        }
    )
    family = build_family(config)
    family.prepare(lambda message, share: None)
    first, own = by_program(config, family, iterations)
    their_first, theirs = by_loop(config, family, loop, iterations)
    norm = torch.stack([gradient.norm() for gradient in their_first.values()]).norm()
    apart = max(float((first[n] - their_first[n]).abs().max()) for n in first) / float(norm)
    scores = measured_by_loop(config, family, loop, theirs, tasks)
    found = measured_by_program(config, family, own, tasks)
    return [
        get("algorithm", name).title,
        f"{apart:.1e}",
        _text(scores),
        _text(found),
        _text(found - scores).replace(" %", " points"),
    ]


def by_program(
    config: ExperimentConfig, family: TaskFamily, iterations: int
) -> tuple[Weights, Weights]:
    """The first outer gradient, and the weights after the last step."""
    algorithm = build_algorithm(config, family)
    outer = OuterLoop(algorithm.initial(), config.training)
    first: Weights = {}
    for index in range(iterations):
        episodes = algorithm.draw(family, config.training.meta_batch, draws(index))
        found = algorithm.meta_gradient(outer.weights, episodes, 0, index)
        first = first or {name: g.clone() for name, g in found.gradients.items()}
        outer.step(found.gradients, outer.rate(index))
    algorithm.close()
    return first, outer.copy()


def by_loop(
    config: ExperimentConfig, family: TaskFamily, loop: Loop, iterations: int
) -> tuple[Weights, Weights]:
    algorithm = build_algorithm(config, family)
    model = network(config, family)
    weights = {n: w.clone().requires_grad_() for n, w in algorithm.initial().items()}
    training = config.training
    adam = torch.optim.Adam(list(weights.values()), lr=training.outer_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(adam, iterations)
    first: Weights = {}
    for index in range(iterations):
        episodes = algorithm.draw(family, training.meta_batch, draws(index))
        parts = [loop.gradient(model, weights, episodes[t]) for t in range(len(episodes))]
        for weight, *gradients in zip(weights.values(), *parts, strict=True):
            weight.grad = torch.stack(gradients).mean(0)
        first = first or {n: torch.as_tensor(w.grad).clone() for n, w in weights.items()}
        adam.step()
        schedule.step()
    algorithm.close()
    return first, {n: w.detach() for n, w in weights.items()}


def network(config: ExperimentConfig, family: TaskFamily) -> nn.Module:
    model: nn.Module = get("model", config.model.name).build(config.model, family.spec)
    kind = get("algorithm", config.algorithm.name).build
    shaped: nn.Module = kind.shaped(model, family, config.algorithm)
    return shaped


def measured_by_loop(
    config: ExperimentConfig, family: TaskFamily, loop: Loop, weights: Weights, tasks: int
) -> Tensor:
    """Accuracy of each task ``[tasks]``: the tasks that `evaluate` draws with seed 0."""
    model, found = network(config, family), []
    for start in range(0, tasks, CHUNK):
        drawn = generator(0, "evaluate", "test", start)
        episodes = family.episodes("test", min(CHUNK, tasks - start), drawn)
        for task in range(len(episodes)):
            outputs = loop.outputs(model, weights, episodes[task])
            found.append((outputs.argmax(1) == episodes[task].query.y).float().mean())
    return torch.stack(found).detach()


def measured_by_program(
    config: ExperimentConfig, family: TaskFamily, weights: Weights, tasks: int
) -> Tensor:
    algorithm = build_algorithm(config, family)
    steps = algorithm.test_steps
    _, scores = evaluate(algorithm, family, weights, split="test", tasks=tasks, steps=steps, seed=0)
    algorithm.close()
    return scores.metric[:, -1]


def draws(index: int) -> torch.Generator:
    return generator(0, "independent", index)


def _text(values: Tensor) -> str:
    return measured("accuracy", float(values.mean()), float(ci95(values[:, None])[0]))


# --- the methods -----------------------------------------------------------------------------


def loss_of(model: nn.Module, weights: Weights, batch: Batch) -> Tensor:
    return F.cross_entropy(functional_call(model, weights, batch.x), batch.y)


def descended(
    model: nn.Module,
    start: Weights,
    batch: Batch,
    *,
    steps: int,
    rate: float,
    second: bool = False,
    only: str = "",
) -> Weights:
    """Plain gradient steps; ``second`` keeps the graph, ``only`` names what moves."""
    fast = dict(start)
    moving = [name for name in fast if name.startswith(only)]
    for _ in range(steps):
        used = [fast[name] for name in moving]
        found = torch.autograd.grad(loss_of(model, fast, batch), used, create_graph=second)
        fast |= {n: fast[n] - rate * g for n, g in zip(moving, found, strict=True)}
        if not second:
            fast |= {n: fast[n].detach().requires_grad_() for n in moving}
    return fast


def maml(model: nn.Module, weights: Weights, task: Episode, only: str = "") -> list[Tensor]:
    adapt = partial(descended, steps=STEPS, rate=RATE, second=True, only=only)
    loss = loss_of(model, adapt(model, weights, task.support), task.query)
    return list(torch.autograd.grad(loss, list(weights.values())))


def first_order(model: nn.Module, weights: Weights, task: Episode) -> list[Tensor]:
    fast = descended(model, weights, task.support, steps=STEPS, rate=RATE)
    return list(torch.autograd.grad(loss_of(model, fast, task.query), list(fast.values())))


def implicit(model: nn.Module, weights: Weights, task: Episode) -> list[Tensor]:
    """Free steps, one step back to theta, then conjugate gradients on 2 I + H / (lambda + 10)."""
    fast = descended(model, weights, task.support, steps=IMPLICIT_STEPS, rate=IMPLICIT_RATE)
    pull = IMPLICIT_RATE * PROXIMITY
    fast = {n: (w - pull * (w - weights[n])).detach().requires_grad_() for n, w in fast.items()}
    leaves = list(fast.values())
    asked = torch.autograd.grad(loss_of(model, fast, task.query), leaves)
    slope = torch.autograd.grad(loss_of(model, fast, task.support), leaves, create_graph=True)

    def product(v: Tensor) -> Tensor:
        parts = v.split([leaf.numel() for leaf in leaves])
        along = sum((g * p.view_as(g)).sum() for g, p in zip(slope, parts, strict=True))
        turned = torch.autograd.grad(along, leaves, retain_graph=True)
        return 2 * v + torch.cat([t.flatten() for t in turned]) / (PROXIMITY + 10)

    solved = conjugate(product, torch.cat([g.flatten() for g in asked]))
    parts = solved.split([leaf.numel() for leaf in leaves])
    return [part.view_as(leaf) for part, leaf in zip(parts, leaves, strict=True)]


def conjugate(product: Callable[[Tensor], Tensor], wanted: Tensor) -> Tensor:
    solved, rest = torch.zeros_like(wanted), wanted.clone()
    toward, square = rest.clone(), rest @ rest
    for _ in range(SOLVER):
        turned = product(toward)
        step = square / (toward @ turned)
        solved, rest = solved + step * toward, rest - step * turned
        toward, square = rest + (rest @ rest) / square * toward, rest @ rest
    return solved


def in_context(
    model: nn.Module, weights: Weights, task: Episode, steps: int, second: bool
) -> Weights:
    """The weights with a context that started at zero and moved (CAVIA)."""
    name = next(n for n, _ in model.named_parameters() if n.endswith(".context"))
    context = torch.zeros(model.get_parameter(name).shape, requires_grad=True)
    for _ in range(steps):
        loss = loss_of(model, {**weights, name: context}, task.support)
        (slope,) = torch.autograd.grad(loss, context, create_graph=second)
        context = context - CONTEXT_RATE * slope
        if not second:
            context = context.detach().requires_grad_()
    return {**weights, name: context}


def contextual(model: nn.Module, weights: Weights, task: Episode) -> list[Tensor]:
    used = in_context(model, weights, task, CONTEXT_STEPS, True)
    return list(torch.autograd.grad(loss_of(model, used, task.query), list(weights.values())))


def after_context(model: nn.Module, weights: Weights, task: Episode) -> Tensor:
    return functional_call(
        model, in_context(model, weights, task, CONTEXT_STEPS, False), task.query.x
    )


def jointly(model: nn.Module, weights: Weights, task: Episode) -> list[Tensor]:
    """All classes of meta-training at once."""
    loss = loss_of(model, weights, task.support)
    return list(torch.autograd.grad(loss, list(weights.values())))


def by_class_means(model: nn.Module, weights: Weights, task: Episode) -> Tensor:
    """The nearest of the class means of the features (SimpleShot without normalising them)."""
    body = model.get_submodule("features")
    own = {n.removeprefix("features."): w for n, w in weights.items() if n.startswith("features.")}
    support, query = (functional_call(body, own, batch.x) for batch in (task.support, task.query))
    return nearness(support, task.support.y, query)


def prototypes(model: nn.Module, weights: Weights, task: Episode) -> Tensor:
    """Minus the squared distance of each query item to the mean of each class."""
    support, query = (functional_call(model, weights, b.x) for b in (task.support, task.query))
    return nearness(support, task.support.y, query)


def nearness(support: Tensor, labels: Tensor, query: Tensor) -> Tensor:
    """``[n, ways]``: minus the squared distance of each query feature to the mean of each class."""
    ways = int(labels.max()) + 1
    means = torch.stack([support[labels == way].mean(0) for way in range(ways)])
    return -(query[:, None] - means).square().sum(-1)


def metric(model: nn.Module, weights: Weights, task: Episode) -> list[Tensor]:
    loss = F.cross_entropy(prototypes(model, weights, task), task.query.y)
    return list(torch.autograd.grad(loss, list(weights.values())))


def after(
    model: nn.Module, weights: Weights, task: Episode, *, steps: int, rate: float, only: str = ""
) -> Tensor:
    start = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
    fast = descended(model, start, task.support, steps=steps, rate=rate, only=only)
    return functional_call(model, fast, task.query.x)


PLAIN = partial(after, steps=3, rate=RATE)
LOOPS = {
    "maml": Loop(maml, PLAIN, {"inner_rate": RATE, "inner_steps": STEPS, "test_steps": 3}),
    "fomaml": Loop(first_order, PLAIN, {"inner_rate": RATE, "inner_steps": STEPS, "test_steps": 3}),
    "anil": Loop(
        partial(maml, only="head"),
        partial(PLAIN, only="head"),
        {"inner_rate": RATE, "inner_steps": STEPS, "test_steps": 3},
    ),
    "imaml": Loop(
        implicit,
        partial(after, steps=IMPLICIT_STEPS, rate=IMPLICIT_RATE),
        {
            "inner": "authors",
            "inner_rate": IMPLICIT_RATE,
            "inner_steps": IMPLICIT_STEPS,
            "test_steps": IMPLICIT_STEPS,
            "proximity": PROXIMITY,
            "solver_steps": SOLVER,
            "damping": 1.0,
        },
    ),
    "cavia": Loop(
        contextual,
        after_context,
        {
            "inner_rate": CONTEXT_RATE,
            "inner_steps": CONTEXT_STEPS,
            "test_steps": CONTEXT_STEPS,
            "context": 100,
        },
    ),
    "transfer": Loop(jointly, by_class_means, {"mode": "mean"}),
    "protonet": Loop(metric, prototypes, {"train_ways": 0}),
}


if __name__ == "__main__":
    main()
