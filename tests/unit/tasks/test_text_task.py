"""A task of sentences by hand: every edit gives a new task, and no sentence stands twice."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.unit.tasks.text_kit import own, pairs, write_csv, write_json
from workbench.core.errors import BadInput
from workbench.tasks.text import OwnText
from workbench.tasks.texts.pool import Known, Typed
from workbench.tasks.texts.text_task import TextTask

DRAWS = torch.Generator


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> OwnText:
    classes = [f"class {number}" for number in range(16)]
    file = write_csv(tmp_path_factory.mktemp("text") / "a.csv", pairs(classes, 8))
    return own(file, ways=3, shots=2, val_share=0.3, test_share=0.3)


@pytest.fixture
def task(family: OwnText) -> TextTask:
    return family.draw("test", 0)  # type: ignore[return-value]


def test_what_is_in_it(task: TextTask) -> None:
    assert task.title == "3-way 2-shot"
    assert task.slots == {(way, shot) for way in range(3) for shot in range(2)}
    for way in range(3):
        name = task.class_title(way)
        assert all(name in text for text in task.support_texts[way] + task.query_texts[way])
    episode = task.episode()
    assert episode.support.y.tolist() == [0, 0, 1, 1, 2, 2]
    assert torch.allclose(episode.support.x.norm(dim=1), torch.ones(6))


def test_word_shares_add_up_to_the_input(task: TextTask) -> None:
    text = task.support_texts[1][0]
    shares = task.word_features(text)
    assert shares is not None and len(shares) == len(task.parts(text)) == 5
    torch.testing.assert_close(shares.sum(0), task.episode().support.x[2])
    words = [text[start:end] for start, end in task.parts(text)]
    assert words[:2] == ["Say", "class"]


def test_a_sentence_is_written_anew(task: TextTask) -> None:
    edited = task.with_item((1, 0), "  Quite\tanother \n one ")
    assert edited.support[1][0] == Typed("Quite another one")
    assert task.support_texts[1][0] != edited.support_texts[1][0]
    changed = (edited.episode().support.x != task.episode().support.x).any(1)
    assert changed.tolist() == [False, False, True, False, False, False]
    same = edited.with_item((1, 0), task.support_texts[1][0])
    assert same.support == task.support and isinstance(same.support[1][0], Known)


def test_classes_may_have_different_numbers(task: TextTask) -> None:
    edited = task.with_added(2, "One more of them").without((0, 1)).without((1, 0))
    assert edited.title == "3-way 1 to 3-shot"
    assert edited.episode().support.y.tolist() == [0, 1, 2, 2, 2]
    with pytest.raises(BadInput, match=r"class 1 \(class \d+\): would have no support"):
        edited.without((0, 0))


def test_a_query_sentence_of_ones_own(task: TextTask) -> None:
    asked = task.with_query_sentence(2, "Which class is this?")
    assert asked.episode().query.y.tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert asked.query_texts[2][-1] == "Which class is this?"
    assert asked.without_query((2, 2)).query == task.query
    bare = task
    for way, count in ((0, 2), (1, 2), (2, 1)):
        for _ in range(count):
            bare = bare.without_query((way, 0))
    with pytest.raises(BadInput, match="Query set: would be empty"):
        bare.without_query((2, 0))


def test_what_stands_in_the_task_cannot_be_written_again(task: TextTask) -> None:
    asked, shown = task.query_texts[2][0], task.support_texts[0][1]
    edits = (
        (
            lambda: task.with_item((1, 0), asked.upper()),
            "support sentence 1 of class 2",
            "query",
        ),
        (lambda: task.with_added(1, f"{asked}!"), "support sentence 3 of class 2", "query"),
        (lambda: task.with_added(1, shown), "support sentence 3 of class 2", "support"),
        (lambda: task.with_query_sentence(1, shown), "query sentence 3 of class 2", "support"),
    )
    for edit, where, name in edits:
        with pytest.raises(BadInput, match=rf"{where} \(class \d+\): already stands in the {name}"):
            edit()


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "no word"), (" \t", "no word"), ("?!", "no word"), ("x" * 2001, "2,000 characters")],
)
def test_what_is_no_sentence_is_refused(task: TextTask, text: str, problem: str) -> None:
    with pytest.raises(BadInput, match=rf"class 1 \(class \d+\): .*{problem}"):
        task.with_item((0, 0), text)


def test_a_new_draw_leaves_what_is_locked(family: OwnText, task: TextTask) -> None:
    task = task.with_item((1, 1), "Written by hand")
    fresh = family.draw("test", 5)
    again = task.redrawn(fresh, [(1, 1)], DRAWS().manual_seed(0))
    assert again.support[1][1] == Typed("Written by hand")
    assert again.classes[1] == task.classes[1] and again.query[1] == task.query[1]
    texts = [t for rows in (again.support_texts, again.query_texts) for row in rows for t in row]
    assert len(set(texts)) == len(texts) == 12 and len(set(again.classes)) == 3
    free = task.redrawn(fresh, [], DRAWS().manual_seed(0))
    assert free.classes == fresh.classes  # type: ignore[attr-defined]


def test_another_support_keeps_the_query_set(task: TextTask) -> None:
    other = task.another_support(DRAWS().manual_seed(1))
    assert other.query == task.query and other.classes == task.classes
    assert other.support != task.support
    assert all(task.class_title(w) in t for w in range(3) for t in other.support_texts[w])


def test_candidates_stand_in_neither_set(task: TextTask) -> None:
    texts = {task.pool.text(entry) for entry in task.candidates(0)}
    assert len(texts) == 4
    assert not texts & {*task.support_texts[0], *task.query_texts[0]}


def test_classes_come_and_go(family: OwnText, task: TextTask) -> None:
    wider = task.with_class(family.classes["test"], DRAWS().manual_seed(0))
    assert len(set(wider.classes)) == 4 and wider.title == "4-way 2-shot"
    assert family.fitting(wider).spec.outputs == 4
    assert wider.without_class(3).classes == task.classes
    two = task.without_class(0)
    with pytest.raises(BadInput, match="two are the least"):
        two.without_class(0)


def test_support_files_a_class(task: TextTask, tmp_path: Path) -> None:
    files = []
    for way in range(3):
        files.append(tmp_path / f"{way}.txt")
        files[-1].write_text("\n".join(f"Own {way} {n}" for n in range(way + 1)), encoding="utf-8")
    edited = task.with_support_files(files)
    assert edited.support_texts[2] == ("Own 2 0", "Own 2 1", "Own 2 2")
    assert edited.title == "3-way 1 to 3-shot" and edited.query == task.query


def test_a_support_table_names_the_classes(task: TextTask, tmp_path: Path) -> None:
    rows = [(f"Own {way}", task.class_title(way)) for way in (2, 0, 1)]
    edited = task.with_support_files([write_csv(tmp_path / "s.csv", rows)])
    assert edited.support_texts == (("Own 0",), ("Own 1",), ("Own 2",))


def test_support_files_that_cannot_be(task: TextTask, tmp_path: Path) -> None:
    good, empty, asked = (tmp_path / f"{name}.txt" for name in ("good", "empty", "asked"))
    good.write_text("Something", encoding="utf-8")
    empty.write_text("\n", encoding="utf-8")
    asked.write_text(task.query_texts[0][0], encoding="utf-8")
    table = write_csv(tmp_path / "s.csv", [("Own", "no such class")])
    for files, message in (
        ([good], "--support: 1 files were given, and the task has 3 classes"),
        ([good, empty, good], "--support: there is no sentence of class"),
        ([good, tmp_path / "gone.txt", good], "gone.txt: cannot be read"),
        ([good, good, good], r"support sentence 1 of class 2 .* already stands in the support"),
        ([good, asked, empty], "--support: there is no sentence|already stands in the query"),
        ([table], "s.csv: 'no such class' is no class of the task"),
        ([table, good, good], "is a table, and stands beside other files"),
    ):
        with pytest.raises(BadInput, match=message):
            task.with_support_files(files)


def test_a_scene_holds_it(family: OwnText, task: TextTask) -> None:
    edited = task.with_added(0, "Written").with_query_sentence(1, "Asked")
    values = edited.to_json()
    again = family.task_from_json(values, "test")
    assert (again.classes, again.support, again.query) == (
        edited.classes,
        edited.support,
        edited.query,
    )


def test_a_sentence_of_another_class_can_be_asked_and_kept(family: OwnText, task: TextTask) -> None:
    other = family.pool.corpus.text(family.classes["train"][0], 0)
    asked = task.with_query_sentence(1, other).with_item((0, 0), f"{other} more")
    assert asked.query[1][-1] == Typed(other)
    assert family.task_from_json(asked.to_json(), "test").query_texts == asked.query_texts


def test_a_scene_that_no_hand_can_make_is_refused(family: OwnText, task: TextTask) -> None:
    good = task.to_json()
    first, other = good["support"][0], family.classes["train"][0]
    for field, value, message in (
        ("classes", [good["classes"][0]] * 3, "the same class"),
        ("classes", [other, *good["classes"][1:]], "no class of the test split"),
        ("classes", good["classes"][:2], "has 2 classes, 3 support"),
        ("classes", "abc", "task: classes"),
        ("support", [[], *good["support"][1:]], r"task\.support\[0\]: is empty"),
        ("support", [[*first, first[0]], *good["support"][1:]], "the same sentence as"),
        ("support", [[*first, [0, 99]], *good["support"][1:]], "no sentence 99 of class 0"),
        ("support", [[*first, [0, -1]], *good["support"][1:]], "task: support"),
        ("support", [["two\nlines"], *good["support"][1:]], "no sentence on one line"),
        ("support", [["?"], *good["support"][1:]], "no sentence on one line"),
        ("query", [good["query"][1], good["query"][0], good["query"][2]], "is not of class 1"),
        ("query", [[], [], []], r"task\.query: is empty"),
        ("more", 1, "more is no part of it"),
    ):
        with pytest.raises(BadInput, match=message):
            family.task_from_json({**good, field: value}, "test")


def test_json_is_plain(task: TextTask, tmp_path: Path) -> None:
    write_json(tmp_path / "task.json", task.with_added(0, "Plain ✨").to_json())
