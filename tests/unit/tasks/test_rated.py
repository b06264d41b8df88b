"""Tasks of ratings: users are split, nothing is learned of held-out ones; four states, floors."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.unit.tasks.rated_kit import own, rows, write
from workbench.core.errors import BadInput
from workbench.core.findings import Finding, found_in
from workbench.core.seeds import generator
from workbench.core.task import SPLITS, Split
from workbench.tasks.rated.pool import RatedBatch
from workbench.tasks.rated.rated_task import RatedTask, Rating
from workbench.tasks.ratings import OwnRatings
from workbench.tasks.split_record import KEPT, NOT_OF_THIS

EVERY: list[Split] = list(SPLITS)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("rated") / "own.csv", rows())


@pytest.fixture(scope="module")
def family(file: Path) -> OwnRatings:
    return own(file)


def draws(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def task(family: OwnRatings, split: Split = "test", seed: int = 0) -> RatedTask:
    return family.sample(split, draws(seed))


def test_no_user_stands_in_two_splits_and_a_new_one_moves_no_other(
    file: Path, family: OwnRatings, tmp_path: Path
) -> None:
    assert all(family.users[split] for split in EVERY)
    assert not any(set(family.users[a]) & set(family.users[b]) for a, b in combinations(EVERY, 2))
    more = own(
        write(
            tmp_path / "more.csv", [*rows(), *((f"new{u}", *r) for u, r in enumerate([("i1", 3)]))]
        )
    )
    names = [family.pool.table.users[u] for u in sorted(family.users["val"])]
    again = {more.pool.table.users[u] for u in more.users["val"]}
    assert set(names) <= again | {"new0"} or len(set(names) - again) <= 1


def test_a_task_is_one_user_of_its_split_and_no_item_stands_twice(family: OwnRatings) -> None:
    for split in EVERY:
        for seed in range(20):
            drawn = task(family, split, seed)
            assert drawn.user in family.users[split]
            items = [rating.item for rating in (*drawn.support, *drawn.query)]
            assert len(set(items)) == len(items) == 8
            known = dict(
                zip(*(t.tolist() for t in family.pool.table.rated(drawn.user)), strict=True)
            )
            assert all(known[r.item] == r.stars for r in (*drawn.support, *drawn.query))


def test_one_by_one_and_together_the_same_tasks_are_drawn(family: OwnRatings) -> None:
    together = family.episodes("test", 3, draws(5))
    source = draws(5)
    for place in range(3):
        alone = family.sample("test", source).episode()
        assert torch.equal(alone.support.x, together.support.x[place])
        assert torch.equal(alone.query.y, together.query.y[place])


def test_ratings_of_held_out_users_change_nothing_that_is_fitted(
    file: Path, family: OwnRatings, tmp_path: Path
) -> None:
    held = {family.pool.table.users[u] for s in ("val", "test") for u in family.users[s]}  # type: ignore[index]
    changed = [(u, i, 6 - s if u in held else s) for u, i, s in rows()]
    other = own(write(tmp_path / "other.csv", changed))
    assert torch.equal(other.pool.means, family.pool.means)
    assert torch.equal(other.pool.of_items, family.pool.of_items)
    seen = [(u, i, s if u in held else 6 - s) for u, i, s in rows()]
    assert not torch.equal(own(write(tmp_path / "seen.csv", seen)).pool.means, family.pool.means)


@pytest.mark.parametrize(
    ("state", "new_users", "new_items"),
    [
        ("new_users", True, False),
        ("new_items", False, True),
        ("new_both", True, True),
        ("known_both", False, False),
    ],
)
def test_the_four_states(file: Path, state: str, new_users: bool, new_items: bool) -> None:
    family = own(file, state=state, cold_items=0.35, shots=3, queries=2)
    assert family.seen_classes != new_users
    for seed in range(20):
        trained = task(family, "train", seed)
        assert not any(family.cold[r.item] for r in (*trained.support, *trained.query))
        drawn = task(family, "test", seed)
        assert (drawn.user in family.users["train"]) != new_users
        assert all(bool(family.cold[r.item]) == new_items for r in drawn.query)
        assert not any(family.cold[r.item] for r in drawn.support)
    assert (family.pool.means[family.cold] == family.pool.overall).all()
    assert (family.pool.of_items[family.cold, :2] == 0).all(), "nobody rated them: no factors"


def test_new_items_need_some_that_are_kept_out(file: Path) -> None:
    with pytest.raises(BadInput, match=r"task\.cold_items") as found:
        own(file, state="new_items")
    assert found.value.mends[0].value == 0.2


def test_users_with_too_few_ratings_are_left_out_and_counted(tmp_path: Path) -> None:
    few = [(f"few{user}", f"i{n}", 3) for user in range(5) for n in range(3)]
    family = own(write(tmp_path / "few.csv", [*rows(), *few]))
    (told,) = found_in(family.notes())
    assert "5 users of fewer than 8 ratings left out" in told
    for split in EVERY:
        drawn = (task(family, split, seed).user for seed in range(30))
        assert not any(family.pool.table.users[user].startswith("few") for user in drawn)
    with pytest.raises(
        BadInput, match=r"no user of the \w+ split has 2000 ratings; the most are 14"
    ):
        family.varied(shots=1000, queries=1000)


def test_floors_are_those_counted_by_hand(family: OwnRatings) -> None:
    drawn = task(family)
    episode = family.episodes("test", 1, draws(0))
    assert isinstance(episode.support, RatedBatch)
    found = {name: float(value) for name, value in family.bounds(episode).items()}
    means = family.pool.means.tolist()
    above = [r.stars - means[r.item] for r in drawn.support]
    shift, mine = sum(above) / (4 + 4), sum(r.stars for r in drawn.support) / 4

    def error(told: Any) -> float:
        return sum(abs(min(max(told(r), 1), 5) - r.stars) for r in drawn.query) / 4

    wanted = {
        "item mean + user shift": error(lambda r: means[r.item] + shift),
        "mean of the item": error(lambda r: means[r.item]),
        "mean of the user": error(lambda r: mine),
        "mean of all": error(lambda r: family.pool.overall),
    }
    assert found == {name: pytest.approx(value, abs=1e-5) for name, value in wanted.items()}


def test_it_is_edited_by_hand_and_kept_in_a_scene(family: OwnRatings) -> None:
    drawn = task(family)
    asked = drawn.query[0].item
    added = drawn.with_added(asked, 2.0)
    assert added.support[-1] == (asked, 2.0) and asked not in {r.item for r in added.query}
    assert len(added.without((0, 0)).support) == 4
    changed = added.with_stars(1, 5.0)
    again = family.task_from_json(changed.to_json(), "test")
    assert (again.support, again.query, again.user) == (
        changed.support,
        changed.query,
        changed.user,
    )
    for bad in (lambda: drawn.with_added(drawn.support[0].item, 3), lambda: drawn.with_stars(0, 9)):
        with pytest.raises(BadInput):
            bad()
    alone = drawn
    for _ in range(3):
        alone = alone.without((0, 0))
    with pytest.raises(BadInput, match="nothing to adapt to"):
        alone.without((0, 0))


def test_of_a_person_of_ones_own_nothing_is_known(family: OwnRatings) -> None:
    mine = task(family).yourself([Rating(3, 5.0), Rating(4, 1.0)])
    episode = mine.episode()
    assert not mine.known and episode.query.y.isnan().all() and mine.yours
    assert not family.bounds(family_stack(episode))
    values = mine.to_json()
    assert values["user"] is None and all(stars is None for _, stars in values["query"])
    again = family.task_from_json(values, "test")
    assert again.support == mine.support and math.isnan(again.query[0].stars)
    assert again.another_support(draws()) is again


def family_stack(episode: Any) -> Any:
    from workbench.core.episode import stack

    return stack([episode])


def test_locked_ratings_stay_and_the_others_are_drawn_anew(family: OwnRatings) -> None:
    drawn = task(family)
    other = drawn.redrawn(drawn, {(0, 2)}, generator(1))
    assert other.support[2] == drawn.support[2] and other.query == drawn.query
    assert len(other.support) == 4
    assert not {r.item for r in other.support} - {drawn.support[2].item} & {
        r.item for r in drawn.support
    }
    assert not {r.item for r in other.support} & {r.item for r in drawn.query}


@pytest.mark.parametrize(
    "values",
    [
        {"user": 10**6, "support": [[0, 3]], "query": [[1, 3]]},
        {"user": None, "support": [[0, None]], "query": [[1, 3]]},
        {"user": None, "support": [[0, 3]], "query": [[0, 3]]},
        {"user": None, "support": [[0, 9]], "query": [[1, 3]]},
        {"user": None, "support": [[999, 3]], "query": [[1, 3]]},
        {"user": None, "support": [[0.5, 3]], "query": [[1, 3]]},
        {"user": None, "support": [[None, 3]], "query": [[1, 3]]},
        {"user": None, "support": [], "query": [[1, 3]]},
        {"user": None, "support": [[0, 3]], "query": [[1, 3]], "more": 1},
    ],
)
def test_a_scene_from_elsewhere_is_refused_in_words(family: OwnRatings, values: Any) -> None:
    with pytest.raises(BadInput, match="task"):
        family.task_from_json(values, "test")


def test_users_stay_in_the_splits_of_their_run_when_others_come(tmp_path: Path) -> None:
    file = write(tmp_path / "own.csv", rows())

    def users(family: OwnRatings) -> dict[str, set[str]]:
        return {split: set(info.class_names) for split, info in family.splits().items()}

    first = own(file)
    record, before = first.settled()["record"], users(first)
    gone = min(before["test"])
    stayed = [row for row in rows() if row[0] != gone]
    came = [(f"new {user}", item, stars) for user, item, stars in stayed]
    write(file, stayed + came)
    again = own(file, record=record)
    before["test"] -= {gone}
    assert users(again) == before
    assert f"1 user is gone ({gone})" in again.departures()
    assert "29 users are new and in no split (see task.arrived)" in again.departures()
    assert KEPT in again.notes()
    trained = users(own(file, record=record, arrived="train"))
    assert trained["train"] == before["train"] | {user for user, _, _ in came}
    assert trained["test"] == before["test"]
    other = own(file, record=record, split_seed=1)
    assert not other.departures() and Finding(NOT_OF_THIS) in other.notes()
