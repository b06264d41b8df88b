"""A CSV of points from anywhere: read, or refused at once with the row."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from workbench.core.errors import BadInput
from workbench.tasks.curve_file import MAX_POINTS, read_points


def points_of(tmp_path: Path, data: bytes | str) -> list[tuple[float, float]]:
    file = tmp_path / "my points.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_points(file)


@pytest.mark.parametrize(
    "text",
    [
        "1.5,-0.3\n2,1e-1\n",
        "x,y\n1.5,-0.3\n2,1e-1",
        "\ufeffX, Y\r\n1.5,-0.3\r\n\r\n2,1e-1\r\n",
        '"1.5","-0.3"\n 2 , 1e-1\n',
        "time,value\n1.5,-0.3\n2,1e-1\n",
        "1.5;-0.3\n2;1e-1\n",
        "Zeit;Wert\r\n1,5;-0,3\r\n2;0,1\r\n",
        "1.5\t-0.3\n2\t0.1\n",
        "x\ty\n\n1,5\t-0,3\n2\t0,1\n",
    ],
)
def test_usual_ways_to_write_points_are_read(tmp_path: Path, text: str) -> None:
    assert points_of(tmp_path, text) == [(1.5, -0.3), (2.0, 0.1)]


def test_a_point_may_stand_twice(tmp_path: Path) -> None:
    assert len(points_of(tmp_path, "1,2\n1,2\n")) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "holds no points"),
        ("x,y\n", "holds no points"),
        ("1,2\n3\n", "row 2: has 1 cell, not x and y"),
        ("1,2\n\n3,4,5\n", "row 3: has 3 cells"),
        (
            "1.5,2\n1.5;-0.3\n",
            "row 2: has 1 cell, not x and y. Separate the cells of all rows alike",
        ),
        ("1.5;2\n1,5;0,3;1\n", "row 2: has 3 cells"),
        ("x;y\n1.5;2\n1.5;1,000.5\n", "row 3: y is '1,000.5', not a number"),
        ("1,5,0,3\n", "Write decimals with a point"),
        ("x,y\ntwo,three\n", "row 2: x is 'two', not a number"),
        ("1,2\n1,nan\n", "row 2: y is 'nan', which is not finite"),
        ("1e999,2\n", "row 1: x is '1e999', which is not finite"),
        ("1e7,2\n", "beyond a million"),
        ("1,two\n", "y is 'two', not a number"),
        ("1_0,2\n", "x is '1_0', not a number"),
        ("١,2\n", "not a number"),
        ("1," + "9" * 5000, "row 1: y is '9999"),
        ("1," + "9" * 200_000, "field larger than field limit"),
        (b"1,2\n3,\0004\n", "row 2, holds a zero byte"),
        (b"1,2\n\xff,4\n", "is not UTF-8 text"),
        ('"' + "1,2\n" * 100, "row 1, has a quote that is not closed"),
        ("1,2\n" * (MAX_POINTS + 1), "holds more than 10,000 points"),
        ("1," * 500_000, "has more than 10,000 columns"),
    ],
)
def test_a_fault_is_named_with_its_row(tmp_path: Path, data: bytes | str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        points_of(tmp_path, data)
    assert words in str(caught.value)
    assert "my points.csv" in caught.value.where and len(str(caught.value)) < 400


def test_two_million_rows_end_at_once(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_bytes(b"1.5,-0.3\n" * 2_000_000)
    start = time.process_time()
    with pytest.raises(BadInput, match="at most 10,000 rows"):
        read_points(file)
    assert time.process_time() - start < 1
