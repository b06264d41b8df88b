"""torchvision's networks: weights from a file or torch's cache, frozen or trained."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, Finished, Reason
from workbench.core.objective import CLASSIFICATION
from workbench.core.task import ProblemSpec
from workbench.core.vision import torchvision
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import recorded
from workbench.experiments.session import untrained
from workbench.models.frozen import Frozen
from workbench.models.torchvision_network import TorchvisionParams, torchvision_network

SPEC = ProblemSpec(CLASSIFICATION, (1, 40, 40), 3)
SMALL = "shufflenet_v2_x0_5"


@pytest.fixture(scope="module")
def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(3)
    network = torchvision().models.get_model(SMALL, weights=None)
    network(torch.rand(8, 3, 64, 64))  # running averages other than those of a new network
    return dict(network.state_dict())


def params(**changes: object) -> TorchvisionParams:
    return TorchvisionParams(**{"network": SMALL, "weights": "random", **changes})


def config(algorithm: str, **changes: object) -> ExperimentConfig:
    return tiny_config(
        task={"name": "glyphs", "ways": 3, "shots": 1, "queries": 2},
        model=params(**changes).model_dump(),
        algorithm={"name": algorithm},
        training={"workers": 1},
    )


def expected(state: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Features by torchvision alone: the network in evaluation mode without its last layer."""
    network = torchvision().models.get_model(SMALL, weights=None)
    network.load_state_dict(state)
    network.fc = nn.Identity()
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    deviation = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    with torch.no_grad():
        return torch.as_tensor(network.eval()((x.repeat(1, 3, 1, 1) - mean) / deviation))


def test_weights_come_from_torchs_cache(
    state: dict[str, torch.Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(BadInput, match="is not in torch's cache") as caught:
        torchvision_network(params(weights="torch"), SPEC)
    assert caught.value.where == "model.weights" and SMALL in caught.value.remedy
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    torch.save(state, tmp_path / "hub" / "checkpoints" / "shufflenetv2_x0.5-f707e7126e.pth")
    model = torchvision_network(params(weights="torch"), SPEC)
    x = torch.rand(3, 1, 40, 40)
    features = model.get_submodule("body")(model.get_submodule("inputs")(x))
    torch.testing.assert_close(features, expected(state, x), rtol=1e-4, atol=1e-5)


def test_weights_come_from_a_file_and_are_recorded_by_content(
    state: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    file = tmp_path / "own.safetensors"
    save_file({f"module.{name}": tensor for name, tensor in state.items()}, file)
    kept = recorded(config("anil", weights="file", file=file)).model
    assert kept.changed() == "" and len(kept.sha256) == 64
    body = torchvision_network(kept, SPEC).get_submodule("body")
    assert isinstance(body, Frozen)
    own = body.network.state_dict()
    assert all(torch.equal(own[name], state[name]) for name in own)
    save_file({name: tensor + 1 for name, tensor in state.items()}, file)
    assert "is not the file of weights that was recorded" in kept.changed()


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"network": "resnet19"}, "model.network", "resnet1"),
        ({"weights": "file"}, "model.file", "no file is chosen"),
        ({"weights": "file", "file": "missing.pth"}, "model.file", "missing.pth"),
        ({"network": "vit_b_32"}, "model.side", "224"),
    ],
)
def test_what_cannot_be_made_is_said_at_its_field(
    changes: dict[str, object], where: str, says: str
) -> None:
    with pytest.raises(BadInput) as caught:
        torchvision_network(params(**changes), SPEC)
    assert caught.value.where == where and says in str(caught.value)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.pth"
    torch.save({"conv1.0.weight": torch.zeros(2, 2)}, file)
    with pytest.raises(BadInput, match=r"lacks \d+ of \d+ tensors of ShuffleNetV2"):
        torchvision_network(params(weights="file", file=file), SPEC)


def test_code_in_a_file_of_weights_does_not_run(tmp_path: Path) -> None:
    file, witness = tmp_path / "evil.pth", tmp_path / "it ran"
    torch.save({"a": _Evil(witness)}, file)
    with pytest.raises(BadInput, match="nothing of it was run"):
        torchvision_network(params(weights="file", file=file), SPEC)
    assert not witness.exists()


class _Evil:
    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.witness,)


def test_frozen_only_the_head_is_learned_and_no_query_item_sees_another() -> None:
    chosen = config("anil")
    learner = untrained(chosen, prepared(chosen))
    assert set(learner.weights) == {"head.weight", "head.bias"}
    assert not learner.algorithm.transductive


def test_trained_as_a_whole_it_is_differentiated_twice(tmp_path: Path) -> None:
    few = {"iterations": 1, "meta_batch": 1, "eval_tasks": 2, "test_tasks": 2}
    chosen = config("maml", frozen=False, side=32).replaced({"training": few})
    run = training(chosen, tmp_path / "run")
    events = list(run.events())
    assert isinstance(events[-1], Finished) and events[-1].reason is Reason.COMPLETED
    learner = untrained(chosen, prepared(chosen))
    assert len(learner.weights) > 100 and learner.algorithm.transductive


@pytest.mark.parametrize("algorithm", ["protonet", "matching", "proto_maml"])
def test_learners_without_weights_of_their_own_are_measured_as_they_are(
    algorithm: str, tmp_path: Path
) -> None:
    events = list(training(config(algorithm), tmp_path / "run").events())
    assert isinstance(events[-1], Finished) and events[-1].reason is Reason.COMPLETED
    assert [e.curve.split for e in events if isinstance(e, Evaluated)] == ["val", "test"]


def test_boil_says_why_it_cannot(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="BOIL adapts the body"):
        list(training(config("boil"), tmp_path / "run").events())
