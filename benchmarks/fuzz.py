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
import time
from collections import Counter
from collections.abc import Iterator
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
    """A process that reads one kind; a new one takes its place when an input has killed it."""

    def __init__(self, kind: str, seed: int) -> None:
        self._kind, self._seed = kind, seed
        self._begin()

    def _begin(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(theirs, self._kind, self._seed))
        self._process.start()
        theirs.close()
        assert self._pipe.recv() == "ready"

    def read(self, number: int) -> tuple[str, str, str]:
        """The name of an input, its outcome and what was said."""
        self._pipe.send(number)
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


def outcomes(kind: str, numbers: range, seed: int, readers: int) -> Iterator[tuple[str, str, str]]:
    """Read the inputs of a kind, several at a time."""

    def part(numbers: range) -> list[tuple[str, str, str]]:
        reader = Reader(kind, seed)
        try:
            return [reader.read(number) for number in numbers]
        finally:
            reader.end()

    with ThreadPoolExecutor(readers) as threads:
        parts = [numbers[start::readers] for start in range(readers)]
        for found in threads.map(part, parts):
            yield from found


def main() -> int:
    given = _arguments()
    bad = 0
    print(f"{'kind':12}" + "".join(f"{word:>11}" for word in (*GOOD, *BAD)) + f"{'seconds':>10}")
    for kind in given.kinds:
        start, counts = time.monotonic(), Counter[str]()
        told: list[str] = []
        numbers = range(given.first, given.first + given.count)
        for name, outcome, words in outcomes(kind, numbers, given.seed, given.readers):
            counts[outcome] += 1
            if outcome in BAD or given.show:
                told.append(f"  {kind}: {name}: {outcome}: {words}")
        row = "".join(f"{counts[word]:>11}" for word in (*GOOD, *BAD))
        print(f"{kind:12}{row}{time.monotonic() - start:>10.0f}", flush=True)
        for line in told if given.show else told[:20]:
            print(line)
        bad += sum(counts[word] for word in BAD)
    return 1 if bad else 0


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
