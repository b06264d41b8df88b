"""The fuzz runs, and finds nothing at the doors of configuration, scene, image, archive and CSV."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.fuzzing import mutate

ROOT = Path(__file__).parents[2]
KINDS = ("config", "scene", "image", "zip", "csv")


def test_hostile_files_are_refused_or_sound() -> None:
    command = [sys.executable, "-m", "benchmarks.fuzz", "--kinds", *KINDS, "--count", "20"]
    changed = ["--from", "40", "--readers", "1"]  # the cases below that have tests of their own
    done = subprocess.run([*command, *changed], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [row[0] for row in rows] == list(KINDS)
    assert all(int(row[1]) + int(row[2]) == 20 for row in rows)


@pytest.mark.slow
def test_it_tells_what_it_finds(tmp_path: Path) -> None:
    """A reader that is killed, that raises, that hangs or that accepts is told from a sound one."""
    script = (
        "import os, sys, time\n"
        "from benchmarks import fuzz\n"
        "from benchmarks.fuzzing import doors\n"
        "def enter(data, folder):\n"
        "    kind = data.decode()\n"
        "    if kind == 'kill': os._exit(3)\n"
        "    if kind == 'raise': raise KeyError(kind)\n"
        "    if kind == 'compute':\n"
        "        until = time.process_time() + 2.2\n"
        "        while time.process_time() < until: pass\n"
        "    if kind == 'grow': b'x' * (600 * 2**20)\n"
        "    return 'another' if kind == 'accept' else ''\n"
        "names = ('', 'kill', 'raise', 'compute', 'grow', 'accept')\n"
        "def made():\n"
        "    return doors.Door(enter, tuple(name.encode() for name in names))\n"
        "doors._DOORS['csv'] = made\n"
        "if __name__ == '__main__':\n"
        "    sys.argv = ['fuzz', '--kinds', 'csv', '--count', '6', '--readers', '1']\n"
        "    sys.exit(fuzz.main())\n"
    )
    file = tmp_path / "broken.py"
    file.write_text(script)
    done = subprocess.run(
        [sys.executable, file], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[1].split()[:7] == ["csv", "1", "0", "2", "1", "1", "1"]


@pytest.mark.parametrize("change", [mutate.bytes_of, mutate.flipped])
def test_a_change_is_a_function_of_its_seed(change: object) -> None:
    data = bytes(range(256))
    one, two = (change(data, random.Random(7)) for _ in range(2))  # type: ignore[operator]
    assert one == two != data
