"""Which settings end a trouble, in words for buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication

from workbench.core import registry
from workbench.core.errors import BadInput
from workbench.core.findings import Finding, Mend
from workbench.core.params import describe
from workbench.gui.forms.path_editor import kinds_of_path
from workbench.gui.state import methods
from workbench.gui.style.mend_buttons import Offer

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo
    from workbench.core.registry import Kind
    from workbench.gui.state.draft_change import Values

MOST = 2
"""Buttons at a message; fields and lists have the rest."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Mending", text)


def offers(trouble: object, values: Values) -> tuple[Offer, ...]:
    """What a message about these values of the form can do; at a path's field another path."""
    if not isinstance(trouble, (BadInput, Finding)):
        return ()
    found = [offer for mend in _ordered(trouble.mends) for offer in _offered(mend, values)]
    info = _info(trouble.where, values)
    if not found and isinstance(trouble, BadInput) and info is not None and info.kind == "path":
        found = _offered(Mend(trouble.where), values)
    return tuple(found[:MOST])


def _ordered(mends: Sequence[Mend]) -> list[Mend]:
    """Parts that can be used instead of one as their list shows them."""
    kind, _, field = mends[0].where.partition(".") if mends else ("", "", "")
    if field != "name":
        return list(mends)
    names = methods.ordered(cast("Kind", kind), [mend.value for mend in mends])
    return [Mend(mends[0].where, name) for name in names]


def _offered(mend: Mend, values: Values) -> list[Offer]:
    """Nothing for a field that the form does not have."""
    section, _, field = mend.where.partition(".")
    if field == "name":
        title = registry.get(cast("Kind", section), mend.value).title
        return [Offer(mend, tr("Use {part}").format(part=title))]
    info = _info(mend.where, values)
    if info is None:
        return []
    setting = info.label.lower()
    if mend.value is None:
        return _questions(mend, info)
    if mend.value is True:
        return [Offer(mend, tr("Switch {setting} on").format(setting=setting))]
    text = tr("Set {setting} to {value}").format(setting=setting, value=_shown(mend.value))
    return [Offer(mend, text)]


def _questions(mend: Mend, info: ParamInfo) -> list[Offer]:
    if info.kind != "path":
        return [Offer(mend, tr("Type it"), "value")]
    files, folders = kinds_of_path(info)
    asked = [Offer(mend, tr("Choose a folder…"), "folder")] if folders else []
    return [*asked, Offer(mend, tr("Choose a file…"), "file")] if files else asked


def _info(where: str, values: Values) -> ParamInfo | None:
    """The form's field, if its parts have one of that name."""
    section, _, field = where.partition(".")
    if section not in values or not field:
        return None
    from workbench.experiments.config import params_class

    infos = describe(params_class(section, str(values[section].get("name", ""))))
    return next((info for info in infos if info.name == field), None)


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
