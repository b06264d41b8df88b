"""What stands at which field of the form: problems of its values, and what the data says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.user_code import Untrusted
from workbench.gui.state.data import FAULT, WORTH
from workbench.gui.style.levels import WISH, level_of

if TYPE_CHECKING:
    from workbench.gui.state.workspace import Workspace

Told = dict[str, BadInput | Finding]


def tr(text: str) -> str:
    return QCoreApplication.translate("Told", text)


def told_at(workspace: Workspace, section: str) -> Told:
    """Of a section, by field; what is wrong comes before what is found. A wish is the banner's."""
    found: Told = {}
    for problem in workspace.draft.problems:
        where, _, field = problem.where.partition(".")
        if where == section:
            field, told = _of_value(problem, field.partition(".")[0])
            found[field] = told
    for cause in (FAULT, WORTH):
        said = workspace.troubles.of(cause)
        if isinstance(said, (BadInput, Finding)) and level_of(said) is not WISH:
            where, _, field = said.where.partition(".")
            if where == section:
                found.setdefault(field, said)
    return found


def sentences(trouble: BadInput | Finding) -> str:
    """Without the place, for where that stands beside."""
    if isinstance(trouble, Finding):
        return f"{trouble}."
    text = f"{trouble.problem[:1].upper()}{trouble.problem[1:]}."
    return f"{text} {trouble.remedy}." if trouble.remedy else text


def _of_value(problem: BadInput, field: str) -> tuple[str, BadInput]:
    """The field at which it stands, in words that go with what stands there."""
    if isinstance(problem, Untrusted):
        refused = tr("this file is not trusted, so it does not run")
        return field, BadInput(problem.where, refused, tr("Review it and decide"))
    if field == "name" and not problem.where.startswith("task."):
        hint = tr("The list shows what can be used instead")
        return field, BadInput(problem.where, problem.problem, hint, *problem.mends)
    return field, problem
