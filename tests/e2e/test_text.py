"""The user's own sentences from the command line: trained, measured, adapted and asked."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.tasks.text_kit import own
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family
from workbench.experiments.store import open_run
from workbench.start.main import main
from workbench.tasks.text import OwnText

COLOURS = ("red", "green", "blue", "amber", "violet", "grey", "olive", "teal", "pink", "ochre")
FRAMES = ("Paint it {}", "A {} door", "I like {} best", "Where is the {} one?", "Nothing but {}")
FEW = ("--training.iterations", "4", "--training.eval_tasks", "4", "--training.test_tasks", "4")
GENERAL = ("--training.strategy", "general")
SIZES = ("--task.ways", "2", "--task.queries", "2", "--task.features", "2048", "--model.width", "8")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "colours.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = [[frame.format(colour), colour] for colour in COLOURS for frame in FRAMES]
        csv.writer(stream).writerows([["sentence", "colour"], *rows])
    return path


@pytest.fixture(scope="module")
def run(file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("runs") / "run")
    columns = ["--task.text_column", "sentence", "--task.label_column", "colour"]
    own = ["--task.name", "text", "--task.root", str(file), *columns, *SIZES]
    parts = ["--model.name", "text_mlp", "--algorithm.name", "maml", "--training.meta_batch", "2"]
    assert main(["train", *own, *parts, *FEW, "--run-dir", place]) == 0
    return place


def printed(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_it_is_measured(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", run, "--tasks", "6", "--shots", "2", "--json"]) == 0
    metrics = printed(capsys)["metrics"]
    assert metrics["name"] == "accuracy" and metrics["tasks"] == 6
    assert metrics["transductive"] is False


def test_it_adapts_to_ones_own_sentences_and_answers(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    files[0].write_text("Zebras yodel\nZebras sing\n", encoding="utf-8")
    files[1].write_text("Trains rattle\n", encoding="utf-8")
    flags = ["--support", *map(str, files), "--ask", "They yodel, the zebras", "A train rattles"]
    assert main(["adapt", run, *flags, "--steps", "60", "--json"]) == 0
    told = printed(capsys)
    assert told["task"] == "2-way 1 to 2-shot" and len(told["sentences"]) == 4
    first, second = told["asked"]
    assert first["predicted"] != second["predicted"] and "zebras" in first["words"]
    assert main(["adapt", run]) == 0
    shown = capsys.readouterr().out
    assert ("predicted" in shown and "Nothing but" in shown) or "Paint it" in shown


def test_a_scene_is_kept_and_opened(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = str(tmp_path / "mine.mlab")
    assert main(["adapt", run, "--seed", "3", "--save-scene", scene, "--json"]) == 0
    first = printed(capsys)
    data = str(first["config"]["task"]["root"])
    assert main(["adapt", run, "--scene", scene, "--data", data, "--json"]) == 0
    assert printed(capsys)["sentences"] == first["sentences"]


def test_what_is_wrong_is_said_in_a_sentence(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["train", "--task.name", "text", "--model.name", "text_mlp", "--task.root"]
    assert main([*own, str(file)]) == 2
    assert "its columns are sentence, colour" in capsys.readouterr().err
    assert main([*own, str(tmp_path)]) == 2
    assert "holds no .txt files" in capsys.readouterr().err
    assert main(["train", "--preset", "sinusoid", "--model.name", "text_mlp"]) == 2
    assert "text_mlp tells classes of sentences apart" in capsys.readouterr().err


def test_sentences_are_asked_of_learners_of_sentences_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "run")
    assert main(["train", "--preset", "sinusoid", *FEW, *GENERAL, "--run-dir", place]) == 0
    assert main(["adapt", place, "--ask", "Anything?"]) == 2
    assert "have no items that could be asked for" in capsys.readouterr().err


def changed_file(file: Path, folder: Path, more: list[list[str]], without: str = "") -> Path:
    """The sentences with some more and without those of a class."""
    with file.open(newline="", encoding="utf-8") as stream:
        kept = [row for row in csv.reader(stream) if row[1] != without]
    changed = folder / "changed.csv"
    with changed.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([*kept, *more])
    return changed


def splits(run: str, **task: object) -> dict[str, set[str]]:
    """The classes of each split, as whoever opens the run has them now."""
    kept = ExperimentConfig.from_json(open_run(Path(run)).load_checkpoint().config)
    family = build_family(kept.replaced({"task": task}))
    family.prepare(lambda message, fraction: None)
    return {split: set(info.class_names) for split, info in family.splits().items()}


CAME = [[frame.format("aa first"), "aa first"] for frame in FRAMES]


def test_a_class_that_comes_moves_no_other(
    run: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stands first in the order of names, so that every class would be drawn anew."""
    changed = changed_file(file, tmp_path, CAME)
    before = splits(run)
    assert splits(run, root=str(changed)) == before
    assert splits(run, root=str(changed), record=None) != before
    assert main(["evaluate", run, "--tasks", "2", "--data", str(changed)]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "1 class is new and in no split (see task.new_classes) (aa first)" in said
    assert "Every class stays in the split that the run records" in said
    taken = splits(run, root=str(changed), new_classes="test")
    assert taken == {**before, "test": before["test"] | {"aa first"}}


def test_a_class_that_goes_moves_no_other(
    run: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = splits(run)
    gone = min(before["train"])
    changed = changed_file(file, tmp_path, [], without=gone)
    assert splits(run, root=str(changed)) == {**before, "train": before["train"] - {gone}}
    assert main(["evaluate", run, "--tasks", "2", "--data", str(changed)]) == 0
    assert f"1 class is gone ({gone})" in " ".join(capsys.readouterr().err.split())


@pytest.fixture
def grown(file: Path, tmp_path: Path) -> Iterator[None]:
    """The run's own file has a class more, for the time of a test."""
    before = file.read_bytes()
    shutil.copy(changed_file(file, tmp_path, CAME), file)
    yield
    file.write_bytes(before)


def test_resuming_and_adapting_keep_the_recorded_split(
    run: str, grown: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    assert main(["train", "--resume", str(copy), "--iterations", "5"]) == 0
    assert "(aa first)" in " ".join(capsys.readouterr().err.split())
    assert splits(str(copy)) == splits(run)
    assert main(["adapt", run, "--json"]) == 0
    told = capsys.readouterr()
    asked = {row["class"] for row in json.loads(told.out.splitlines()[-1])["sentences"]}
    assert asked <= splits(run)["test"] and "(aa first)" in " ".join(told.err.split())


def test_other_sentences_have_other_splits_and_it_is_said(
    run: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_text(file.read_text().replace(",", ",new "), encoding="utf-8")
    other.write_text(other.read_text().replace("new colour", "colour"), encoding="utf-8")
    assert main(["evaluate", run, "--tasks", "2", "--data", str(other)]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "of other data or settings, and were drawn anew" in said


def test_a_class_that_is_given_another_split_stays_and_is_listed(tmp_path: Path) -> None:
    """By a column of the data."""
    file, words = tmp_path / "given.csv", ("train", "val", "test")
    word = {colour: words[number % 3] for number, colour in enumerate(COLOURS)}
    family = given_family(file, word)
    record = family.settled()["record"]
    moved = given_family(file, {**word, "red": "test"}, record=record)
    assert moved.classes == family.classes
    assert "1 class is now found in another split than the recorded one" in moved.departures()
    assert "(red)" in moved.departures()
    assert not given_family(file, word, record=record).departures()


def given_family(file: Path, word: dict[str, str], **values: object) -> OwnText:
    rows = [[frame.format(c), c, word[c]] for c in COLOURS for frame in FRAMES]
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["text", "label", "part"], *rows])
    return own(file, split_by="given", split_column="part", **values)
