"""Tables of ratings as people have them: what is wrong is named and counted, the rest is used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.conftest import DATA
from tests.unit.tasks.rated_kit import EACH, USERS, own, rows, write
from workbench.core.errors import BadInput, Missing
from workbench.core.findings import found_in
from workbench.core.registry import get
from workbench.tasks.own.recognised import recognised
from workbench.tasks.rated.columns import settings_of
from workbench.tasks.rated.facts import fitted
from workbench.tasks.rated.table import Facts

ML = DATA.parent / "ml-100k" / "ml-100k.inter"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("a,i1", "row 422 has 2 cells"),
        ("a,i1,9", "the rating is not on the scale from 1 to 5"),
        ("a,i1,-1", "the rating is not on the scale from 1 to 5"),
        ("a,i1,nan", "no rating"),
        ("a,i1,", "no rating"),
        ("a,i1,inf", "the rating is no number"),
        ("a,i1,good", "the rating is no number"),
        ("a,i1,1_0", "the rating is no number"),
        (",i1,3", "no user or no item"),
        ("u0,i0,3", "the same user rates the same item again below"),
    ],
)
def test_a_row_that_cannot_be_used_is_counted(tmp_path: Path, row: str, told: str) -> None:
    file = write(tmp_path / "own.csv", rows())
    file.write_text(f"{file.read_text(encoding='utf-8')}{row}\n", encoding="utf-8")
    family = own(file)
    (found,) = found_in(family.notes())
    assert told in found and "1 row left out" in found
    assert len(family.pool.table.stars) == USERS * EACH


def test_the_last_of_two_ratings_counts(tmp_path: Path) -> None:
    table = own(write(tmp_path / "own.csv", [*rows(), ("u0", "i0", 4)])).pool.table
    items, stars = table.rated(table.users.index("u0"))
    assert stars[items == table.items.index("i0")].tolist() == [4.0]


def as_semicolons(text: str) -> bytes:
    """Semicolons and decimal commas, as a spreadsheet of half of Europe writes them."""
    return text.replace(",", ";").replace(".0", ",0").encode()


@pytest.mark.parametrize(
    "written",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.encode("utf-16"),
        as_semicolons,
    ],
    ids=["mark", "line ends", "tabs", "utf-16", "semicolons and decimal commas"],
)
def test_however_it_is_written_the_ratings_are_the_same(tmp_path: Path, written: Any) -> None:
    rated = [(u, i, f"{s}.0") for u, i, s in rows()]
    plain = write(tmp_path / "plain.csv", rated)
    other = tmp_path / "other.csv"
    other.write_bytes(written(plain.read_text(encoding="utf-8")))
    first, second = own(plain), own(other)
    assert not found_in(second.notes())
    assert torch.equal(first.pool.table.stars, second.pool.table.stars)
    assert first.pool.table.items == second.pool.table.items


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ("", "task.root", "is empty"),
        ("userId,itemId,rating\n", "task.root", "holds no rows"),
        ("userId,itemId,rating\na,b,7\n", "task.root", "no rating that can be used"),
        ("who,what,how\na,b,3\n", "task.user_column", "who, what, how"),
        ("userId,itemId,rating\na,b,3\n", "task.shots", "the most are"),
        ("userId,itemId,rating\n\0,b,3\n", "task.root", "zero byte"),
        ('userId,itemId,rating\n"a,b,3\n', "task.root", "row 2, has a quote that is not closed"),
    ],
)
def test_what_holds_no_ratings_is_refused_at_the_field(
    tmp_path: Path, content: str, where: str, what: str
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as found:
        own(file)
    assert found.value.where == where and what in str(found.value)


def test_no_file_and_a_scale_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no file is chosen"):
        own(Path())
    with pytest.raises(BadInput, match="cannot be read"):
        own(tmp_path / "none.csv")
    file = write(tmp_path / "own.csv", rows())
    with pytest.raises(BadInput, match=r"task\.highest"):
        own(file, lowest=5, highest=1)


def test_columns_of_other_names_and_other_scales(tmp_path: Path) -> None:
    table = [(s / 5, i, "x", u) for u, i, s in rows()]
    file = write(tmp_path / "own.csv", table, "mark,thing,note,person")
    named = {"user_column": "person", "item_column": "thing", "rating_column": "mark"}
    family = own(file, lowest=0, highest=1, **named)
    assert family.scale == (0.0, 1.0) and len(family.pool.table.stars) == USERS * EACH
    with pytest.raises(BadInput, match="more than one thing"):
        own(file, **{**named, "item_column": "person"})
    params = get("task", "ratings").params(root=str(file), user_column="person")
    found = params.columns(("movieId", "person", "stars", "timestamp"), frozenset())
    assert found["user_column"] == ("person",) and found["item_column"] == ("movieId",)


def test_tables_of_items_and_users_are_read_and_what_is_amiss_in_them_is_told(
    tmp_path: Path,
) -> None:
    file = write(tmp_path / "own.csv", rows())
    items = [
        (f"i{n}", f"Film {n // 2}", 1950 + n, "fun|sad" if n % 2 else "fun") for n in range(22)
    ]
    again = ("i4", "Not Film 2", 1, "fun")
    item_table = write(tmp_path / "items.csv", [*items, again], "itemId,title,year,genres")
    users = [(f"u{n}", "fm"[n % 2], n) for n in range(USERS)]
    user_table = write(tmp_path / "users.csv", [*users, ("u1",)], "userId,sex,age")
    family = own(file, features=16, item_table=str(item_table), user_table=str(user_table))
    table, names = family.pool.table, family.pool.columns
    assert {"Film 3 (1)", "Film 3 (2)", "i23"} <= set(table.items)
    assert {"year", "genres sad", "sex f", "sex m", "age"} <= set(names)
    assert "genres fun" not in names, "what every item has tells none from another"
    told = " ".join(found_in(family.notes()))
    assert "items.csv: 1 row of what an earlier row tells of, left out" in told
    assert "Film 2 (1)" in table.items and "Not Film 2" not in table.items
    assert "items.csv says nothing of 2 of the 24" in told and "users.csv: 1 row left out" in told
    assert settings_of(file) == {
        "root": str(file),
        "item_table": str(item_table),
        "user_table": str(user_table),
    }


def test_facts_are_fitted_to_meta_training_alone() -> None:
    kinds = tuple((kind,) for kind in ("a", "a", "b", "c"))
    numbers = tuple((str(n),) for n in range(20))
    found = fitted(Facts({"kind": kinds}), (0, 1, 2))
    assert {column.kind for column in found.columns} == {"a", "b"}
    (year,) = fitted(Facts({"year": numbers}), range(15)).columns
    assert year.mean == 7.0 and year.of(("7",)) == 0.0 and year.of(()) == 0.0
    assert year.of(("1e9",)) == 3.0, "beyond three spreads all are alike"
    codes = tuple((f"0{n}",) for n in range(200))
    assert fitted(Facts({"zip": codes}), range(200)).left_out == ("zip",)


def test_a_dropped_table_of_ratings_is_recognised(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", rows())
    assert recognised(file).family == "ratings"


@pytest.mark.skipif(not ML.exists(), reason="MovieLens 100K does not lie beside the project")
def test_movielens_has_the_floors_that_are_known_of_it() -> None:
    family = own(
        ML,
        shots=8,
        queries=10,
        features=64,
        **{k: v for k, v in settings_of(ML).items() if k != "root"},
    )
    assert len(family.pool.table.users) == 943 and len(family.pool.table.items) == 1682
    assert "Toy Story" in family.pool.table.items
    bounds = family.bounds(family.episodes("test", 400, torch.Generator().manual_seed(0)))
    means = {name: float(value.mean()) for name, value in bounds.items()}
    shifted = means["item mean + user shift"]
    assert shifted == pytest.approx(0.785, abs=0.05), "243 users, whose interval is 0.026"
    assert means["mean of the item"] - shifted == pytest.approx(0.044, abs=0.02)
    assert means["mean of all"] - shifted == pytest.approx(0.153, abs=0.04)
