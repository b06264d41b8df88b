"""Tables are left-aligned and never wider than the terminal; names stay whole to be copied."""

from __future__ import annotations

import pytest

from workbench import terminal
from workbench.cli.table import print_table

NAME = "20261126-221307-maml-e549"
ROWS = [
    (NAME, "completed", "", "a long sentence " * 12),
    ("short", "stopped", "", "two\nlines"),
]
HEADER = ("name", "status", "nothing", "what it says")


def printed(capsys: pytest.CaptureFixture[str], rows: list[tuple[str, ...]] = ROWS) -> list[str]:
    print_table(HEADER, rows)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [40, 80, 120, 300])
def test_no_line_is_wider_than_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = printed(capsys)
    assert max(map(len, lines)) <= width
    words = " ".join(" ".join(lines).split())
    assert words.count("sentence") == 12 and "two" in words


def test_columns_are_left_aligned_and_an_empty_one_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = printed(capsys)
    start = lines[0].index("status")
    assert lines[0].startswith("name") and "nothing" not in lines[0]
    assert lines[1].startswith(NAME) and lines[1][start:].startswith("completed")
    assert any(line.startswith("short") and line[start:].startswith("stopped") for line in lines)


def test_piped_output_has_a_width_of_its_own_and_no_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = printed(capsys)
    assert max(map(len, lines)) <= terminal.PIPED_WIDTH
    assert "".join(lines).isascii() and "\x1b" not in "".join(lines)


@pytest.mark.parametrize("told", ["", "0", "-3", "wide", "²"])
def test_columns_that_are_no_number_are_not_believed(
    told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert terminal.width() == terminal.PIPED_WIDTH


def test_markup_and_control_characters_of_a_name_are_only_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [("[red]:smile:", "a\x1b[2Jb", "", "\udcff")]
    assert printed(capsys, rows)[1].split() == ["[red]:smile:", "a\\x1b[2Jb", "\\xff"]
