"""Few classes, small classes, unequal classes."""

from __future__ import annotations

from tests.situations.kit import TWELVE, Situation, classes, split_tree

FIVE = {"ways": 5, "queries": 1}
SITUATIONS = (
    Situation("twelve classes of three pictures", TWELVE, {}, (8, 2, 2)),
    Situation("two classes", classes(9, 9), {}, None, "2 classes are too few", "task.splits"),
    Situation(
        "two classes, shared",
        classes(9, 9),
        {"splits": "shared"},
        (2, 2, 2),
        "no number here is of unseen",
    ),
    Situation("six classes, 2-way", classes(*[3] * 6), {}, (2, 2, 2)),
    Situation(
        "six classes, 5-way", classes(*[3] * 6), FIVE, None, "Use at most 2 ways", "task.ways"
    ),
    Situation("twenty classes, 5-way", classes(*[2] * 20), FIVE, (10, 5, 5)),
    Situation(
        "fourteen classes, 5-way", classes(*[2] * 14), FIVE, None, "Use at most 4 ways", "task.ways"
    ),
    Situation("one class of a single picture among twelve", classes(1, *[3] * 12), {}, (8, 2, 2)),
    Situation(
        "three small classes of fifteen, 5 queries",
        classes(2, 3, 4, *[6] * 12),
        {"queries": 5, "ways": 2},
        (8, 2, 2),
        "3 classes of fewer than 6 images left out",
    ),
    Situation(
        "every class a single picture",
        classes(*[1] * 12),
        {},
        None,
        "none of the 12 classes has two images",
    ),
    Situation(
        "all classes of 3, 5 queries",
        TWELVE,
        {"queries": 5},
        None,
        "add up to at most 3",
        "task.queries",
    ),
    Situation(
        "classes of 2 to 200 pictures",
        classes(200, 50, 9, 8, 7, 6, 5, 4, 3, 2, 2, 2),
        {},
        (8, 2, 2),
    ),
    Situation(
        "given splits, too few for the ways",
        split_tree(("train", "val", "test"), (6, 2, 3)),
        {"ways": 3},
        None,
        "the val split has 2 classes",
        "task.ways",
    ),
    Situation("an empty folder", lambda folder: folder, {}, None, "holds no class folders"),
)
