"""Hostile files at every door: refused in a sentence, or read as what they are.

    python -m benchmarks.fuzz --count 1000
    python -m benchmarks.fuzz --kinds zip --count 1 --from 12 --show

Each input is made from a sound one (or is a case of its own) by a seed, and is read in a process
that is watched. Anything but a sentence or a sound reading is told: a traceback, more than 2 s of
computing, more than 512 MB above what the process had, or a reading of what was never written.
Exits with 1 if there was any.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.fuzzing.doors import KINDS
from benchmarks.fuzzing.worker import serve

SECONDS = 2.0
"""Of computing; a machine that is busy with other things makes nothing a hang."""
WALL = 30.0
"""Seconds after which an input hangs whatever the process computes."""
MEMORY = 512 * 2**20
GOOD = ("sound", "refused")
BAD = ("traceback", "hang", "memory", "silent")


class Reader:
    """A process that reads inputs; a new one takes its place when one of them has killed it."""

    def __init__(self, seed: int, place: str) -> None:
        self._seed, self._place = seed, place
        self._begin()

    def _begin(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(theirs, self._seed, self._place))
        self._process.start()
        theirs.close()

    def read(self, kind: str, number: int) -> tuple[str, str, str]:
        """The name of an input, its outcome and what was said."""
        self._pipe.send((kind, number))
        name = self._pipe.recv()
        try:
            if not self._pipe.poll(WALL):
                raise TimeoutError
            outcome, words, seconds, grown = self._pipe.recv()
        except (EOFError, TimeoutError) as error:
            self.end()
            self._begin()
            return name, "hang" if isinstance(error, TimeoutError) else "traceback", "killed"
        if seconds > SECONDS:
            return name, "hang", f"{seconds:.1f} s"
        if grown > MEMORY:
            return name, "memory", f"{grown / 2**20:.0f} MB"
        return name, outcome, words

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def outcomes(
    kind: str, numbers: range, readers: Sequence[Reader]
) -> Iterator[tuple[str, str, str]]:
    """Read the inputs of a kind, as many at a time as there are readers."""

    def part(start: int) -> list[tuple[str, str, str]]:
        return [readers[start].read(kind, number) for number in numbers[start :: len(readers)]]

    with ThreadPoolExecutor(len(readers)) as threads:
        for found in threads.map(part, range(len(readers))):
            yield from found


def main() -> int:
    given = _arguments()
    print(f"{'kind':12}" + "".join(f"{word:>11}" for word in (*GOOD, *BAD)) + f"{'seconds':>10}")
    with tempfile.TemporaryDirectory() as place:
        readers = [Reader(given.seed, place) for _ in range(given.readers)]
        try:
            bad = sum(_told(kind, given, readers) for kind in given.kinds)
        finally:
            for reader in readers:
                reader.end()
    return 1 if bad else 0


def _told(kind: str, given: argparse.Namespace, readers: Sequence[Reader]) -> int:
    """Read a kind, print its row of the table and what was wrong; returns how many were."""
    start, counts = time.monotonic(), Counter[str]()
    numbers = range(given.first, given.first + given.count)
    told: list[str] = []
    for name, outcome, words in outcomes(kind, numbers, readers):
        counts[outcome] += 1
        if outcome in BAD or given.show:
            told.append(f"  {kind}: {name}: {outcome}: {words}")
    row = "".join(f"{counts[word]:>11}" for word in (*GOOD, *BAD))
    print(f"{kind:12}{row}{time.monotonic() - start:>10.0f}", flush=True)
    for line in told if given.show else told[:20]:
        print(line, flush=True)
    return sum(counts[word] for word in BAD)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="inputs of each kind")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--from", type=int, default=0, dest="first", help="the first input's number"
    )
    parser.add_argument("--readers", type=int, default=2, help="processes at a time")
    parser.add_argument("--show", action="store_true", help="tell every input's outcome")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
