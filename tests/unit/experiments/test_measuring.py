"""Measurements of a run: what a question asks, and what is kept of the answers."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.tiny import prepared, tiny_config, training
from workbench.core.algorithm import Scores
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.events import Evaluating
from workbench.core.sealed import read_sealed, write_sealed
from workbench.experiments.evaluation import drained
from workbench.experiments.kept.naming import MAX_BYTES
from workbench.experiments.measuring import Measurement, Question, question_of
from workbench.experiments.scores import Kept, kept_of, write_scores
from workbench.experiments.store import Run, open_run

GLYPHS = {
    "task": {"name": "glyphs", "ways": 3, "queries": 2},
    "model": {"name": "conv4", "filters": 4},
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("runs") / "run"
    config = tiny_config(**GLYPHS, algorithm={"name": "protonet"})
    list(training(config, path).events())
    return open_run(path)


def answered(run: Run, question: Question) -> Path:
    asked = Measurement(run, question)
    family = prepared(asked.config)
    curve, scores = drained(asked.evaluate(asked.learner(family), family))
    return asked.keep(curve, scores, {})


def evaluation(run: Run, question: Question) -> Generator[Evaluating, None, tuple[Curve, Scores]]:
    asked = Measurement(run, question)
    family = prepared(asked.config)
    return asked.evaluate(asked.learner(family), family)


def test_a_question_without_wishes_is_that_of_the_training(run: Run) -> None:
    asked = Measurement(run, Question())
    assert asked.config == run.config() and asked.seed == run.config().training.seed
    assert not asked.foreign and not asked.needs_own_data


def test_what_was_measured_is_listed_newest_first_with_what_differs(run: Run) -> None:
    kept = kept_of(run.path)
    assert [k.metrics["tasks"] for k in kept] == [7]
    file = answered(run, Question(tasks=5, ways=4, seed=3, one_at_a_time=True))
    os.utime(file, (kept[0].when + 10,) * 2)
    newest, older = kept_of(run.path)
    assert newest.file == file and older == kept[0]
    assert newest.metrics["tasks"] == 5 and newest.seed == 3
    assert newest.metrics["transductive"] is False
    assert newest.variant == "4ways-one-at-a-time"
    file.unlink()


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"name": "accuracy", "split": "test"}', "[1]", '{"name": 1, "crc32": "0"}'],
)
def test_a_damaged_answer_is_told_and_hides_no_other(run: Run, text: str) -> None:
    file = run.path / "evaluations" / "test-damaged.json"
    file.write_text(text)
    try:
        told = {kept.file.name: kept.problem for kept in kept_of(run.path)}
        assert told.pop(file.name)
        assert list(told.values()) == [""]
    finally:
        file.unlink()


def test_a_score_that_was_changed_is_told(run: Run) -> None:
    file = answered(run, Question(tasks=4))
    values = json.loads(file.read_text())
    values["steps"][-1]["mean"] = 0.99
    file.write_text(json.dumps(values))
    (found,) = [kept for kept in kept_of(run.path) if kept.file == file]
    assert "checksum" in found.problem
    file.unlink()


@pytest.mark.parametrize(
    ("question", "where"),
    [
        (Question(family="omniglott"), "--on"),
        (Question(family="sinusoid"), "--on"),
        (Question(family="glyphs", split="val"), "--split"),
        (Question(family="glyphs", root=Path("x")), "--data"),
    ],
)
def test_what_cannot_be_asked_is_refused(run: Run, question: Question, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        Measurement(run, question)
    assert caught.value.where == where


def test_an_answer_to_the_same_question_of_other_data_is_kept_beside_it(run: Run) -> None:
    """Nothing that was measured is written over; the same once more takes its own place."""
    first = answered(run, Question(tasks=4, seed=5))
    assert answered(run, Question(tasks=4, seed=5)) == first
    values = read_sealed(first, MAX_BYTES)
    write_sealed(first, {**values, "fingerprint": "of other data", "note": "kept"})
    second = answered(run, Question(tasks=4, seed=5))
    assert second.stem == f"{first.stem}-2"
    assert read_sealed(first, MAX_BYTES)["note"] == "kept"
    told = {kept.file: kept.variant for kept in kept_of(run.path)}
    assert told[first] == told[second] == ""
    first.unlink()
    second.unlink()


def test_the_runs_own_test_has_the_plain_name(run: Run, tmp_path: Path) -> None:
    curve, scores = drained(evaluation(run, Question(tasks=4)))
    before = write_scores(tmp_path, curve, scores, 0, more={"iteration": 3})
    own = write_scores(tmp_path, curve, scores, 0, more={"iteration": 6}, own=True)
    assert own == before and read_sealed(own, MAX_BYTES)["iteration"] == 6
    moved = before.with_stem(f"{before.stem}-2")
    assert read_sealed(moved, MAX_BYTES)["iteration"] == 3


def test_the_trainings_own_test_asked_again_takes_its_place(run: Run) -> None:
    (own,) = (kept.file for kept in kept_of(run.path))
    assert answered(run, Question(tasks=7)) == own


def test_the_weights_of_an_earlier_iteration_are_measured(run: Run) -> None:
    file = answered(run, Question(tasks=4, checkpoint=3))
    kept = next(one for one in kept_of(run.path) if one.file == file)
    assert kept.iteration == 3 and kept.variant == "checkpoint3"
    assert question_of(kept) == Question(tasks=4, checkpoint=3, seed=0)
    file.unlink()


def test_a_folder_that_is_called_like_a_size_is_none() -> None:
    metrics = {"split": "test", "tasks": 4, "steps": [{}, {}]}
    kept = Kept(Path(), 0.0, metrics, 0, {"family": "omniglot"}, "4shots-on-omniglot-5ways")
    assert (question_of(kept).ways, question_of(kept).shots) == (None, 4)
