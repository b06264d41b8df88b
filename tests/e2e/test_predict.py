"""From two folders of pictures to predictions: adapt, keep, and ask again."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.start.main import main

Picture = Callable[[Path, int, int], None]


def picture(file: Path, kind: int, item: int) -> None:
    """Stripes of a width and a direction by kind; the item settles phase and noise."""
    draws = np.random.default_rng(100 * kind + item)
    rows, columns = np.mgrid[:20, :20] / 20
    wave = np.sin(6.28 * ((1 + kind) * rows + (kind % 3) * 2 * columns) + draws.random())
    pixels = (127 + 100 * wave + 20 * draws.random((20, 20))).clip(0, 255)
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.astype(np.uint8)).save(file)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained")
    for kind in range(10):
        for item in range(4):
            picture(root / "data" / f"kind {kind}" / f"{item}.png", kind, item)
    flags = {
        "task.name": "image_folder",
        "task.root": root / "data",
        "task.image_size": 20,
        "task.ways": 2,
        "task.queries": 2,
        "model.filters": 8,
        "algorithm.name": "protonet",
        "training.iterations": 3,
        "training.eval_tasks": 4,
        "training.test_tasks": 4,
        "training.workers": 1,
    }
    given = [text for name, value in flags.items() for text in (f"--{name}", str(value))]
    assert main(["train", *given, "--run-dir", str(root / "run")]) == 0
    for item in range(4):
        (root / "data" / f"kind {item}").rename(root / f"away {item}")  # the data is gone
    return root / "run"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    support, query = tmp_path / "support", tmp_path / "query"
    for kind, name in ((2, "Wide"), (7, "narrow"), (4, "mittel ä")):
        for item in range(2):
            picture(support / name / f"{item}.png", kind, item)
        picture(query / name.upper() / "new.png", kind, 9)
    picture(query / "unknown" / "one.png", 7, 8)
    picture(query / "seen.png", 2, 0)
    (query / "notes.png").write_text("no picture")
    return support, query


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_folders_become_predictions_and_a_file_that_predicts_the_same(
    trained: Path,
    folders: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    support, query = folders
    kept, table = tmp_path / "mine.adapted", tmp_path / "predictions.csv"
    line = ["adapt", str(trained), "--support", str(support), "--query", str(query)]
    assert main([*line, "--save", str(kept), "--csv", str(table), "--json"]) == 0
    first = said(capsys)
    assert first["classes"] == ["Wide", "mittel ä", "narrow"]
    assert first["scored"] == 3
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["file"] for row in rows] == [
        "seen.png",
        "MITTEL Ä/new.png",
        "NARROW/new.png",
        "WIDE/new.png",
        "unknown/one.png",
    ]
    assert [row["class"] for row in rows] == ["", "mittel ä", "narrow", "Wide", ""]
    for row in rows:
        chances = {name: float(row[name]) for name in ("Wide", "mittel ä", "narrow")}
        assert sum(chances.values()) == pytest.approx(1, abs=1e-4)
        assert row["predicted"] == max(chances, key=chances.__getitem__)
    assert main(["predict", str(kept), str(query), "--json"]) == 0
    assert said(capsys)["predictions"] == first["predictions"]
    assert main(["predict", str(kept), str(query / "unknown" / "one.png"), "--json"]) == 0
    assert len(said(capsys)["predictions"]) == 1  # type: ignore[arg-type]


def test_a_picture_of_the_support_set_is_not_scored(
    trained: Path, folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    support, _ = folders
    line = ["adapt", str(trained), "--support", str(support), "--query", str(support), "--json"]
    assert main(line) == 0
    result = said(capsys)
    assert "accuracy" not in result
    assert all(row["in_support"] for row in result["predictions"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--query", "{query}"], "--query: goes with a folder as support set"),
        (["--support", "{query}/unknown"], "at least two classes are needed"),
        (["--support", "{support}", "--query", "{support}/none"], "--query"),
        (["--support", "{support}", "--scene", "x.mlab"], "--scene: speaks of a task"),
        (["--support", "{support}", "--csv", "/nowhere/x.csv", "--query", "{query}"], "--csv"),
    ],
)
def test_what_cannot_be_asked_is_said_of_its_flag(
    flags: list[str],
    says: str,
    trained: Path,
    folders: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    support, query = folders
    given = [flag.format(support=support, query=query) for flag in flags]
    assert main(["adapt", str(trained), *given]) == 2
    assert says in capsys.readouterr().err
