"""Small mazes of cells: where a move leads, how far the goal is, what wandering comes to.

A maze is ``walls [..., N * N]``, 1 for a cell that is a wall; cells are numbered row by row. Moves
are up, right, down and left; into a wall or over the edge one stays.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Generator, Tensor

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""Rows and columns of up, right, down and left."""
FAR = 10_000.0
"""Of a goal that cannot be reached."""


def centre(size: int) -> int:
    return size * size // 2


def neighbours(size: int) -> Tensor:
    """``[N * N, 4]``: the cell that each move leads to where there is no wall."""
    rows, columns = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    found = []
    for down, right in MOVES:
        row, column = rows + down, columns + right
        inside = (row >= 0) & (row < size) & (column >= 0) & (column < size)
        found.append(torch.where(inside, row * size + column, rows * size + columns).flatten())
    return torch.stack(found, 1)


def led_to(walls: Tensor, size: int) -> Tensor:
    """``[..., N * N, 4]``: the cell that each move really leads to."""
    there = neighbours(size).expand(*walls.shape, 4)
    blocked = walls.gather(-1, there.flatten(-2)).view(there.shape) > 0
    here = torch.arange(size * size).unsqueeze(-1).expand_as(there)
    return torch.where(blocked, here, there)


def distances(walls: Tensor, goals: Tensor, size: int) -> Tensor:
    """``[..., N * N]``: the moves to the goal from every cell, `FAR` where there is no way.

    Breadth-first search from the goal, a ring of cells at a time, for all mazes at once.
    ``goals [...]`` are cells.
    """
    next_cells = led_to(walls, size).flatten(-2)
    found = torch.full(walls.shape, FAR).scatter(-1, goals.unsqueeze(-1), 0.0)
    for ring in range(size * size):
        beside = found.gather(-1, next_cells).view(*walls.shape, 4).amin(-1)
        fresh = (found == FAR) & (beside == ring) & (walls == 0)
        if not fresh.any():
            break
        found = torch.where(fresh, ring + 1.0, found)
    return found


def wandering(walls: Tensor, goals: Tensor, size: int, horizon: int, start: int) -> Tensor:
    """``[...]``: the steps, of moves at random from a start, that do not end at the goal."""
    next_cells = led_to(walls, size)
    where = torch.zeros_like(walls)
    where[..., start] = 1
    spent = torch.zeros(walls.shape[:-1])
    for _ in range(horizon):
        spread = (where.unsqueeze(-1) / 4).expand_as(next_cells).flatten(-2)
        where = torch.zeros_like(where).scatter_add(-1, next_cells.flatten(-2), spread)
        where = where.scatter(-1, goals.unsqueeze(-1), 0.0)
        spent = spent + where.sum(-1)
    return spent


def drawn(size: int, count: int, draws: Generator) -> Tensor:
    """``[N * N]``: a maze of up to ``count`` walls in which every free cell can be reached."""
    walls, start = set[int](), centre(size)
    for cell in torch.randperm(size * size, generator=draws).tolist():
        if len(walls) == count:
            break
        if cell != start and _is_whole(walls | {cell}, size):
            walls.add(cell)
    found = torch.zeros(size * size)
    found[sorted(walls)] = 1
    return found


def _is_whole(walls: set[int], size: int) -> bool:
    """Whether every free cell can be reached from the middle."""
    lead = _neighbour_lists(size)
    waiting, reached = [centre(size)], {centre(size)}
    while waiting:
        fresh = set(lead[waiting.pop()]) - walls - reached
        reached |= fresh
        waiting += fresh
    return len(reached) == size * size - len(walls)


@cache
def _neighbour_lists(size: int) -> list[list[int]]:
    found: list[list[int]] = neighbours(size).tolist()
    return found
