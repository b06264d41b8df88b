"""Reading within limits: nothing but an ordinary file, and never a wait."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from workbench.core.errors import BadInput, printable
from workbench.core.files import parse_json, read_file, read_json, read_text, write_json


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(BadInput, match="is a pipe, not a file"):
        read_file(pipe, 10)


@pytest.mark.parametrize(("path", "kind"), [("/dev/zero", "a device"), ("/", "a folder")])
def test_only_files_are_read(path: str, kind: str) -> None:
    with pytest.raises(BadInput, match=f"is {kind}, not a file"):
        read_file(Path(path), 10)


def test_a_file_that_is_too_large_is_refused_with_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x" * 2001)
    with pytest.raises(BadInput, match="larger than 2 kB"):
        read_file(file, 2000)
    assert len(read_file(file, 2001)) == 2001


def test_the_field_is_named_where_one_is_given(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^model\.path: .*gone cannot be read \(No such file"):
        read_file(tmp_path / "gone", 10, "model.path")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "marked.json"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(file) == {"a": 1}


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd"
    file.write_bytes(b"ab\xff")
    with pytest.raises(BadInput, match=r"not UTF-8 text \(at byte 2\)"):
        read_text(file, 10)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("[1e999]", "too large a number"),
        ("[-Infinity]", "not a finite number"),
        (f"[{'9' * 5000}]", "cannot be used"),
        ("[" * 100_000, "nested too deeply"),
        ("{\n\n", "line 3"),
    ],
)
def test_json_is_read_strictly(text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        parse_json(text, "here")


def test_what_is_written_is_readable_as_the_umask_says(tmp_path: Path) -> None:
    file, usual = tmp_path / "a.json", tmp_path / "usual"
    usual.write_text("")
    write_json(file, {})
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_names_cannot_move_the_cursor() -> None:
    assert printable("a\x1b[2Jb\nc\x07") == "a\\x1b[2Jb\\nc\\x07"
    assert printable(os.fsdecode(b"caf\xe9")) == "caf\\xe9"
    assert printable("ünï 字") == "ünï 字"
    assert len(printable("x" * 5000)) < 1010


def test_an_error_shows_names_escaped() -> None:
    assert str(BadInput("a\nb", "is\x1b odd")) == "a\\nb: is\\x1b odd."
