"""Draws what is taken away with Qt, librsvg and a browser, and says how far they are apart.

    python docs/draw_exports.py [--out docs/images/exports] [--browser chromium]

Needs `rsvg-convert` and a Chromium without a window. Prints the mean difference of a pixel's
colour, of 255, for every plot that the lab shows at once; keeps the pictures of those in `KEPT`.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from workbench.gui.shell.main_window import MainWindow
    from workbench.gui.takeaway.sheet import Sheet

SIZE = (800, 500)
KEPT = {"lab.lossPlot": "loss", "lab.querySet": "queries", "lab.confusion": "confusion"}
WHOLE = "lab.lossPlot"
"""Its drawing is kept too."""
COLOURS = 48
"""Of a picture that is kept: flat drawings need no more."""
PATIENCE = 120


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "exports")
    parser.add_argument("--browser", default="chromium")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("DATA", "CONFIG", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = home
        sys.stdout.write(f"{'':24} {'librsvg':>8} {'browser':>8}\n")
        for name, sheet in taken().items():
            compare(name, sheet, options.out, options.browser, Path(home))


def taken() -> dict[str, Sheet]:
    """Of the lab with the bundled learner."""
    from PySide6.QtWidgets import QApplication

    from workbench.gui.shell import app
    from workbench.gui.takeaway.menu import TakeAwayButton

    app.make_application(["draw_exports"])
    window, space = app.make_window()
    window.resize(1280, 800)
    window.show()

    def until(true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            QApplication.processEvents()
            time.sleep(0.005)
            if time.monotonic() > end:
                raise SystemExit("the lab did not come to rest")

    space.load()
    until(lambda: space.ready)
    until(lambda: at_rest(window))
    window.lab.drawer.toggles["confusion"].click()
    QApplication.processEvents()
    found = {
        button.objectName().rpartition(".")[0]: button.take()
        for button in window.lab.findChildren(TakeAwayButton)
    }
    return {name: sheet for name, sheet in found.items() if sheet is not None}


def at_rest(window: MainWindow) -> bool:
    state = window.lab.state
    return bool(state.steps) and not state.busy


def compare(name: str, sheet: Sheet, out: Path, browser: str, work: Path) -> None:
    from workbench.gui.takeaway import write
    from workbench.gui.takeaway.form import Form

    form = Form(*SIZE, 1, "print")
    drawing = write.encoded(sheet, "svg", form)
    pictures = {
        "qt": Image.open(io.BytesIO(write.encoded(sheet, "png", form))).convert("RGB"),
        "rsvg": by_rsvg(drawing),
        "browser": by_browser(drawing, browser, work),
    }
    numbers = {key: np.asarray(picture).astype(float) for key, picture in pictures.items()}
    apart = [float(np.abs(numbers[key] - numbers["qt"]).mean()) for key in ("rsvg", "browser")]
    sys.stdout.write(f"{name:24} {apart[0]:8.2f} {apart[1]:8.2f}\n")
    if name in KEPT:
        if name == WHOLE:
            (out / f"{KEPT[name]}.svg").write_bytes(drawing)
        for key, picture in pictures.items():
            picture.quantize(COLOURS).save(out / f"{KEPT[name]}-{key}.png", optimize=True)


def by_rsvg(drawing: bytes) -> Image.Image:
    command = ["rsvg-convert", "--format=png"]
    done = subprocess.run(command, input=drawing, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def by_browser(drawing: bytes, browser: str, work: Path) -> Image.Image:
    """A page with nothing but the drawing."""
    (work / "drawing.svg").write_bytes(drawing)
    page, shot = work / "page.html", work / "shot.png"
    page.write_text('<body style="margin:0"><img src="drawing.svg" style="display:block"></body>')
    width, height = SIZE
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += [f"--user-data-dir={work / 'profile'}", f"--window-size={width},{height + 200}"]
    command += [f"--screenshot={shot}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return Image.open(shot).convert("RGB").crop((0, 0, width, height))


if __name__ == "__main__":
    main()
