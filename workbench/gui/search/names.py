"""Fields of an experiment as a person knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig


def tr(text: str) -> str:
    return QCoreApplication.translate("SearchNames", text)


def section_title(section: str) -> str:
    titles = {
        "task": tr("Task"),
        "model": tr("Model"),
        "algorithm": tr("Algorithm"),
        "training": tr("Training"),
    }
    return titles[section]


def short_title(field: str) -> str:
    """``inner rate`` of ``algorithm.inner_rate``; of a part's name what it is the name of."""
    section, _, name = field.partition(".")
    return section if name == "name" else name.replace("_", " ")


def offered(config: ExperimentConfig) -> list[tuple[str, str]]:
    """Every field that can be searched, with its title."""
    from workbench.experiments.config import SECTIONS
    from workbench.experiments.search.space import searchable

    return [
        (field, f"{section_title(section)} · {short_title(field)}")
        for section in SECTIONS
        for field in searchable(config, section)
    ]
