"""The queue on the disk: its order, what damages it, and who may change it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.tiny import tiny_config
from workbench.core.errors import BadInput
from workbench.experiments.queue.entry import State
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.work import MoreOfRun, NewRun, RaceOfMany, SearchOfMany
from workbench.experiments.race_terms import Terms
from workbench.experiments.runs import list_runs
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.reading import read_space

SEARCHED = ("algorithm.inner_rate=log:1e-3..1", "model.hidden=8,8/16,16")


@pytest.fixture
def queue(tmp_path: Path) -> ExperimentQueue:
    return ExperimentQueue(tmp_path)


def filled(queue: ExperimentQueue, count: int = 4) -> list[str]:
    return [queue.add(NewRun(tiny_config(training={"seed": n}))).id for n in range(count)]


def ids(queue: ExperimentQueue) -> list[str]:
    return [one.id for one in queue.entries()]


def test_what_is_added_stands_behind_the_others_or_in_front(queue: ExperimentQueue) -> None:
    one, two = filled(queue, 2)
    front = queue.add(NewRun(tiny_config()), first=True).id
    assert ids(queue) == [front, one, two]


def test_every_kind_of_work_comes_back_as_it_was(queue: ExperimentQueue, tmp_path: Path) -> None:
    config = tiny_config(algorithm={"inner_rate": 0.0123})
    works = (
        NewRun(config),
        NewRun(config, tmp_path / "weights.pt"),
        MoreOfRun(config, tmp_path / "run"),
        RaceOfMany(config, ("maml", "reptile"), (0, 7), Terms(arithmetic=True)),
        SearchOfMany(
            Plan(config, read_space(SEARCHED, config), "gp", "median", 7, seconds=2.5, cores=2)
        ),
    )
    for work in works:
        queue.add(work)
    again = ExperimentQueue(tmp_path).entries()
    assert [one.work for one in again] == list(works)
    assert {one.state for one in again} == {State.WAITING}


def test_moving_keeps_the_order_of_the_others_also_after_a_restart(
    queue: ExperimentQueue, tmp_path: Path
) -> None:
    a, b, c, d = filled(queue)
    queue.move(d, 0)
    assert ids(queue) == [d, a, b, c]
    queue.move(d, 2)
    assert ids(queue) == [a, b, d, c]
    queue.move(a, 99)
    assert ids(ExperimentQueue(tmp_path)) == [b, d, c, a]


def test_places_never_run_out(queue: ExperimentQueue) -> None:
    """Halving the room between two neighbours ends after some fifty times."""
    order = filled(queue, 3)
    for _ in range(60):
        order = [order[0], order[2], order[1]]
        queue.move(order[1], 1)
        assert ids(queue) == order


def test_what_is_removed_comes_back_where_it_stood(queue: ExperimentQueue) -> None:
    a, b, c = filled(queue, 3)
    removed = queue.remove(b)
    assert ids(queue) == [a, c]
    queue.put_back(removed)
    assert ids(queue) == [a, b, c]


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"place": NaN}', b"\xff\xfe", b"flip"])
def test_a_damaged_entry_says_why_and_hides_no_other(queue: ExperimentQueue, damage: bytes) -> None:
    a, b, c = filled(queue, 3)
    file = queue.folder / f"{b}.json"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"seed": 1', b'"seed": 3') if damage == b"flip" else damage)
    found = queue.entries()
    assert [one.id for one in found] == [a, c, b]
    assert found[-1].state is State.DAMAGED and str(file) in found[-1].told
    taken = [queue.take_next(), queue.take_next(), queue.take_next()]
    assert [one and one.id for one in taken[:2]] == [a, a], "taken again: nobody works on it"
    queue.remove(b)
    assert ids(queue) == [a, c]


def test_a_run_is_not_removed_or_moved_while_it_runs(queue: ExperimentQueue) -> None:
    (a,) = filled(queue, 1)
    with queue.worked_through():
        queue.take_next()
        for change in (queue.remove, lambda named: queue.move(named, 0)):
            with pytest.raises(BadInput, match="is running"):
                change(a)
    with pytest.raises(BadInput, match="is no entry"):
        queue.remove("../queue")


def test_one_works_through_it_at_a_time(queue: ExperimentQueue, tmp_path: Path) -> None:
    (a,) = filled(queue, 1)
    other = ExperimentQueue(tmp_path)
    with queue.worked_through():
        queue.take_next()
        assert other.entries()[0].state is State.RUNNING
        with pytest.raises(BadInput, match="worked through by process"), other.worked_through():
            raise AssertionError
    (left,) = other.entries()
    assert left.state is State.INTERRUPTED, "nobody works on it any more"
    with other.worked_through():
        again = other.take_next()
    assert again is not None and again.id == a


def test_changes_from_many_sides_lose_nothing(queue: ExperimentQueue, tmp_path: Path) -> None:
    work = NewRun(tiny_config())

    def add() -> None:
        mine = ExperimentQueue(tmp_path)
        for _ in range(5):
            mine.add(work)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = queue.entries()
    assert len(found) == 20 and len({one.place for one in found}) == 20


def test_the_queue_is_no_run(queue: ExperimentQueue, tmp_path: Path) -> None:
    filled(queue, 1)
    assert list_runs(tmp_path) == []
