"""Plug-ins in the terminal: asked about, listed, and what went wrong with one said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from workbench import terminal
from workbench.cli.asking import agreed
from workbench.core import safe_mode, trust
from workbench.core.errors import BadInput
from workbench.core.registry import Kind
from workbench.experiments import catalog
from workbench.plugins import roster
from workbench.plugins.package import Package
from workbench.plugins.roster import AbsentPart, Plugin, State

Done = TypeVar("Done")


def asked_about(command: Callable[[], Done]) -> Done:
    """Do it; where it names a part of a package that is not trusted, ask, and do it once more.

    Such a part is met while flags and records are read, before anything is done.
    """
    while True:
        try:
            return command()
        except BadInput as refused:
            plugin = _behind(refused)
            if plugin is None:
                raise
            if not _agreed(plugin.package):
                raise BadInput(refused.where, refused.problem, how_to_trust(plugin)) from refused
        catalog.load()


def how_to_trust(plugin: Plugin) -> str:
    return (
        "Trust it in the window or at a terminal's question, or for one command with "
        f"--trust {plugin.package.sha256}"
    )


def say_failures() -> None:
    """On standard error: packages that could not be loaded, and that safe mode is on."""
    if safe_mode.on():
        terminal.note(f"{safe_mode.NAME} is on: no plug-in and no file of yours runs")
    for plugin in roster.plugins():
        if plugin.state is State.FAILED:
            terminal.note(f"the package {plugin.package} is left out: it {plugin.sentence}")


def say_untrusted(kind: Kind | None = None) -> None:
    """On standard error: packages that offer something, of that kind or any, and may not run."""
    for plugin in roster.plugins():
        kinds = {part.kind for part in plugin.package.parts}
        if plugin.state is State.UNTRUSTED and (kind is None or kind in kinds):
            terminal.note(
                f"the package {plugin.package} offers {plugin.package.offers}. It "
                f"{plugin.sentence}, so nothing of it runs. {how_to_trust(plugin)}"
            )


def rows() -> list[dict[str, Any]]:
    """For ``list plugins``."""
    catalog.load()
    return [
        {
            "name": plugin.package.origin.name,
            "version": plugin.package.origin.version,
            "adds": plugin.package.offers,
            "state": plugin.state.value,
            "problem": plugin.problem,
            "sha256": plugin.package.sha256,
        }
        for plugin in roster.plugins()
    ]


def _behind(error: BaseException | None) -> Plugin | None:
    """The package that is not trusted, where the error comes of one."""
    while error is not None:
        if isinstance(error, AbsentPart):
            return error.plugin if error.plugin.state is State.UNTRUSTED else None
        error = error.__cause__
    return None


def _agreed(package: Package) -> bool:
    """Whether a person at the terminal says yes, which is then remembered."""
    if not agreed("\n".join(_question(package))):
        return False
    try:
        trust.remember(package.sha256, str(package))
    except BadInput as problem:
        terminal.note(str(problem))
    return True


def _question(package: Package) -> Iterator[str]:
    yield f"The package {package} is a plug-in. It adds {package.offers}."
    yield f"Its SHA-256:  {package.sha256}"
    if package.edited_in is not None:
        yield f"It is edited in {package.edited_in}: changes there are not asked about."
    yield "It runs with your rights: it can read, change and send your files."
    yield "Trust exactly this version and content from now on?"
