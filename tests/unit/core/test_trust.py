"""What the user has trusted is the user's own, kept by content, and nothing when damaged."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.core import trust
from workbench.core.errors import BadInput
from workbench.core.user_code import Untrusted, read, trusted

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(trust, "_for_now", set())
    yield


def forget_this_process() -> None:
    trust._for_now.clear()


def test_a_content_is_remembered_for_the_next_start() -> None:
    assert not trust.is_trusted(ONE)
    trust.remember(ONE, Path("/somewhere/model\x1b.py"))
    trust.remember(OTHER, Path("other.py"))
    forget_this_process()
    assert trust.is_trusted(ONE) and trust.is_trusted(OTHER)
    assert not trust.is_trusted("c" * 64)
    assert "\\x1b" in json.loads(trust.file().read_text())["trusted"][ONE]["path"]


def test_its_file_is_for_the_owner_alone() -> None:
    trust.remember(ONE, Path("model.py"))
    assert stat.S_IMODE(trust.file().stat().st_mode) == 0o600


def test_trust_for_one_command_is_not_kept() -> None:
    with trust.for_now(ONE):
        assert trust.is_trusted(ONE)
        with trust.for_now(ONE):
            pass
        assert trust.is_trusted(ONE)
    assert not trust.is_trusted(ONE) and not trust.file().exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 2, "trusted": {"' + ONE + '": {}}}',
        '{"format": 1, "trusted": ["' + ONE + '"]}',
        '{"format": 1, "trusted": {"' + ONE + '": {}, "x": {}}}',
        '{"format": 1, "trusted": {"' + ONE.upper() + '": {}}}',
    ],
)
def test_a_damaged_file_trusts_nothing_and_is_named(tmp_path: Path, text: str) -> None:
    trust.file().parent.mkdir(parents=True)
    trust.file().write_text(text)
    assert not trust.is_trusted(ONE)
    assert str(trust.file()) in trust.damage()
    model = tmp_path / "model.py"
    model.write_text("x = 1")
    with pytest.raises(Untrusted, match=r"trusted\.json"):
        trusted(model)
    trust.remember(OTHER, model)
    forget_this_process()
    assert trust.is_trusted(OTHER) and not trust.damage()


def test_settings_that_cannot_be_written_trust_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "settings").write_text("a file where the folder should be")
    with pytest.raises(BadInput, match="until the program ends"):
        trust.remember(ONE, Path("model.py"))
    assert trust.is_trusted(ONE)
    forget_this_process()
    assert not trust.is_trusted(ONE)


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "a" * 63, "a" * 65, "ａ" * 64])
def test_only_a_whole_sha256_is_one(text: str) -> None:
    with pytest.raises(BadInput, match="64 hexadecimal digits"):
        trust.as_sha256(text, "--trust")
    assert trust.as_sha256(f" {ONE.upper()} ", "--trust") == ONE


def test_a_record_says_that_the_file_has_changed(tmp_path: Path) -> None:
    model = tmp_path / ("n" * 200 + ".py")
    model.write_text("x = 1")
    before = read(model).sha256
    with pytest.raises(Untrusted) as same:
        trusted(model, before)
    model.write_text("x = 2")
    with pytest.raises(Untrusted) as changed:
        trusted(model, before)
    assert "has changed" not in str(same.value) and "has changed since" in str(changed.value)
    assert read(model).sha256 in str(changed.value)
