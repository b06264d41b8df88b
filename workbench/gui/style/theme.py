"""Design tokens, the two palettes made of them, fonts and icons. One table; everything follows."""

from __future__ import annotations

import logging
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetrics,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from workbench.core import resources

log = logging.getLogger(__name__)

Mode = Literal["system", "light", "dark"]
MODES: tuple[Mode, ...] = ("system", "light", "dark")
FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
BASE_PX = 13

LIGHT = MappingProxyType(
    {
        "window": "#f4f5f8", "surface": "#ffffff", "field": "#ffffff", "hover": "#e9ecf2",
        "track": "#e3e7ee", "border": "#e2e6ec", "borderStrong": "#c6cdd8",
        "text": "#1a2130", "muted": "#586377", "faint": "#8893a5",
        "accent": "#2a5de2", "accentHover": "#2350cb", "accentText": "#ffffff",
        "accentSoft": "#e4ecfd", "danger": "#c4302b", "dangerSoft": "#fdeeed",
        "warning": "#8f6200", "warningSoft": "#fcf3dc", "good": "#187a48", "star": "#d89b00",
        "before": "#c9801a", "after": "#2a5de2", "support": "#7d889b", "third": "#10877a",
        "grid": "#8893a5",
        "run0": "#2a5de2", "run1": "#c9801a", "run2": "#10877a", "run3": "#b03a8c",
        "run4": "#5d6b82", "run5": "#7a4fd0", "more0": "#c4302b", "more1": "#6b8a00",
    }
)  # fmt: skip
DARK = MappingProxyType(
    {
        "window": "#14171d", "surface": "#1b1f27", "field": "#151920", "hover": "#272d38",
        "track": "#2b323e", "border": "#2a303b", "borderStrong": "#414b5a",
        "text": "#e6eaf1", "muted": "#a0abbb", "faint": "#717d8f",
        "accent": "#6d9bff", "accentHover": "#86adff", "accentText": "#0d1423",
        "accentSoft": "#22304e", "danger": "#ff7d74", "dangerSoft": "#3a2327",
        "warning": "#e5b647", "warningSoft": "#332b18", "good": "#57d295", "star": "#f2c14b",
        "before": "#e5a54b", "after": "#6d9bff", "support": "#8f9bae", "third": "#3fc4b3",
        "grid": "#717d8f",
        "run0": "#6d9bff", "run1": "#e5a54b", "run2": "#3fc4b3", "run3": "#f07fc4",
        "run4": "#a0abbb", "run5": "#b79bff", "more0": "#ff7d74", "more1": "#b5cf5c",
    }
)  # fmt: skip
PRINT = MappingProxyType(
    {
        **LIGHT,
        "window": "#ffffff", "hover": "#ffffff", "track": "#dddddd", "border": "#c9c9c9",
        "borderStrong": "#4d4d4d", "text": "#000000", "muted": "#1f1f1f", "faint": "#6b6b6b",
        "accent": "#1b4ab5", "danger": "#a81c17", "warning": "#7a5300", "good": "#0b6136",
        "before": "#b35c00", "after": "#1b4ab5", "support": "#5c6470", "third": "#00695c",
        "grid": "#9a9a9a",
        "run0": "#1b4ab5", "run1": "#b35c00", "run2": "#00695c", "run3": "#9c1f74",
        "run4": "#3d4654", "run5": "#5f2fb8",
    }
)  # fmt: skip
"""White paper, black ink, and colours dark enough for it. No window wears it: files do."""
Palette = Literal["light", "dark", "print"]
PALETTES: Mapping[Palette, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "print": PRINT}


