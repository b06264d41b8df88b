"""Scenes and data used lately, in the File menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QWidget

from workbench.core.errors import printable
from workbench.gui.lab.scenes import Scenes
from workbench.gui.state import settings
from workbench.gui.state.workspace import Workspace

MOST = 8
SCENES, FOLDERS = "recent/scenes", "recent/folders"
Entry = dict[str, str]


def entries(key: str) -> list[Entry]:
    """Newest first; whatever else stands in the store is left out."""
    found = settings.json_of(key)
    rows = found if isinstance(found, list) else []
    named = [row for row in rows if isinstance(row, dict) and isinstance(row.get("path"), str)]
    return named[:MOST]


def add(key: str, path: Path, **more: str) -> None:
    entry = {"path": str(path), **more}
    rest = [row for row in entries(key) if row["path"] != entry["path"]]
    settings.remember_json(key, [entry, *rest][:MOST])


class Recent(QObject):
    """Two menus that are written anew whenever they open, and what fills their lists."""

    def __init__(
        self, workspace: Workspace, scenes: Scenes, show_lab: Callable[[], None], window: QWidget
    ) -> None:
        super().__init__(window)
        self._workspace, self._opened, self._show_lab = workspace, scenes, show_lab
        self.scenes = QMenu(self.tr("Recent scenes"), window)
        self.folders = QMenu(self.tr("Recent data"), window)
        self.scenes.setObjectName("menu.recentScenes")
        self.folders.setObjectName("menu.recentFolders")
        self.scenes.aboutToShow.connect(self._list_scenes)
        self.folders.aboutToShow.connect(self._list_folders)
        scenes.used.connect(self._on_scene)
        workspace.data.changed.connect(self._on_family)

    @Slot(object)
    def _on_scene(self, file: Path) -> None:
        add(SCENES, Path(file).absolute())

    @Slot()
    def _on_family(self) -> None:
        """Data that was read from a path of the user's."""
        family = self._workspace.data.family
        root = getattr(family.params, "root", None) if family is not None else None
        if family is not None and isinstance(root, Path) and root != Path():
            add(FOLDERS, root.absolute(), task=str(family.params.name))

    @Slot()
    def _list_scenes(self) -> None:
        self._fill(self.scenes, SCENES, self._open_scene)

    @Slot()
    def _list_folders(self) -> None:
        self._fill(self.folders, FOLDERS, self._open_folder)

    def _fill(self, menu: QMenu, key: str, use: Any) -> None:
        menu.clear()
        for entry in entries(key):
            path = Path(entry["path"])
            text = printable(f"{path.name}  ({path.parent})").replace("&", "&&")
            action = menu.addAction(text)
            action.setToolTip(printable(str(path)))
            action.triggered.connect(lambda _=False, chosen=entry: use(chosen))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)

    def _open_scene(self, entry: Entry) -> None:
        self._show_lab()
        self._opened.open(Path(entry["path"]))

    def _open_folder(self, entry: Entry) -> None:
        from workbench.core import registry

        space = self._workspace
        if space.ready and entry.get("task") in registry.names("task"):
            space.draft.use_data(entry["task"], {"root": entry["path"]})
