"""Cards and rankings to take away: as they are drawn, and as numbers."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from workbench.gui.kinds.ratings import card_delegate, rank_delegate
from workbench.gui.kinds.ratings.cards import Card, Cards
from workbench.gui.kinds.ratings.ranks import Ranked, Ranks
from workbench.gui.takeaway.flow import Flow
from workbench.gui.takeaway.lines import fixed
from workbench.gui.takeaway.sheet import Cell, Sheet, Table

LEAST = 280.0
"""Pixels of a card."""


def support(title: str, cards: Cards) -> Sheet:
    def draw(row: Card, painter: QPainter, box: QRectF) -> None:
        card_delegate.paint_card(painter, box, row, cards)

    blocks = [fixed(card_delegate.HIGH, partial(draw, row)) for row in cards.rows]
    rows: list[tuple[Cell, ...]] = [
        (
            row.text,
            row.stars,
            "yes" if row.edited else "no",
            "yes" if row.locked else "no",
            "" if row.influence is None else row.influence,
        )
        for row in cards.rows
    ]
    header = ("item", "stars", "rated by hand", "locked", "influence")
    return Sheet("support", title, Flow(blocks, LEAST), Table(header, rows))


def ranking(title: str, ranks: Ranks) -> Sheet | None:
    if not any(row.now is not None for row in ranks.rows):
        return None

    def draw(place: int, row: Ranked, painter: QPainter, box: QRectF) -> None:
        rank_delegate.paint_ranked(painter, box, place, row, ranks.scale)

    blocks = [
        fixed(rank_delegate.HIGH, partial(draw, place, row)) for place, row in enumerate(ranks.rows)
    ]
    rows: list[tuple[Cell, ...]] = [
        (
            place,
            row.text,
            _number(row.now),
            _number(row.before),
            _number(row.truth),
            row.moved,
        )
        for place, row in enumerate(ranks.rows, 1)
    ]
    header = ("place", "item", "predicted", "before adapting", "rated", "places up since step 0")
    return Sheet("ranking", title, Flow(blocks, LEAST), Table(header, rows))


def _number(value: float | None) -> Cell:
    return "" if value is None or math.isnan(value) else value