class Theme(QObject):
    """The look of the running application; who draws with its colours follows it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme")
        self.mode: Mode = "system"
        self.palette: Palette = "light"
        self._app = app
        self._icons: weakref.WeakKeyDictionary[Any, tuple[str, str]] = weakref.WeakKeyDictionary()
        self._followers: list[weakref.WeakMethod[Callable[[], None]]] = []
        self._drawn: dict[tuple[str, str], QIcon] = {}
        self._art = tempfile.TemporaryDirectory(prefix="workbench-style-")
        app.setStyle("Fusion")
        app.setFont(_load_font())
        app.styleHints().colorSchemeChanged.connect(self._on_system)

    @property
    def tokens(self) -> Mapping[str, str]:
        return PALETTES[self.palette]

    @property
    def dark(self) -> bool:
        return self.palette == "dark"

    @contextmanager
    def wearing(self, palette: Palette) -> Iterator[None]:
        """Draw with other colours for a moment. No widget sees it, as long as no event is
        worked off meanwhile: what is drawn is drawn to a file."""
        worn, self.palette = self.palette, palette
        try:
            yield
        finally:
            self.palette = worn

    def use(self, mode: Mode) -> None:
        """Switch, live."""
        self.mode = mode
        system_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.palette = "dark" if mode == "dark" or (mode == "system" and system_dark) else "light"
        self._drawn.clear()
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(self._style_sheet())
        for target, (name, token) in list(self._icons.items()):
            if shiboken6.isValid(target):
                target.setIcon(self.icon(name, token))
        self._tell_followers()

    def follow(self, repaint: Callable[[], None]) -> None:
        """Call a widget's method after every switch, for as long as the widget lives.

        No signal: one that reaches a plot whose scene Qt has already deleted ends the process.
        """
        self._followers.append(weakref.WeakMethod(repaint))

    def _tell_followers(self) -> None:
        living = [(ref, method) for ref in self._followers if (method := ref()) is not None]
        living = [pair for pair in living if shiboken6.isValid(pair[1].__self__)]  # type: ignore[attr-defined]
        self._followers = [ref for ref, _ in living]
        for _, repaint in living:
            repaint()

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        color = QColor(self.tokens[token])
        color.setAlphaF(alpha)
        return color

    def mixed(self, token: str, share: float) -> QColor:
        """A colour thinned with the surface's; opaque lines are drawn several times faster."""
        color, surface = self.color(token), self.color("surface")
        pairs = zip(color.getRgb()[:3], surface.getRgb()[:3], strict=True)  # type: ignore[index]
        return QColor(*(round(share * one + (1 - share) * other) for one, other in pairs))

    def font(self, pixels: int) -> QFont:
        font = QFont(self._app.font())
        font.setPixelSize(pixels)
        return font

    def metrics(self, pixels: int) -> QFontMetrics:
        return QFontMetrics(self.font(pixels))

    def icon(self, name: str, token: str = "text") -> QIcon:
        """A tinted icon in all sizes; drawn once a palette."""
        if (name, token) not in self._drawn:
            self._drawn[name, token] = self._draw_icon(name, token)
        return self._drawn[name, token]

    def _draw_icon(self, name: str, token: str) -> QIcon:
        icon = QIcon()
        for size in (16, 20, 32, 48):
            icon.addPixmap(self.pixmap(name, size, token), QIcon.Mode.Normal)
            icon.addPixmap(self.pixmap(name, size, "borderStrong"), QIcon.Mode.Disabled)
        return icon

    def pixmap(self, name: str, size: int, token: str = "text") -> QPixmap:
        """A tinted icon, ``size`` pixels square."""
        svg = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
        tinted = svg.replace("currentColor", self.tokens[token])
        renderer = QSvgRenderer(QByteArray(tinted.encode()))
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        return pixmap

    def set_icon(self, target: Any, name: str, token: str = "text") -> None:
        """Give an action or button an icon that follows the theme."""
        self._icons[target] = (name, token)
        target.setIcon(self.icon(name, token))

    @Slot()
    def _on_system(self) -> None:
        if self.mode == "system":
            self.use("system")

    def _palette(self) -> QPalette:
        role, palette = QPalette.ColorRole, QPalette()
        table = {
            role.Window: "window", role.WindowText: "text", role.Base: "surface",
            role.AlternateBase: "window", role.Text: "text", role.Button: "surface",
            role.ButtonText: "text", role.Highlight: "accent", role.HighlightedText: "accentText",
            role.ToolTipBase: "surface", role.ToolTipText: "text", role.Link: "accent",
            role.PlaceholderText: "muted", role.Mid: "border", role.Accent: "accent",
        }  # fmt: skip
        for key, token in table.items():
            palette.setColor(key, self.color(token))
        for key in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, self.color("faint"))
        return palette

    def _style_sheet(self) -> str:
        text = resources.path("style", "workbench.qss").read_text(encoding="utf-8")
        art = {
            "chevronDown": self._saved_art("chevron-down", "muted"),
            "checkMark": self._saved_art("check", "accentText"),
        }
        values = {**self.tokens, **art}
        for token in sorted(values, key=len, reverse=True):
            text = text.replace(f"@{token}", values[token])
        return text

    def _saved_art(self, name: str, token: str) -> str:
        """Style sheets take pictures from files only."""
        file = Path(self._art.name) / f"{name}-{self.tokens[token].lstrip('#')}.png"
        if not file.exists():
            self.pixmap(name, 48, token).save(str(file))
        return file.as_posix()


def current() -> Theme:
    """The theme of the running application, made at first use."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = app.findChild(Theme, "theme", Qt.FindChildOption.FindDirectChildrenOnly)
    if theme is None:
        theme = Theme(app)
        theme.use("system")
    return theme


def _load_font() -> QFont:
    family = ""
    for name in FONTS:
        number = QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))
        if number < 0:
            log.warning("the font %s cannot be loaded", name)
        elif not family:
            family = QFontDatabase.applicationFontFamilies(number)[0]
    font = QFont(family) if family else QFont()
    font.setPixelSize(BASE_PX)
    return font
