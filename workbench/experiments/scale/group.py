"""The processes that train together, and what they tell each other; one process is a group, too.

Every process holds the same meta-parameters and draws the same tasks from the same seeds. What they
exchange are sums, which come out the same bits everywhere, so that all take the same decisions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import torch
from torch import Tensor, distributed

from workbench.core.marked import marked

if TYPE_CHECKING:
    from torch.distributed import ProcessGroup

Words = TypeVar("Words")

PATIENCE = timedelta(minutes=30)
"""How long a process waits for another that is connected and silent, as while a disk is full."""
_VARIABLES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
"""What ``torchrun`` tells every process that it starts."""


class PeerLost(Exception):
    """Another process of the training has ended, or cannot be reached any more."""

    def __init__(self) -> None:
        super().__init__(marked("another process of this training has ended or is out of reach"))


class Group(Protocol):
    """Every method is called by all processes, in the same order; each may raise `PeerLost`."""

    rank: int
    """The number of this process; 0 is the one that records and talks."""
    size: int

    def summed(self, values: Tensor) -> Tensor:
        """Elementwise over the processes."""
        ...

    def gathered(self, own: Words) -> list[Words]:
        """What each of them has, by rank."""
        ...

    def told(self, words: Words | None) -> Words | None:
        """What process 0 says; the others' own words do not matter."""
        ...


class Alone:
    """One process, which has nobody to talk to."""

    rank, size = 0, 1

    def summed(self, values: Tensor) -> Tensor:
        return values

    def gathered(self, own: Words) -> list[Words]:
        return [own]

    def told(self, words: Words | None) -> Words | None:
        return words


ALONE = Alone()


class Ranks:
    """Processes connected by `torch.distributed`: gloo for tensors on the CPU, NCCL on GPUs."""

    def __init__(self, among: ProcessGroup | None = None) -> None:
        """All of them, or those ``among`` them, of which 0 is one."""
        self._among = among
        self.rank = distributed.get_rank(among)
        self.size = distributed.get_world_size(among)

    def summed(self, values: Tensor) -> Tensor:
        _reached(lambda: distributed.all_reduce(values, group=self._among))
        return values

    def gathered(self, own: Words) -> list[Words]:
        found: list[Any] = [None] * self.size
        _reached(lambda: distributed.all_gather_object(found, own, self._among))
        return found

    def told(self, words: Words | None) -> Words | None:
        said: list[Any] = [words]
        _reached(lambda: distributed.broadcast_object_list(said, 0, self._among))
        heard: Words | None = said[0]
        return heard


@contextmanager
def joined() -> Iterator[Group]:
    """The group that ``torchrun`` started this process in, or `ALONE`; it is left at the end.

    Raises `PeerLost` where the others do not come.
    """
    if not is_one_of_many():
        yield ALONE
        return
    on_gpus = torch.cuda.is_available()
    if on_gpus:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)) % torch.cuda.device_count())
    backend = "cpu:gloo,cuda:nccl" if on_gpus else "gloo"
    _reached(lambda: _connect(backend))
    try:
        yield Ranks()
    finally:
        distributed.destroy_process_group()


def _connect(backend: str) -> None:
    """Under a name of its own for every start: the agent's store keeps the addresses of before."""
    from torch.distributed.rendezvous import rendezvous

    store, rank, size = next(rendezvous("env://", timeout=PATIENCE))
    own = distributed.PrefixStore(f"start {times_restarted()}", store)  # type: ignore[attr-defined]
    distributed.init_process_group(backend, timeout=PATIENCE, store=own, rank=rank, world_size=size)


def is_one_of_many() -> bool:
    """Whether ``torchrun`` has started this process beside others."""
    return all(os.environ.get(name) for name in _VARIABLES)


def times_restarted() -> int:
    """How often ``torchrun`` has started these processes anew."""
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT") or 0)


def agreed(group: Group, seconds: float, stops: bool) -> tuple[float, bool]:
    """The clock of process 0, and whether any process is asked to stop."""
    clock = seconds if group.rank == 0 else 0.0
    both = group.summed(torch.tensor([clock, float(stops)], dtype=torch.float64)).tolist()
    return both[0], both[1] > 0


def _reached(exchange: Callable[[], object]) -> None:
    try:
        exchange()
    except RuntimeError as error:  # what gloo and NCCL raise for a closed connection or a timeout
        raise PeerLost from error
