"""Environments of gymnasium: by id or from a file, and the line that makes their tasks."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared
from tests.unit.control.kit import built, config_of
from workbench.core import trust
from workbench.core.errors import BadInput
from workbench.core.seeds import generator
from workbench.core.user_code import Untrusted
from workbench.tasks.control.making import made
from workbench.tasks.control.rollouts import Rollouts
from workbench.tasks.control.varied import Varied
from workbench.tasks.gym import Gym

OWN = """
import gymnasium
import numpy as np

class Environment(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(3, start=1)
    action_space = gymnasium.spaces.Box(np.array([-2.0, 0.0]), np.array([2.0, 4.0]), dtype=float)

    def __init__(self, bonus=0.0, after=3):
        self.bonus, self.after = bonus, after

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return 1, {}

    def step(self, action):
        self.time += 1
        self.last = action
        return 1 + self.time % 3, self.bonus + action[0], False, self.time == self.after, {}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "says nothing"),
        ("length", "names no parameter"),
        ("length=a", "'a' is no number"),
        ("length=1..b", "'b' is no number"),
        ("a=1,2; b=1,2,3", "different lengths"),
        ("a=1; a=2", "a stands twice"),
        ("a=1,nan", "nan is not finite"),
        ("a=1..1e400", "1e400 is not finite"),
        ("a=1..0.5", "the range of a ends at 0.5 and begins at 1"),
        ("a=1,2,1; b=3,4,3", "a 1, b 3 stands in its lists twice"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=f"task.vary: .*{said}"):
        Varied.of(text)


def test_lists_go_together_and_ranges_are_drawn_from() -> None:
    found = Varied.of("a=1,2,3,4; b=10, 20, 30, 40; c=0.5..1.5")
    rows = torch.stack([found.drawn([1, 3], generator(n)) for n in range(50)])
    assert set(rows[:, 0].tolist()) == {2.0, 4.0} and torch.equal(rows[:, 1], 10 * rows[:, 0])
    assert rows[:, 2].min() >= 0.5 and rows[:, 2].max() <= 1.5 and rows[:, 2].std() > 0.1
    dealt = {split: found.dealt(split) for split in ("train", "val", "test")}
    assert dealt == {"train": [0, 2], "val": [1], "test": [3]}


def test_a_task_is_the_environment_with_its_numbers() -> None:
    family = prepared(config_of("gym"))
    assert isinstance(family, Gym) and not family.seen_classes
    lengths = {split: family.draw(split, 0).traits["length"] for split in ("val", "test")}
    assert lengths == {"val": pytest.approx(0.5), "test": pytest.approx(1.0)}
    query = family.draw("test", 0).episode().query
    assert isinstance(query, Rollouts)
    query.lived(lambda seen: torch.zeros(len(seen), 2))
    (env, *_) = family.world._local.kept
    assert env.unwrapped.length == pytest.approx(1.0)


def test_all_splits_may_share_a_list_and_say_so() -> None:
    few = {"vary": "length=0.5, 1", "held_out": False}
    family = prepared(config_of("gym", task=few))
    assert family.seen_classes
    with pytest.raises(BadInput, match=r"task.vary: a list of 2 leaves no task"):
        prepared(config_of("gym", task={**few, "held_out": True}))


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ({"environment": "Nonsense-v9"}, "task.environment: gymnasium cannot make it"),
        ({"vary": "lenght=1..2"}, "task.vary: the environment has no number lenght"),
        ({"vary": "step=1..2"}, "task.vary: the environment has no number step"),
        ({"by": "arguments"}, "task.environment: gymnasium cannot make it"),
        ({"environment": "Blackjack-v1", "vary": "natural=0..1"}, "observation space is Tuple"),
    ],
)
def test_what_cannot_be_made_is_said_at_its_field(task: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        config_of("gym", task=task)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.py"
    file.write_text(OWN)
    return file


def test_an_environment_from_a_file_runs_once_it_is_trusted(own: Path) -> None:
    task = {"path": str(own), "vary": "bonus=1..2", "by": "arguments"}
    model = {"name": "mlp_gaussian", "hidden": [4]}
    with pytest.raises(Untrusted) as refused:
        config_of("gym", task=task, model=model)
    assert refused.value.where == "task.path"
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    with trust.for_now(digest):
        config = config_of("gym", task=task, model=model)
        assert config.task.recorded() == {"path": str(own), "sha256": digest}
        family, algorithm = built(config)
        (step,) = algorithm.adapt(algorithm.initial(), family.draw("test", 0).episode(), 0)
    assert step.met is not None
    rows = step.met.query.y.unflatten(0, (4, 8))
    assert rows[:, :3, -2].all() and not rows[:, 3:, -2].any()  # its own limit is three steps
    seen = step.met.query.x.unflatten(0, (4, 8))
    assert torch.equal(seen[0, :4].argmax(1), torch.tensor([0, 1, 2, 0]))
    earned, acted = rows[:, :3, -1], rows[:, :3, 0]
    bonus = family.draw("test", 0).traits["bonus"]
    torch.testing.assert_close(earned, bonus + (2 * acted).clamp(-2, 2))  # stretched to its bounds


def test_a_limit_of_the_environments_own_is_no_terminal_state(own: Path) -> None:
    task = {"path": str(own), "vary": "bonus=1..2", "by": "arguments"}
    with trust.for_now(hashlib.sha256(own.read_bytes()).hexdigest()):
        config = config_of("gym", task=task, model={"name": "mlp_gaussian"})
        query = prepared(config).draw("test", 0).episode().query
        assert isinstance(query, Rollouts)
        lived = query.lived(lambda seen: torch.zeros(len(seen), 4))
    assert lived.alive.sum() == 4 * 3 and not lived.terminal.any()


def test_mujoco_writes_no_file_beside_what_is_worked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its half-cheetah warns as soon as it is made, whichever family makes it."""
    pytest.importorskip("mujoco")
    monkeypatch.chdir(tmp_path)
    made("HalfCheetah-v5", {}).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("goal", ["direction", "velocity"])
def test_the_half_cheetah_earns_what_its_goal_says(goal: str) -> None:
    pytest.importorskip("mujoco")
    from tests.tiny import tiny_config

    task = {"name": "half_cheetah", "goal": goal, "horizon": 4, "shots": 2, "queries": 2}
    family = prepared(tiny_config(task=task, model={"name": "mlp_gaussian", "hidden": [4]}))
    there, back = (torch.tensor([1.0]), torch.tensor([-1.0 if goal == "direction" else 2.0]))
    earned = []
    for truth in (there, back):
        rollouts = family.rollouts(family.checked(truth), 7, 2)  # type: ignore[attr-defined]
        earned.append(rollouts.lived(lambda seen: torch.zeros(len(seen), 12)))
    one, other = earned
    assert torch.equal(one.observations, other.observations)
    effort = 0.05 * one.actions.clamp(-1, 1).square().sum(-1)
    assert not torch.equal(one.rewards, other.rewards)
    if goal == "direction":
        torch.testing.assert_close(one.rewards + effort, -(other.rewards + effort))
    else:
        assert (one.rewards < 0).all() and (other.rewards < 0).all()
