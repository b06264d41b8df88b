"""What is read of an installed package, without running any of it, and what trust is bound to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin_kit import MODEL, another_life, lay_out
from workbench.plugins.package import Package, found

WITNESS = "from pathlib import Path\nPath({!r}).touch()\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "site"
    folder.mkdir()
    with another_life(folder):
        yield folder


def only(name: str = "little") -> Package:
    (package,) = (package for package in found() if package.name == name)
    return package


def test_name_version_and_parts_are_read_and_nothing_runs(site: Path, tmp_path: Path) -> None:
    lay_out(site, WITNESS.format(str(tmp_path / "ran")))
    package = only()
    assert str(package) == "little 1.0" and package.offers == "model tiny"
    assert package.owns("little") and len(package.sha256) == 64
    assert not (tmp_path / "ran").exists()


def test_its_trust_is_bound_to_code_version_and_entry_points(site: Path) -> None:
    file = lay_out(site, MODEL.format(name="tiny"))
    first = only().sha256
    assert only().sha256 == first
    file.write_text(file.read_text() + "# changed\n")
    changed = only().sha256
    lay_out(site, MODEL.format(name="tiny"), version="1.1")
    newer = only().sha256
    lay_out(site, MODEL.format(name="tiny"), part="other")
    assert len({first, changed, newer, only().sha256}) == 4
    lay_out(site, MODEL.format(name="tiny"))
    assert only().sha256 == first


def test_what_python_compiles_beside_it_changes_nothing(site: Path) -> None:
    lay_out(site, MODEL.format(name="tiny"))
    before = only().sha256
    (site / "__pycache__").mkdir()
    (site / "__pycache__" / "little.cpython-311.pyc").write_bytes(b"compiled")
    assert only().sha256 == before


@pytest.mark.parametrize("module", ["os", "workbench.core.trust", "nowhere", "other"])
def test_a_module_of_somebody_else_is_not_its_own(site: Path, module: str) -> None:
    lay_out(site, "", name="other", part="another")
    lay_out(site, "")
    assert not only().owns(module)


def test_a_package_that_is_edited_is_trusted_by_its_folder(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pip install -e`: the site holds its description, and the code lies elsewhere on the path."""
    work = tmp_path / "work"
    work.mkdir()
    lay_out(site, "")
    code = (site / "little.py").rename(work / "little.py")
    told = {"url": work.as_uri(), "dir_info": {"editable": True}}
    (site / "little-1.0.dist-info" / "direct_url.json").write_text(json.dumps(told))
    assert only().edited_in == work.resolve() and not only().owns("little")
    monkeypatch.syspath_prepend(str(work))
    before = only().sha256
    assert only().owns("little") and not only().owns("os")
    code.write_text("changed = True\n")
    assert only().sha256 == before


@pytest.mark.parametrize("name", ["METADATA", "entry_points.txt"])
def test_damaged_metadata_hides_no_other_package(site: Path, name: str) -> None:
    lay_out(site, "", name="broken", part="another")
    (site / "broken-1.0.dist-info" / name).write_bytes(b"\xff\xfe[[[\x00")
    lay_out(site, "")
    assert only().name == "little"
