"""A table of anybody's: what parts its cells is seen, and a fault is told by its row."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from workbench.core.errors import BadInput
from workbench.tasks.tables.numbers import number_in
from workbench.tasks.tables.table import Table, read_head, read_table


def table_of(tmp_path: Path, data: bytes | str) -> Table:
    file = tmp_path / "my table.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(file, "task.root")


ROWS = [("1", "0.5", "2.25"), ("1", "1.0", "-3.0")]
COMMAS = "id,x,y\n1,0.5,2.25\n1,1.0,-3.0\n"


@pytest.mark.parametrize(
    "data",
    [
        COMMAS,
        "\ufeff" + COMMAS.replace("\n", "\r\n"),
        COMMAS.replace("\n", "\r"),
        COMMAS.replace(",", "\t"),
        COMMAS.replace(",", "|"),
        COMMAS.replace(",", ";").replace(".", ","),
        COMMAS.encode("utf-16"),
        COMMAS.replace("\n", ",,\n\n"),
        '"id","x","y"\n"1","0.5","2.25"\n"1","1.0","-3.0"',
    ],
)
def test_usual_ways_to_write_a_table_are_read(tmp_path: Path, data: bytes | str) -> None:
    table = table_of(tmp_path, data)
    read = [[number_in(cell, table.decimal_comma) for cell in row.cells[:3]] for row in table.rows]
    assert read == [[float(cell) for cell in row] for row in ROWS]
    assert table.names[:3] == ("id", "x", "y") and table.numeric >= {"id", "x", "y"}


def test_without_names_columns_are_numbered(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,1,2\nb,3,4\n")
    assert not table.headed and len(table.rows) == 2
    assert table.names == ("column 1", "column 2", "column 3")
    assert table.numeric == {"column 2", "column 3"}


def test_names_that_stand_twice_or_not_at_all_are_told_apart(tmp_path: Path) -> None:
    table = table_of(tmp_path, "x,x (2),,x\n1,2,3,4\n")
    assert table.names == ("x", "x (2)", "column 3", "x (2)'")
    assert "Columns of one name" in table.notes[0]


def test_ragged_rows_are_left_out_counted_and_named(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert [row.number for row in table.rows] == [2, 5]
    assert table.notes == (
        "2 rows left out that do not have the 2 cells of the first row "
        "(row 3 has 1 cell; row 4 has 3 cells)",
    )


def test_an_older_spreadsheet_is_read_and_it_is_said(tmp_path: Path) -> None:
    table = table_of(tmp_path, "name,x\nM\xfcller \x80,1\n".encode("latin-1"))
    assert table.rows[0].cells[0] == "Müller €" and "Windows-1252" in table.notes[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("x,y\n", "holds no rows"),
        ("x,y\n1\n", "row 2, has 1 cell where 2 have names"),
        (b"x,y\n1,\0\n", "row 2, holds a zero byte"),
        ("x,y\n1," + "9" * 200_000 + "\n", "row 2, is no row (field larger"),
        ("1," * 20_000, "more than 10,000 columns"),
        (b"\x81\x8d\n", "is no text"),
        ('x,y\n1,2\n3,"4\n5,6\n', "row 3, has a quote that is not closed where its cell ends"),
        ('x,y\n3,"4\n5,"6\n7,8\n', "row 2, has a quote that is not closed where its cell ends"),
        ('x,y\n1,2\n3,"4', "row 3, has a quote that is not closed where its cell ends"),
    ],
)
def test_what_is_no_table_is_refused_with_its_row(
    tmp_path: Path, data: bytes | str, words: str
) -> None:
    with pytest.raises(BadInput) as caught:
        table_of(tmp_path, data)
    assert words in str(caught.value) and caught.value.where == "task.root"
    assert "my table.csv" in str(caught.value)


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    table = table_of(tmp_path, COMMAS)
    with pytest.raises(BadInput, match="no column 'z'; its columns are id, x, y") as caught:
        table.column("z", "task.input_columns")
    assert [mend.value for mend in caught.value.mends] == ["id", "x", "y"]


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [("1.5", True, 1.5), ("1,5", True, 1.5), (" 2 ", False, 2.0), ("1e-3", False, 1e-3)],
)
def test_a_number_in_either_way(cell: str, comma: bool, value: float) -> None:
    assert number_in(cell, comma) == value


@pytest.mark.parametrize("cell", ["1,5", "1_0", "٣", "", "nan", "1e999", "1.234,5", "0x10"])
def test_what_is_no_finite_number_is_quoted(cell: str) -> None:
    with pytest.raises(ValueError, match=r"^is '"):
        number_in(cell, decimal_comma=False)


def test_quotes_that_are_closed_or_stand_within_a_cell_are_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'x,y\n1,"a\nb"\n2,"say ""hi"""\n3,5" pipe\n4,"a "q" b"\n')
    assert [row.cells[1] for row in table.rows] == ["a\nb", 'say "hi"', '5" pipe', 'a q" b"']


def test_the_head_of_a_long_table_is_read_alone(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_bytes(("x;ü\n" + "1,5;é\n" * 200_000).encode())
    head = read_head(file, "task.root", 5)
    assert len(head.rows) == 5 and head.delimiter == ";" and head.names == ("x", "ü")


def test_bytes_of_any_kind_are_a_table_or_a_sentence(tmp_path: Path) -> None:
    draws = random.Random(0)
    for _ in range(300):
        data = bytearray(COMMAS.encode() * 3)
        for _ in range(draws.randint(1, 9)):
            data[draws.randrange(len(data))] = draws.randrange(256)
        file = tmp_path / "my table.csv"
        file.write_bytes(data[: draws.randint(1, len(data))])
        for read in (read_table, lambda path, where: read_head(path, where, 3)):
            try:
                table = read(file, "task.root")
            except BadInput as error:
                assert str(error).count("\n") == 0
            else:
                assert all(len(row.cells) == len(table.names) for row in table.rows)
