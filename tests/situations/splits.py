"""Trees and lists that say which class is in which split."""

from __future__ import annotations

import unicodedata

from tests.situations.kit import TWELVE, Situation, beside, split_tree
from tests.situations.makers import (
    CSVS,
    arrays,
    class_first,
    class_json,
    class_lists,
    mini_imagenet,
    objects,
    one_table,
    one_twice,
    pickle,
    same_in,
    same_picture,
    tables,
    wrapped,
)

KEPT = (6, 3, 3)
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
    Situation(
        "lists of splits in two folders",
        beside(beside(TWELVE, "one/train.txt", b"class00"), "two/train.txt", b"class01"),
        {},
        None,
        "in more than one folder (one, two)",
        "task.split_file",
    ),
    Situation(
        "a list of other data",
        beside(TWELVE, "labels.csv", b"filename,label\ncat.jpg,cat\n"),
        {},
        (8, 2, 2),
        "labels.csv names none of the pictures and is not used",
    ),
    Situation(".npz of images and labels, no splits", arrays(""), {"splits": "shared"}, (4, 4, 4)),
    Situation(
        ".npz of train_images, train_labels, ...", arrays("train_", "val_", "test_"), {}, (4, 4, 4)
    ),
    Situation(".npz of Python objects", objects, {}, None, "holds Python objects"),
    Situation(".pkl of mini-ImageNet", pickle, {}, None, "numpy.savez"),
)
