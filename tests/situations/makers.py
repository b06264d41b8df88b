"""Makers of trees, lists and arrays that say which class is in which split."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from tests.situations.kit import LETTERS, TWELVE, flat, numbered, split_tree


def wrapped(*above: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        split_tree(("train", "val", "test"))(folder.joinpath(*above))
        return folder

    return make


def same_in(
    *names: str, each: Callable[[str, str], str] = lambda name, split: name
) -> Callable[[Path], Path]:
    """The same six classes in every split, with other pictures."""

    def make(folder: Path) -> Path:
        for at, split in enumerate(names):
            numbered(folder / split, [each(name, split) for name in LETTERS[:6]], 3, 20 * at)
        return folder

    return make


def class_first(folder: Path) -> Path:
    for at, split in enumerate(("train", "val", "test")):
        for number, name in enumerate(LETTERS[:4]):
            numbered(folder / name, [split], 3, 20 * at + number)
    return folder


def one_twice(name: Callable[[str], str]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        split_tree(("train", "val", "test"))(folder)
        numbered(folder / "train", ["é x"], 3, 50)
        numbered(folder / "test", [name("é x")], 3, 60)
        return folder

    return make


def same_picture(folder: Path) -> Path:
    split_tree(("train", "val", "test"))(folder)
    picture = next((folder / "train").rglob("*.png")).read_bytes()
    next((folder / "test").rglob("*.png")).write_bytes(picture)
    return folder


def tables(rows: Callable[[str], str], head: str, names: Iterable[str]) -> Callable[[Path], Path]:
    """A list a split of the flat pictures: six, three and three classes."""

    def make(folder: Path) -> Path:
        pictures = flat(folder)
        cut = {"train": pictures[:18], "val": pictures[18:27], "test": pictures[27:]}
        for name in names:
            lines = [head] * bool(head) + [rows(p) for p in cut[Path(name).stem]]
            (folder / name).write_text("\n".join(lines))
        return folder

    return make


CSVS = ("train.csv", "val.csv", "test.csv")
mini_imagenet = tables(lambda name: f"{name},{name[:3]}", "filename,label", CSVS)


def one_table(head: str, row: Callable[[str, str], str], mark: str = "") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        words = ["train"] * 18 + ["val"] * 9 + ["test"] * 9
        rows = [row(name, word) for name, word in zip(flat(folder), words, strict=True)]
        (folder / "labels.csv").write_text(mark + "\n".join([head, *rows]), encoding="utf-8")
        return folder

    return make


def class_lists(folder: Path) -> Path:
    TWELVE(folder)
    for name, part in (("train", LETTERS[:7]), ("val", LETTERS[7:9]), ("test", LETTERS[9:])):
        (folder / f"{name}.txt").write_text("\n".join(part))
    return folder


def class_json(folder: Path) -> Path:
    TWELVE(folder)
    held = {"base": LETTERS[:8], "val": LETTERS[8:10], "novel": LETTERS[10:]}
    (folder / "splits.json").write_text(json.dumps(held))
    return folder


def arrays(*splits: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        draws, held = np.random.default_rng(0), {}
        for at, split in enumerate(splits):
            labels = np.repeat(np.arange(4) + 4 * at, 6)
            held[f"{split}images"] = draws.integers(0, 256, (24, 9, 9), dtype=np.uint8)
            held[f"{split}labels"] = labels
        np.savez(folder / "pictures.npz", **held)
        return folder / "pictures.npz"

    return make


def objects(folder: Path) -> Path:
    np.savez(folder / "pictures.npz", images=np.array([object()] * 3), labels=np.arange(3))
    return folder / "pictures.npz"


def pickle(folder: Path) -> Path:
    (folder / "mini-imagenet-cache-train.pkl").write_bytes(b"\x80\x04N.")
    return folder
