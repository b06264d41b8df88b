"""Classes with too few images for a task: left out and counted, and what would bring them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.core.errors import BadInput
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.task import SPLITS, Split
from workbench.tasks.classes import LEAST_WAYS, WayShotParams, of_at_most
from workbench.tasks.image_pool import ImagePool

Divided = Mapping[Split, tuple[int, ...]]
"""The classes of each split by their places in the pool, large and small ones."""
LEAST_IMAGES = 2
"""Of a class: one to learn from, one to be asked."""
NAMED = 3


def large(pool: ImagePool, divided: Divided, needed: int) -> dict[Split, tuple[int, ...]]:
    """Those with ``needed`` images."""
    return {s: tuple(c for c in divided[s] if pool.count(c) >= needed) for s in divided}


def left_out(pool: ImagePool, divided: Divided, sizes: WayShotParams) -> tuple[Finding, ...]:
    """The others in a sentence, if there are any: how many, and what brings them back."""
    needed = sizes.shots + sizes.queries
    small = [c for s in SPLITS for c in divided[s] if pool.count(c) < needed]
    if not small:
        return ()
    told = ", ".join(f"{pool.class_names[c]} has {pool.count(c)}" for c in small[:NAMED])
    told += ", …" if len(small) > NAMED else ""
    count = "1 class" if len(small) == 1 else f"{len(small):,} classes"
    sentence = f"{count} of fewer than {needed} images left out ({told})"
    most = max(map(pool.count, small))
    if most < LEAST_IMAGES:
        return (Finding(sentence),)
    back = sum(pool.count(c) >= most for c in small)
    told = f"{sentence}: shots and queries that add up to {most} bring {back} of them back"
    return (Finding(told, *of_at_most(most, sizes)),)


def refuse_too_few(
    pool: ImagePool, divided: Divided, sizes: WayShotParams, splits: Sequence[Split]
) -> None:
    """Refuse tasks that a split has too few classes for; raises `BadInput` at the field."""
    needed = sizes.shots + sizes.queries
    there = {split: len(members) for split, members in large(pool, divided, needed).items()}
    for split in splits:
        if there[split] < sizes.ways <= len(divided[split]):
            raise _too_small(pool, divided, sizes, splits, split)
        if there[split] < sizes.ways:
            problem = marked("the {0} split has {1} classes, {2}-way needs {2}")
            fewest = min(there[s] for s in splits)
            raise BadInput(
                "task.ways",
                problem.format(split, len(divided[split]), sizes.ways),
                _fewer_ways(fewest)
                or marked("Give it more classes of at least {0} images").format(needed),
                *_with_ways(fewest),
            )


def _too_small(
    pool: ImagePool,
    divided: Divided,
    sizes: WayShotParams,
    splits: Sequence[Split],
    split: Split,
) -> BadInput:
    """Classes enough, but of too few images."""
    needed = sizes.shots + sizes.queries
    counts = {s: sorted(map(pool.count, divided[s]), reverse=True) for s in splits}
    problem = marked(
        "{0} of the {1} classes of the {2} split have the {3} images that {4} shots and {5} "
        "queries need; {6}-way needs {6} such classes"
    ).format(
        sum(count >= needed for count in counts[split]), len(counts[split]), split,
        needed, sizes.shots, sizes.queries, sizes.ways,
    )  # fmt: skip
    enough = all(len(found) >= sizes.ways for found in counts.values())
    most = min(found[sizes.ways - 1] for found in counts.values()) if enough else 0
    fewest = min(sum(count >= needed for count in found) for found in counts.values())
    remedies = [_fewer_images(most), _fewer_ways(fewest)]
    remedy = ". ".join(filter(None, remedies)) or marked("Give its classes more images")
    where = "task.shots" if most <= sizes.shots else "task.queries"
    return BadInput(where, problem, remedy, *of_at_most(most, sizes), *_with_ways(fewest))


def _fewer_images(most: int) -> str:
    if most < LEAST_IMAGES:
        return ""
    return marked("Use shots and queries that add up to at most {0}").format(most)


def _with_ways(most: int) -> tuple[Mend, ...]:
    return (Mend("task.ways", most),) if most >= LEAST_WAYS else ()


def _fewer_ways(most: int) -> str:
    return marked("Use at most {0} ways").format(most) if most >= LEAST_WAYS else ""
