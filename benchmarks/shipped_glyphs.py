"""Draw the glyphs that come with the program, so that its first start need not draw them.

    python benchmarks/shipped_glyphs.py

Writes ``resources/pools/glyphs-VERSION-0.npz``; to be run again when `glyphs.VERSION` is raised.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.tasks import glyphs, shipped_pool


def main() -> None:
    pool = glyphs.draw_pool(0, lambda message, fraction: None)
    shipped_pool.write(glyphs.shipped_name(0), pool)
    print(f"{shipped_pool.place(glyphs.shipped_name(0))}: {len(pool.images)} pictures")


if __name__ == "__main__":
    main()
