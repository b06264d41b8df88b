"""A loss from the user's file: it is the file's numbers, on every route, and a misfit is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.tiny import prepared, tiny_config, training
from tests.unit.engine import reference as ref
from workbench.cli import main
from workbench.core import guarded, resources, safe_mode, trust, user_code
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.named_code import LOSS_FILE
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.own_loss import OwnLoss, own_loss
from workbench.core.task import ProblemSpec
from workbench.core.user_code import Untrusted
from workbench.engine import Engine, InnerLoop
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import recorded
from workbench.experiments.insight.influence import influence
from workbench.experiments.session import build_algorithm, untrained
from workbench.models.mlp import MlpParams, mlp

TEMPLATE = resources.path("templates", "loss.py").read_text(encoding="utf-8")
SQUARED = "def loss(outputs, targets): return (outputs - targets).square().mean(-1).mean(-1)"
CROSS_ENTROPY = """
from torch.nn import functional as F
def loss(outputs, targets):
    found = F.log_softmax(outputs, dim=-1).gather(-1, targets.unsqueeze(-1))
    return (-found.squeeze(-1)).mean(-1)
"""
TORCHS = CROSS_ENTROPY.split("    found")[0] + "    return F.cross_entropy(outputs, targets)"
ABSOLUTE = "def loss(outputs, targets): return (outputs - targets).abs().mean()"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is trusted at the start of a test, and nothing stays so after it."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name))
    monkeypatch.setattr(trust, "_for_now", set())
    yield


def trusted(folder: Path, text: str) -> Path:
    file = folder / "loss.py"
    file.write_text(text, encoding="utf-8")
    trust.remember(user_code.read(file).sha256, file)
    return file


def made(folder: Path, text: str, *, labels: bool = True) -> OwnLoss:
    code = user_code.read(trusted(folder, text), LOSS_FILE.where)
    return own_loss(code, CLASSIFICATION if labels else REGRESSION, 4)


def perceptron(spec: ProblemSpec) -> nn.Module:
    return ref.restless(mlp(MlpParams.model_validate({"hidden": [7]}), spec))


def gradients(
    model: nn.Module, spec: ProblemSpec, data: Episode, loop: InnerLoop, strategy: str
) -> tuple[dict[str, torch.Tensor], str]:
    """The meta-gradient, and how it was computed."""
    engine = Engine(model, spec, 2, strategy=strategy)
    try:
        found = engine.meta_gradient(engine.initial(), data, loop, seed=0)
        return found.gradients, engine.strategy(loop)
    finally:
        engine.close()


def glyphs(**asked: object) -> ExperimentConfig:
    return tiny_config(
        task={"name": "glyphs", "ways": 3, "shots": 2, "queries": 2},
        model={"name": "conv4", "filters": 4},
        training={"iterations": 2, "workers": 1, **asked},
    )


def test_of_one_content_is_of_one_problem(tmp_path: Path) -> None:
    """Two readings of a file are equal, so that a learner fits the tasks it was trained on."""
    assert made(tmp_path, TORCHS) == made(tmp_path, TORCHS) != made(tmp_path, TEMPLATE)
    assert made(tmp_path, TORCHS) != CLASSIFICATION


def test_the_template_is_the_focal_loss(tmp_path: Path) -> None:
    outputs, targets = torch.randn(5, 4), torch.tensor([0, 1, 2, 3, 0])
    chances = outputs.softmax(-1)[torch.arange(5), targets]
    expected = ((1 - chances) ** 2 * -chances.log()).mean()
    torch.testing.assert_close(made(tmp_path, TEMPLATE).loss(outputs, targets), expected)


def test_tasks_that_are_stacked_are_met_one_by_one(tmp_path: Path) -> None:
    outputs, targets = torch.randn(2, 3, 5, 4), torch.randint(4, (2, 3, 5))
    found = made(tmp_path, TORCHS).loss(outputs, targets)
    torch.testing.assert_close(found, CLASSIFICATION.loss(outputs, targets))


@pytest.mark.parametrize("inner_steps", [1, 3])
@pytest.mark.parametrize(("text", "labels"), [(CROSS_ENTROPY, True), (SQUARED, False)])
def test_the_tasks_loss_as_a_file_is_the_tasks_loss_bit_for_bit(
    tmp_path: Path, text: str, labels: bool, inner_steps: int
) -> None:
    usual = ref.problem() if labels else ref.curve()
    spec = replace(usual, objective=made(tmp_path, text, labels=labels))
    model, loop = perceptron(usual), InnerLoop(inner_steps, 0.05)
    data = ref.episodes(usual, shots=3)
    (own, _), (theirs, _) = (gradients(model, s, data, loop, "general") for s in (spec, usual))
    assert all(torch.equal(own[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("strategy", ["auto", "general", "batched"])
def test_every_route_that_takes_it_gives_the_gradient_of_the_independent_loop(
    tmp_path: Path, strategy: str
) -> None:
    spec, loop = replace(ref.problem(), objective=made(tmp_path, TORCHS)), InnerLoop(3, 0.05)
    model, data = perceptron(spec), ref.episodes(spec)
    found, name = gradients(model, spec, data, loop, strategy)
    expected, _ = ref.meta_gradient(model, ref.problem(), data, loop)
    assert ref.largest_difference(found, expected) < 1e-12
    assert "compiled" not in name


@pytest.mark.parametrize("strategy", ["compiled", "vmap"])
def test_routes_with_derivatives_of_their_own_refuse_it(tmp_path: Path, strategy: str) -> None:
    spec = replace(ref.problem(), objective=made(tmp_path, TORCHS))
    with pytest.raises(BadInput, match="does not fit this model, loss or machine"):
        Engine(perceptron(spec), spec, strategy=strategy)


def test_the_gradient_is_that_of_finite_differences(tmp_path: Path) -> None:
    found = made(tmp_path, TEMPLATE)
    outputs = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([0, 3, 1])
    assert torch.autograd.gradcheck(lambda given: found.loss(given, targets), outputs)
    assert torch.autograd.gradgradcheck(lambda given: found.loss(given, targets), outputs)


def test_the_meta_gradient_is_that_of_finite_differences(tmp_path: Path) -> None:
    """Through the inner loop, which takes the steps of the same loss."""
    text = SQUARED.replace("square()", "cosh()")
    spec = replace(ref.curve(), objective=made(tmp_path, text, labels=False))
    model, data, loop = perceptron(spec), ref.episodes(spec, shots=4), InnerLoop(2, 0.05)
    found, _ = gradients(model, spec, data, loop, "general")
    engine, width = Engine(model, spec, 1, strategy="general"), 1e-5
    for name, weight in engine.initial().items():
        step = torch.zeros_like(weight)
        step.view(-1)[0] = width
        ends = [
            engine.meta_gradient({**engine.initial(), name: weight + s * step}, data, loop, 0)
            for s in (1, -1)
        ]
        slope = (ends[0].query_loss - ends[1].query_loss) / (2 * width)
        assert float(found[name].view(-1)[0]) == pytest.approx(slope, rel=1e-5, abs=1e-8)
    engine.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def lose(outputs, targets): return outputs.sum()", "defines no function loss"),
        ("loss = 3", "defines no function loss"),
        ("def loss(outputs, targets):\n  return outputs / 0 @ targets", "line 2 fails"),
        ("def loss(outputs):\n  return outputs.sum()", "TypeError"),
        ("def loss(outputs, targets): raise SystemExit(3)", "SystemExit: 3"),
        ("def loss(outputs, targets): return 1.0", "returns float"),
        ("def loss(outputs, targets): return outputs.sum(-1)", r"tensor of the shape \(6,\)"),
        ("def loss(outputs, targets): return outputs.sum() * float('nan')", "returns nan"),
        ("def loss(outputs, targets): return outputs.detach().sum()", "has no gradient"),
        ("def loss(outputs, targets): return (outputs - outputs).sqrt().sum()", "not finite"),
    ],
)
def test_what_is_no_loss_is_said_before_a_run(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        made(tmp_path, text)
    assert caught.value.where == "training.loss_file" and caught.value.remedy
    assert str(tmp_path / "loss.py") in str(caught.value)


def test_a_loss_without_an_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "LIMIT_SECONDS", 0.3)
    with pytest.raises(BadInput, match=r"has not come to its end after 0\.3 s"):
        made(tmp_path, "def loss(outputs, targets):\n  while True: pass")


def test_what_fails_in_the_middle_of_a_run_names_file_and_line(tmp_path: Path) -> None:
    text = SQUARED.replace(" return", "\n  calls.append(1 / (9 - len(calls)))\n  return")
    file = trusted(tmp_path, f"calls = []\n{text}")
    config = tiny_config(training={"loss_file": str(file)})
    last = list(training(config, tmp_path / "run").events())[-1]
    assert isinstance(last, Finished) and last.reason is Reason.FAILED
    assert last.error.startswith(f"training.loss_file: {file}, line 3 fails (ZeroDivisionError")


def test_it_does_not_run_unless_trusted(tmp_path: Path) -> None:
    witness, file = tmp_path / "it ran", tmp_path / "loss.py"
    file.write_text(f"open({str(witness)!r}, 'w')\n{SQUARED}", encoding="utf-8")
    config = tiny_config(training={"loss_file": str(file)})
    with pytest.raises(Untrusted) as caught:
        build_algorithm(config, prepared(config))
    assert caught.value.where == "training.loss_file" and not witness.exists()
    trust.remember(user_code.read(file).sha256, file)
    with safe_mode.asked_for([safe_mode.FLAG]), pytest.raises(BadInput, match="safe mode"):
        build_algorithm(config, prepared(config))
    assert not witness.exists()


def test_a_run_records_it_and_says_when_it_has_changed(tmp_path: Path) -> None:
    file = trusted(tmp_path, SQUARED)
    kept = recorded(tiny_config(training={"loss_file": str(file)}))
    assert kept.training.loss_sha256 == user_code.read(file).sha256 and not kept.changed()
    trusted(tmp_path, ABSOLUTE)
    assert "has changed since it was recorded" in kept.changed()


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"label_smoothing": 0.1}, "training.label_smoothing"),
        ({"class_weights": "balanced"}, "training.class_weights"),
    ],
)
def test_one_loss_at_a_time(tmp_path: Path, asked: dict[str, object], where: str) -> None:
    with pytest.raises(BadInput, match="changes nothing") as caught:
        glyphs(loss_file=str(tmp_path / "loss.py"), **asked)
    assert caught.value.where == where


def test_a_method_with_a_loss_of_its_own_refuses_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="squared error of the scores"):
        glyphs(loss_file=str(tmp_path / "loss.py")).replaced({"algorithm": {"name": "relation"}})


def test_a_policy_has_no_targets_to_lose_by(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="learns from what it earns") as caught:
        catalog.preset("navigation-quick").config.replaced(
            {"training": {"loss_file": str(tmp_path / "loss.py")}}
        )
    assert caught.value.where == LOSS_FILE.where


def test_influence_needs_a_loss_of_each_item(tmp_path: Path) -> None:
    config = tiny_config(training={"loss_file": str(trusted(tmp_path, SQUARED))})
    family = prepared(config)
    with pytest.raises(BadInput, match="no part for each item"):
        influence(untrained(config, family), family.draw("test", 0).episode(), 0, 1)


def test_train_evaluate_resume_and_adapt_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The loss that is trained is the loss that is told; the metric stays the task's."""
    file, run = trusted(tmp_path, ABSOLUTE), str(tmp_path / "run")
    small = ["--training.eval_tasks", "3", "--training.test_tasks", "3", "--training.meta_batch"]
    named = ["--training.loss_file", str(file), "--run-dir", run]
    start = ["train", "--preset", "sinusoid", *small, "2", "--iterations", "2", *named]
    assert main(start) == 0, capsys.readouterr().err
    assert json.loads(Path(run, "config.json").read_text())["training"]["loss_sha256"]
    capsys.readouterr()
    assert main(["evaluate", run, "--tasks", "3", "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out.splitlines()[-1])["metrics"]
    assert metrics["name"] == "mse"
    assert metrics["steps"][-1]["query_loss"] != pytest.approx(metrics["steps"][-1]["mean"])
    assert main(["train", "--resume", run, "--iterations", "3"]) == 0, capsys.readouterr().err
    assert main(["adapt", run]) == 0
    file.write_text(SQUARED, encoding="utf-8")
    capsys.readouterr()
    assert main(["evaluate", run, "--tasks", "3"]) == 2
    assert "training.loss_file" in (said := capsys.readouterr().err) and "--trust " in said
