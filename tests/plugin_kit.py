"""Packages for tests: the shipped templates, installed by pip, and small ones laid out by hand."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbench.core import registry, resources, trust
from workbench.experiments import catalog
from workbench.plugins import roster
from workbench.plugins.package import found
from workbench.plugins.roster import Plugin, Roster

TEMPLATES = ("family", "model", "algorithm", "face")
NAMES = {
    "family": "maml-clouds",
    "model": "maml-bottleneck",
    "algorithm": "maml-biases",
    "face": "maml-scatter",
}
GROUP = {what: f"maml_workbench.{what}s" for what in ("task", "model", "algorithm", "face")}
MODEL = """
    from typing import Literal
    from torch import nn
    from workbench.core.params import Params, param
    from workbench.core.registry import register

    class Own(Params):
        name: Literal["{name}"] = "{name}"
        width: int = param(8, "Units.", ge=1, le=64)

    @register("model", "{name}", title="One layer", params=Own)
    def build(params, spec):
        '''One layer.'''
        return nn.Linear(spec.input_shape[0], spec.outputs)
"""


def install(template: str, site: Path, work: Path) -> None:
    """As a newcomer does: pip builds a wheel from a copy, and installs it. No network."""
    source = work / template
    shutil.copytree(resources.path("templates", "plugins", template), source)
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", "-q", *offline, "--target", str(site)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=100)


def lay_out(
    site: Path,
    source: str,
    *,
    name: str = "little",
    version: str = "1.0",
    what: str = "model",
    part: str = "tiny",
    module: str = "",
    needs: str = "",
) -> Path:
    """A package of one module as an installer leaves it; returns the module's file."""
    module = module or name
    file = site / f"{module}.py"
    site.mkdir(exist_ok=True)
    file.write_text(textwrap.dedent(source), encoding="utf-8")
    info = site / f"{name}-{version}.dist-info"
    for old in site.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    info.mkdir()
    required = f"Requires-Dist: {needs}\n" if needs else ""
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}"
    (info / "METADATA").write_text(about)
    (info / "entry_points.txt").write_text(f"[{GROUP[what]}]\n{part} = {module}\n")
    kept = (file, info / "METADATA", info / "entry_points.txt")
    lines = [f"{one.relative_to(site)},sha256={_hash(one)},{one.stat().st_size}" for one in kept]
    lines.append(f"{info.name}/RECORD,,")
    (info / "RECORD").write_text("\n".join(lines) + "\n")
    return file


def _hash(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def sha256_of(name: str) -> str:
    """What trust in an installed package is bound to now."""
    return next(package.sha256 for package in found() if package.name == name)


def trusted(name: str) -> None:
    trust.remember(sha256_of(name), name)


def now(name: str) -> Plugin:
    """What became of a package in this life of the program."""
    return next(plugin for plugin in roster.plugins() if plugin.package.name == name)


def install_all(factory: pytest.TempPathFactory) -> Path:
    """A folder with all shipped templates, installed by pip."""
    site = factory.mktemp("site")
    for template in TEMPLATES:
        install(template, site, factory.mktemp("work"))
    return site


@contextmanager
def little_site(folder: Path) -> Iterator[Path]:
    """Another life with one little package, which adds the model "tiny"."""
    folder.mkdir()
    lay_out(folder, MODEL.format(name="tiny"))
    catalog.load()
    with another_life(folder):
        yield folder


@contextmanager
def another_life(site: Path) -> Iterator[None]:
    """A program that has just started, with this folder of packages and nothing loaded of them."""
    _forget(site)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        patch.setattr(roster, "_roster", Roster())
        patch.setattr(registry, "_entries", _own_entries())
        patch.setattr(registry, "_absent", {})
        patch.setattr(trust, "_for_now", set())
        try:
            yield
        finally:
            _forget(site)


def _own_entries() -> dict[registry.Key, registry.Entry]:
    return {key: entry for key, entry in registry._entries.items() if entry.origin is None}


def _forget(site: Path) -> None:
    """That any module of the folder was imported."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is not None and Path(file).is_relative_to(site):
            del sys.modules[name]
