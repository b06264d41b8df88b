"""A learner adapted to one's own examples predicts what the lab shows, and is kept as one file."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.task import TaskFamily
from workbench.experiments import catalog
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig, fitting
from workbench.experiments.elsewhere import style_of
from workbench.experiments.predicting import adapted_file
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.predicting.predictor import Predictor, learner_for
from workbench.experiments.session import build_family, untrained

ABC = Answers.classes(("a", "b", "c"))

catalog.load()


def config(algorithm: str, **training: object) -> ExperimentConfig:
    return tiny_config(
        task={"name": "glyphs", "ways": 3, "shots": 2, "queries": 2},
        model={"name": "conv4", "filters": 4},
        algorithm={"name": algorithm},
        training={"workers": 1, **training},
    )


def checkpoint(algorithm: str) -> Checkpoint:
    chosen = config(algorithm)
    learner = untrained(chosen, prepared(chosen))
    learner.algorithm.close()
    return Checkpoint(chosen.to_json(), 0, 0.0, learner.weights, learner.weights, None, 0)


def no_data(config: ExperimentConfig) -> TaskFamily:
    raise AssertionError("the data is not needed")


def an_episode(seed: int = 0) -> Episode:
    return prepared(config("maml")).draw("test", seed).episode()


@pytest.mark.parametrize("algorithm", fitting("algorithm", build_family(config("maml")).spec))
def test_it_predicts_as_the_lab_does_one_item_at_a_time(algorithm: str) -> None:
    chosen, episode = config(algorithm, transductive=False), an_episode()
    learner = untrained(chosen, prepared(chosen))
    steps = min(2, learner.algorithm.test_steps)
    *_, last = learner.adapt(episode, steps)
    predictor = Predictor.of(learner, ABC, episode.support, steps)
    pixels = (255 * episode.query.x).round().to(torch.uint8)
    found = torch.stack(list(predictor.probabilities(pixels)))
    torch.testing.assert_close(found, last.query_outputs, rtol=1e-4, atol=1e-5)
    learner.algorithm.close()


def test_what_a_picture_is_taken_for_does_not_depend_on_the_others() -> None:
    episode = an_episode()
    pixels = (255 * episode.query.x).round().to(torch.uint8)
    with learner_for(checkpoint("maml"), 3, no_data) as (learner, _):
        predictor = Predictor.of(learner, ABC, episode.support, 2)
        together = torch.stack(list(predictor.probabilities(pixels)))
        alone = torch.stack([next(predictor.probabilities(one[None])) for one in pixels])
    assert torch.equal(together, alone)


@pytest.mark.parametrize("algorithm", ["maml", "protonet", "r2d2", "meta_sgd", "relation"])
def test_kept_and_read_it_predicts_the_same(algorithm: str, tmp_path: Path) -> None:
    episode, file = an_episode(), tmp_path / "mine.adapted"
    pixels = (255 * episode.query.x).round().to(torch.uint8)
    with learner_for(checkpoint(algorithm), 3, no_data) as (learner, _):
        steps = min(2, learner.algorithm.test_steps)
        predictor = Predictor.of(learner, ABC, episode.support, steps)
        expected = torch.stack(list(predictor.probabilities(pixels)))
        adapted_file.write(predictor, file)
    with adapted_file.read(file).predictor() as again:
        assert again.answers == ABC and again.steps == steps
        assert torch.equal(torch.stack(list(again.probabilities(pixels))), expected)


def test_another_number_of_classes_starts_the_head_anew_where_there_is_one() -> None:
    with learner_for(checkpoint("maml"), 4, no_data) as (learner, anew):
        assert set(anew) == {"head.weight", "head.bias"}
        assert learner.weights["head.bias"].shape == (4,)
    with learner_for(checkpoint("protonet"), 4, no_data) as (_, anew):
        assert anew == ()


def test_what_is_shaped_by_its_data_asks_for_it_and_cannot_be_kept(tmp_path: Path) -> None:
    asked: list[ExperimentConfig] = []

    def prepare(config: ExperimentConfig) -> TaskFamily:
        asked.append(config)
        return prepared(config)

    with learner_for(checkpoint("transfer"), 3, prepare) as (learner, _):
        predictor = Predictor.of(learner, ABC, an_episode().support, 1)
        with pytest.raises(BadInput, match="without the data it was trained on"):
            adapted_file.write(predictor, tmp_path / "mine.adapted")
    assert asked and not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("kept") / "mine.adapted"
    with learner_for(checkpoint("protonet"), 3, no_data) as (learner, _):
        adapted_file.write(Predictor.of(learner, ABC, an_episode().support, 0), file)
    return file.read_bytes()


def test_every_flipped_bit_of_its_tensors_is_found(kept: bytes, tmp_path: Path) -> None:
    start = 8 + int.from_bytes(kept[:8], "little")
    for place in range(start, len(kept), max(1, (len(kept) - start) // 60)):
        damaged = bytearray(kept)
        damaged[place] ^= 1 << (place % 8)
        (tmp_path / "mine.adapted").write_bytes(damaged)
        with pytest.raises(BadInput, match="is damaged"):
            adapted_file.read(tmp_path / "mine.adapted")


def test_what_is_no_such_file_is_refused_by_name(kept: bytes, tmp_path: Path) -> None:
    file = tmp_path / "mine.adapted"
    other = kept.replace(b'\\"format\\": 1', b'\\"format\\": 9')
    assert other != kept
    for data in (b"", b"text", kept[:-5], other, kept.replace(b"workbench", b"workbunch")):
        file.write_bytes(data)
        with pytest.raises(BadInput) as caught:
            adapted_file.read(file)
        assert str(file) in str(caught.value)


def test_a_learner_of_curves_knows_no_pictures() -> None:
    with pytest.raises(BadInput, match="learned sinusoid, which has no images") as caught:
        style_of(tiny_config(), "--support")
    assert caught.value.where == "--support"
