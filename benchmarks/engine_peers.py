"""Meta-gradients as other packages compute them: what a user would write with each.

Every peer returns one training iteration: the gradient of the mean query loss over all tasks,
by the parameter's name. A package that is not installed is left out of the table.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from engine_workloads import Workload
from learn2learn_alone import load_maml
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from workbench.core.episode import Batch, Episode

Iteration = Callable[[], dict[str, Tensor]]


def peers(work: Workload, episodes: Episode) -> dict[str, Iteration]:
    made = {
        "learn2learn": _learn2learn,
        "functional loop": _functional,
        "TorchOpt": _torchopt,
        "higher": _higher,
    }
    ready = {}
    for name, make in made.items():
        try:
            ready[name] = make(work, work.model(), episodes)
        except ImportError:
            print(f"  ({name} is not installed)")
    return ready


def _loss(work: Workload, outputs: Tensor, batch: Batch) -> Tensor:
    if not work.spec.labels:
        return F.mse_loss(outputs, batch.y)
    return F.cross_entropy(outputs, batch.y)


def _collected(model: nn.Module) -> dict[str, Tensor]:
    return {n: p.grad for n, p in model.named_parameters() if p.grad is not None}


def _learn2learn(work: Workload, model: nn.Module, episodes: Episode) -> Iteration:
    """learn2learn 0.2.0: ``clone``, ``adapt``, one backward a task, as in its own examples."""
    maml = load_maml()(model, lr=work.loop.rate, first_order=work.loop.first_order)

    def iteration() -> dict[str, Tensor]:
        model.zero_grad()
        for task in range(len(episodes)):
            episode, learner = episodes[task], maml.clone()
            for _ in range(work.loop.steps):
                learner.adapt(_loss(work, learner(episode.support.x), episode.support))
            (_loss(work, learner(episode.query.x), episode.query) / len(episodes)).backward()
        return _collected(model)

    return iteration


def _functional(work: Workload, model: nn.Module, episodes: Episode) -> Iteration:
    """A plain functional loop with one backward over the whole meta-batch."""

    def iteration() -> dict[str, Tensor]:
        weights = dict(model.named_parameters())
        total = torch.zeros(())
        for task in range(len(episodes)):
            episode, fast = episodes[task], weights
            for _ in range(work.loop.steps):
                loss = _loss(work, functional_call(model, fast, episode.support.x), episode.support)
                gradients = torch.autograd.grad(
                    loss, list(fast.values()), create_graph=not work.loop.first_order
                )
                fast = {
                    name: weight - work.loop.rate * gradient
                    for (name, weight), gradient in zip(fast.items(), gradients, strict=True)
                }
            outputs = functional_call(model, fast, episode.query.x)
            total = total + _loss(work, outputs, episode.query)
        mean = total / len(episodes)
        return dict(zip(weights, torch.autograd.grad(mean, list(weights.values())), strict=True))

    return iteration


def _torchopt(work: Workload, model: nn.Module, episodes: Episode) -> Iteration:
    """TorchOpt 0.7.3: ``MetaSGD`` with saved and restored states, as in its MAML example."""
    import torchopt

    if work.loop.first_order:
        raise ImportError("TorchOpt has no first-order switch")
    inner = torchopt.MetaSGD(model, lr=work.loop.rate)

    def iteration() -> dict[str, Tensor]:
        weights = dict(model.named_parameters())
        net_state = torchopt.extract_state_dict(model, by="reference", detach_buffers=True)
        optimizer_state = torchopt.extract_state_dict(inner, by="reference")
        total = torch.zeros(())
        for task in range(len(episodes)):
            episode = episodes[task]
            for _ in range(work.loop.steps):
                inner.step(_loss(work, model(episode.support.x), episode.support))
            total = total + _loss(work, model(episode.query.x), episode.query)
            torchopt.recover_state_dict(model, net_state)
            torchopt.recover_state_dict(inner, optimizer_state)
        mean = total / len(episodes)
        return dict(zip(weights, torch.autograd.grad(mean, list(weights.values())), strict=True))

    return iteration


def _higher(work: Workload, model: nn.Module, episodes: Episode) -> Iteration:
    """higher 0.2.1: ``innerloop_ctx`` and one backward a task, as in its MAML example."""
    import higher

    inner = torch.optim.SGD(model.parameters(), lr=work.loop.rate)
    tracked = not work.loop.first_order

    def iteration() -> dict[str, Tensor]:
        model.zero_grad()
        for task in range(len(episodes)):
            episode = episodes[task]
            with higher.innerloop_ctx(
                model, inner, copy_initial_weights=False, track_higher_grads=tracked
            ) as (fast, optimizer):
                for _ in range(work.loop.steps):
                    optimizer.step(_loss(work, fast(episode.support.x), episode.support))
                (_loss(work, fast(episode.query.x), episode.query) / len(episodes)).backward()
        return _collected(model)

    if work.loop.first_order:
        raise ImportError("higher cuts the whole path when it does not track")
    return iteration
