"""A memory over the episodes of a trial: what is acted is what is trained, and the past counts."""

from __future__ import annotations

import torch

from tests.unit.control.kit import built, config_of
from workbench.algorithms.recurrent import Memory, RecurrentPolicy
from workbench.algorithms.rl2 import Rl2, lived_through
from workbench.core.actions import CategoricalActions, GaussianActions
from workbench.core.policy_gradient import ADVANTAGE
from workbench.core.seeds import generator

RL2 = {"name": "rl2", "inner_steps": 2, "width": 8}


def test_what_was_acted_is_what_is_judged() -> None:
    """Step by step, and as one long sequence with its derivatives."""
    for family in ("navigation", "gridworld"):
        task, algorithm = built(config_of(family, algorithm=RL2))
        assert isinstance(algorithm, Rl2)
        episodes = task.episodes("train", 3, generator(0))
        trial = algorithm._lived(algorithm.initial(), episodes, 3)
        policy = algorithm._policy(algorithm.initial())
        told = trial._outputs(policy, algorithm.initial())
        assert told.shape == (3, 4, 3 * 8, task.spec.outputs)
        torch.testing.assert_close(told, trial.old, rtol=1e-5, atol=1e-6)


def test_the_memory_is_kept_over_the_episodes_of_a_trial() -> None:
    task, algorithm = built(config_of(algorithm=RL2))
    assert isinstance(algorithm, Rl2)
    policy, query = algorithm._policy(algorithm.initial()), task.draw("test", 0).episode().query
    memory, other = Memory(policy), Memory(policy)
    with torch.no_grad():
        lived_through(query, memory, 0)
        _, second = lived_through(query, memory, 1)
        _, fresh = lived_through(query, other, 1)
    assert not torch.allclose(second, fresh)
    ended = memory.fed[8][:, -1]
    assert len(memory.fed) == 16 and torch.equal(ended, torch.zeros(4))


def test_it_is_fed_what_it_did_and_what_came_of_it() -> None:
    for actions in (GaussianActions(2), CategoricalActions(3)):
        policy = RecurrentPolicy(4, actions, 5)
        done = torch.tensor([[1.0, 2.0]]) if actions.width == 2 else torch.tensor([[2.0]])
        past = policy.past(done, torch.tensor([-0.5]), torch.tensor([1.0]))
        wanted = [1.0, 2.0] if actions.width == 2 else [0.0, 0.0, 1.0]
        assert past.tolist() == [[*wanted, -0.5, 1.0]]
        fed = policy.feed(torch.ones(1, 4), past)
        assert fed.shape == (1, policy.fed) and torch.equal(fed[:, 4:], past)


def test_credit_goes_back_over_the_whole_trial() -> None:
    """What the first episode does counts by what the last one earns."""
    task, algorithm = built(config_of(algorithm={**RL2, "discount": 1.0}))
    assert isinstance(algorithm, Rl2)
    episodes = task.episodes("train", 2, generator(0))
    trial = algorithm._lived(algorithm.initial(), episodes, 3)
    whole = sum(trial.returns) * 4  # of four trials
    told = trial.targets[..., -1].sum((1, 2))
    torch.testing.assert_close(told, torch.as_tensor(whole))
    first = trial.targets[:, :, 0, ADVANTAGE]
    ranked = trial.targets[..., -1].sum(2).argsort(1)
    assert torch.equal(first.argsort(1), ranked)
