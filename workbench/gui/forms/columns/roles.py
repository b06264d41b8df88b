"""What columns are used as: from the fields of a form to columns, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.gui.forms.columns.words import tr

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo

UNUSED = ""
NAMED = 6
"""Columns that are told by their names."""


class Role(NamedTuple):
    """A field that names a column, or several."""

    field: str
    title: str
    help: str
    several: bool


def roles_of(infos: Sequence[ParamInfo], place: str) -> tuple[Role, ...]:
    """The fields that name columns of the table at the field ``place``."""
    return tuple(
        Role(info.name, _title(info.label), info.help, info.several)
        for info in infos
        if info.column_of == place
    )


def _title(label: str) -> str:
    """Without the word that stands above the list already."""
    words = [word for word in label.split() if word not in ("column", "columns")]
    return " ".join(words)


def used_as(named: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[str]:
    """Of each column the field that names it; `UNUSED` where none does."""
    field_of = {name: field for field, columns in named.items() for name in columns}
    return [field_of.get(name, UNUSED) for name in names]


def given_to(roles: list[str], at: int, role: Role | None) -> list[str]:
    """The columns' fields once a column has another; a role for one leaves the one that had it."""
    field = UNUSED if role is None else role.field
    alone = role is not None and not role.several
    freed = [UNUSED if alone and other == field else other for other in roles]
    return [*freed[:at], field, *freed[at + 1 :]]


def written(roles: Sequence[str], names: Sequence[str], known: Sequence[Role]) -> dict[str, str]:
    """The text of each field."""
    from workbench.core.params import as_list

    pairs = list(zip(names, roles, strict=True))
    return {
        role.field: as_list(columns) if role.several else "".join(columns)
        for role in known
        for columns in [[name for name, field in pairs if field == role.field]]
    }


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (f", … ({len(names)})" if len(names) > NAMED else "")


def told(named: Mapping[str, Sequence[str]], known: Sequence[Role]) -> str:
    """In one line: ``Id: patient · X: dose, age``."""
    parts = [
        tr("{0}: {1}").format(role.title, _some(named[role.field]))
        for role in known
        if named.get(role.field)
    ]
    return " · ".join(parts)
