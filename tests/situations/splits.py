"""Trees and lists that say which class is in which split."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from tests.situations.kit import LETTERS, TWELVE, Situation, flat, numbered, split_tree

KEPT = (6, 3, 3)


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


DECOMPOSED = one_twice(lambda name: unicodedata.normalize("NFD", name))
SITUATIONS = (
    Situation("train/, val/, test/", split_tree(("train", "val", "test")), {}, KEPT, "are splits"),
    Situation(
        "meta-train/, meta-val/, meta-test/",
        split_tree(("meta-train", "meta-val", "meta-test")),
        {},
        KEPT,
    ),
    Situation("base/, validation/, novel/", split_tree(("base", "validation", "novel")), {}, KEPT),
    Situation("Train/, Dev/, Test/", split_tree(("Train", "Dev", "Test")), {}, KEPT),
    Situation(
        "train_set/, valid_set/, testing/",
        split_tree(("train_set", "valid_set", "testing")),
        {},
        KEPT,
    ),
    Situation(
        "images_background/, images_evaluation/: no validation",
        split_tree(("images_background", "images_evaluation"), (9, 3)),
        {},
        (7, 2, 3),
        "No split of the data is val: 2",
    ),
    Situation(
        "train/, eval/, test/: eval is validation", split_tree(("train", "eval", "test")), {}, KEPT
    ),
    Situation("split folders below images/", wrapped("images"), {}, KEPT),
    Situation("split folders two levels down", wrapped("my data", "images"), {}, KEPT),
    Situation(
        "splits with groups of classes in them",
        split_tree(("train/group", "val/group", "test/other")),
        {},
        KEPT,
    ),
    Situation(
        "folders of other names, mapped",
        split_tree(("grund", "wahl", "probe")),
        {"split_names": "grund=train, wahl=val, probe=test"},
        KEPT,
        "grund = train",
    ),
    Situation(
        "a mapping that says no split",
        split_tree(("a", "b", "c")),
        {"split_names": "a=first"},
        None,
        "says no split",
        "task.split_names",
    ),
    Situation(
        "val/ and test/ without train/",
        split_tree(("val", "test"), (6, 6)),
        {},
        None,
        "none is for training",
    ),
    Situation(
        "train/, val/, test/ and extra/",
        split_tree(("train", "val", "test", "extra"), (6, 3, 3, 2)),
        {},
        KEPT,
        "6 files were passed over",
    ),
    Situation(
        "splits asked to be drawn anew",
        split_tree(("train", "val", "test")),
        {"splits": "drawn"},
        (8, 2, 2),
    ),
    Situation(
        "the same classes in train/, val/, test/",
        same_in("train", "val", "test"),
        {},
        None,
        "6 classes stand in more than one split",
        "task.splits",
    ),
    Situation(
        "the same classes in base/, dev/, novel/",
        same_in("base", "dev", "novel"),
        {},
        None,
        "6 classes stand in more than one split",
        "task.splits",
    ),
    Situation(
        "the same, drawn anew by class",
        same_in("base", "dev", "novel"),
        {"splits": "drawn"},
        (2, 2, 2),
    ),
    Situation(
        "the same, shared by name",
        same_in("train", "val", "test"),
        {"splits": "shared"},
        (6, 6, 6),
        "no number here is of unseen classes",
    ),
    Situation(
        "class/train/, class/val/, class/test/",
        class_first,
        {},
        None,
        "4 classes stand in more than one split",
        "task.splits",
    ),
    Situation(
        "one class in two splits, its é composed differently",
        DECOMPOSED,
        {},
        None,
        "1 class stands in more than one split",
        "task.splits",
    ),
    Situation(
        "one class in two splits, in capitals",
        one_twice(str.upper),
        {},
        (7, 3, 4),
        "1 class differs from one of another split in capital letters",
    ),
    Situation(
        "one picture in two splits",
        same_picture,
        {},
        KEPT,
        "1 picture stands in more than one split",
    ),
    Situation(
        "mini-ImageNet: train.csv, val.csv, test.csv and images/",
        mini_imagenet,
        {},
        KEPT,
        "Classes and splits are those of",
    ),
    Situation(
        "the same without a head", tables(lambda name: f"{name},{name[:3]}", "", CSVS), {}, KEPT
    ),
    Situation(
        "the same by semicolons",
        tables(lambda name: f"{name};{name[:3]}", "filename;label", CSVS),
        {},
        KEPT,
    ),
    Situation(
        "the same without suffixes of files",
        tables(lambda name: f"{name[:-4]},{name[:3]}", "image_id,label", CSVS),
        {},
        KEPT,
    ),
    Situation(
        "train.txt, ... of `path label`",
        tables(
            lambda name: f"old/place/images/{name} {name[:3]}",
            "",
            ("train.txt", "val.txt", "test.txt"),
        ),
        {},
        KEPT,
    ),
    Situation(
        "a list of training alone",
        tables(lambda name: f"{name},{name[:3]}", "filename,label", CSVS[:1]),
        {},
        (2, 2, 2),
        "stands in no list",
    ),
    Situation(
        "meta-album: labels.csv without splits",
        one_table("FILE_NAME,CATEGORY,SUPER_CATEGORY", lambda name, _: f"{name},{name[:3]},x"),
        {},
        (8, 2, 2),
    ),
    Situation(
        "labels.csv with a column of splits",
        one_table("FILE_NAME,CATEGORY,SPLIT", lambda name, split: f"{name},{name[:3]},{split}"),
        {},
        KEPT,
    ),
    Situation(
        "labels.csv with a byte order mark and backslashes",
        one_table(
            "filename,label,split",
            lambda name, split: f"images\\{name},{name[:3]},{split}",
            "\ufeff",
        ),
        {},
        KEPT,
    ),
    Situation(
        "labels.csv with a split that is none",
        one_table("filename,label,split", lambda name, _: f"{name},{name[:3]},fold7"),
        {},
        None,
        "into 'fold7'",
        "task.split_file",
    ),
    Situation("train.txt, ... of class names", class_lists, {}, (7, 2, 3)),
    Situation("splits.json of class names", class_json, {}, (8, 2, 2)),
    Situation(".npz of images and labels, no splits", arrays(""), {"splits": "shared"}, (4, 4, 4)),
    Situation(
        ".npz of train_images, train_labels, ...", arrays("train_", "val_", "test_"), {}, (4, 4, 4)
    ),
    Situation(".npz of Python objects", objects, {}, None, "holds Python objects"),
    Situation(".pkl of mini-ImageNet", pickle, {}, None, "numpy.savez"),
)
