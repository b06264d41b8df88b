"""What becomes of packages: not trusted, loaded, failed with the reason; never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin_kit import MODEL, another_life, lay_out, now, sha256_of, trusted
from workbench.core import registry, safe_mode, trust
from workbench.core.errors import BadInput
from workbench.experiments import catalog
from workbench.plugins.roster import AbsentPart, State

TINY = MODEL.format(name="tiny")
PARAMS = """
    from typing import Literal
    from workbench.core.params import Params, param
    from workbench.core.registry import register
    class Own(Params):
        name: Literal["tiny"] = "tiny"
        {field}
    @register("{kind}", "tiny", title="Tiny", params={params})
    class Tiny:
        '''A part.'''
"""
BROKEN = {
    "raises": ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
    "leaves": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "is no Python": ("def", "SyntaxError"),
    "needs what is not there": ("import not_there", "No module named 'not_there'"),
    "nothing": ("", "registers no model 'tiny'"),
    "a name that exists": (MODEL.format(name="mlp"), "'mlp' is registered twice"),
    "another name": (MODEL.format(name="else"), "registers no model 'tiny'"),
    "one too many": (TINY + MODEL.format(name="more"), "which none of its entry points names"),
    "no params": (PARAMS.format(field="", kind="model", params="int"), "derive from no Params"),
    "unsound defaults": (
        PARAMS.format(field="w: int = param(0, 'Units.', ge=1)", kind="model", params="Own"),
        "unsound defaults (tiny.w",
    ),
    "no help": (
        PARAMS.format(field="w: int = param(1, '')", kind="model", params="Own"),
        "without a line of help",
    ),
    "no such type": (
        PARAMS.format(field="w: object = param(None, 'Any.')", kind="model", params="Own"),
        "cannot be used",
    ),
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    folder = tmp_path / "site"
    folder.mkdir()
    catalog.load()
    with another_life(folder):
        yield folder


def test_untrusted_it_is_not_there_and_that_is_said(site: Path) -> None:
    lay_out(site, "raise RuntimeError('it ran')")
    catalog.load()
    assert now("little").state is State.UNTRUSTED and "tiny" not in registry.names("model")
    with pytest.raises(AbsentPart, match=r"'tiny' comes from the package little 1\.0, which has"):
        registry.get("model", "tiny")
    with pytest.raises(BadInput, match="there is no 'tinx'"):
        registry.get("model", "tinx")


def test_trust_is_asked_once_for_each_content(site: Path) -> None:
    file = lay_out(site, TINY)
    trusted("little")
    with another_life(site):
        catalog.load()
        assert now("little").state is State.LOADED
        assert str(registry.get("model", "tiny").origin) == "little 1.0"
    file.write_text(file.read_text() + "# changed\n")
    with another_life(site):
        catalog.load()
        assert now("little").state is State.UNTRUSTED
    lay_out(site, TINY, version="1.1")
    with another_life(site):
        catalog.load()
        assert now("little").state is State.UNTRUSTED


def test_trust_that_is_given_later_loads_it_then(site: Path) -> None:
    lay_out(site, TINY)
    catalog.load()
    trusted("little")
    catalog.load()
    assert now("little").state is State.LOADED and "tiny" in registry.names("model")


def test_trust_for_one_command_is_not_kept(site: Path) -> None:
    lay_out(site, TINY)
    with trust.for_now(sha256_of("little")):
        catalog.load()
    assert now("little").state is State.LOADED and not trust.file().exists()


def test_safe_mode_loads_nothing_that_is_trusted(site: Path) -> None:
    lay_out(site, TINY)
    trusted("little")
    with safe_mode.asked_for(["--safe-mode"]):
        catalog.load()
        assert now("little").state is State.OFF
        with pytest.raises(AbsentPart, match="which is off in safe mode"):
            registry.get("model", "tiny")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_left_out_with_the_reason(
    site: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    source, reason = BROKEN[name]
    lay_out(site, source)
    trusted("little")
    before = {kind: registry.names(kind) for kind in registry.KINDS}
    with caplog.at_level(logging.ERROR):
        catalog.load()
    plugin = now("little")
    assert plugin.state is State.FAILED and reason in plugin.problem
    assert {kind: registry.names(kind) for kind in registry.KINDS} == before
    assert "Traceback" in caplog.text and "little 1.0" in caplog.text
    with pytest.raises(AbsentPart, match="Mend or update"):
        registry.get("model", "tiny")


def test_a_broken_package_takes_no_other_with_it(site: Path) -> None:
    lay_out(site, "raise RuntimeError", name="aaa", part="broken")
    lay_out(site, TINY)
    trusted("aaa")
    trusted("little")
    catalog.load()
    assert (now("aaa").state, now("little").state) == (State.FAILED, State.LOADED)


@pytest.mark.parametrize(
    ("module", "reason"),
    [("os", "which is none of its own"), ("little:build", "which is no module")],
)
def test_only_a_module_of_its_own_is_imported(site: Path, module: str, reason: str) -> None:
    lay_out(site, TINY)
    points = site / "little-1.0.dist-info" / "entry_points.txt"
    points.write_text(f"[maml_workbench.models]\ntiny = {module}\n")
    trusted("little")
    catalog.load()
    assert reason in now("little").problem


def test_a_package_comes_after_the_one_it_needs_or_not_at_all(site: Path) -> None:
    lay_out(site, MODEL.format(name="big"), name="big", part="big")
    above = MODEL.format(name="above").replace("from torch", "import big\n    from torch", 1)
    lay_out(site, above, name="above", part="above", needs="big>=1")
    trusted("above")
    with another_life(site):
        catalog.load()
        assert now("above").problem == "needs the package big 1.0, which is not trusted"
    trusted("big")
    with another_life(site):
        catalog.load()
        assert str(registry.get("model", "above").origin) == "above 1.0"
        assert str(registry.get("model", "big").origin) == "big 1.0"


def test_what_an_import_prints_is_no_result(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(site, TINY + "    print('hello')\n")
    trusted("little")
    catalog.load()
    found = capsys.readouterr()
    assert found.out == "" and found.err == "hello\n"
