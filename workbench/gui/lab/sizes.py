"""How large pictures are: they use the room of a large window, and shrink in a small one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

STEP = 4
"""Sizes are multiples of it, so that dragging a border does not redraw at each pixel."""


@dataclass(frozen=True)
class Sizes:
    """Of a picture's side: the least, the usual and the most."""

    least: int
    usual: int
    most: int

    def largest(self, height: int, needed: Callable[[int], int]) -> int:
        """The largest side with which all pictures need no more than ``height``."""
        sides = range(self.most, self.least - 1, -STEP)
        return next((side for side in sides if needed(side) <= height), self.least)

    def side(self, opened: int, closed: int, needed: Callable[[int], int]) -> int:
        """The same whether a view is open below or not, so that nothing jumps when it opens.

        Between what would fit with one open and what would fit without; less than usual only
        where not even all of the height is enough.
        """
        with_view, without = (self.largest(height, needed) for height in (opened, closed))
        mean = (with_view + without) // (2 * STEP) * STEP
        return max(mean, min(self.usual, without))
