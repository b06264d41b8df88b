"""Ways in which a run's directory may be damaged, each a function of the directory."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.core.sealed import read_sealed, write_sealed

Damage = Callable[[Path], None]


def text(name: str, content: str | bytes) -> Damage:
    """Other content in place of a file's own."""

    def do(run: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (run / name).write_bytes(data)

    return do


def value(name: str, *keys: str, to: Any) -> Damage:
    """Another value in a file, with a checksum that fits: its author meant it."""

    def do(run: Path) -> None:
        values = read_sealed(run / name)
        inner = values
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = to
        write_sealed(run / name, values)

    return do


def without(name: str, key: str) -> Damage:
    def do(run: Path) -> None:
        values = read_sealed(run / name)
        del values[key]
        write_sealed(run / name, values)

    return do


def edited(name: str, old: str, new: str) -> Damage:
    """A change that the checksum does not know of."""

    def do(run: Path) -> None:
        content = (run / name).read_text()
        assert old in content, (name, old)
        (run / name).write_text(content.replace(old, new, 1))

    return do


def gone(name: str) -> Damage:
    return lambda run: (run / name).unlink()


def kind(name: str, make: Callable[[Path], object]) -> Damage:
    """Something that is no file in a file's place."""

    def do(run: Path) -> None:
        (run / name).unlink()
        make(run / name)

    return do


def cut(name: str, share: float) -> Damage:
    def do(run: Path) -> None:
        data = (run / name).read_bytes()
        (run / name).write_bytes(data[: int(share * len(data))])

    return do


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


DEEP = "[" * 50_000
HUGE = json.dumps({"x": "y" * 2_000_000})
FILES = ("config.json", "run.json", "result.json")

LISTED: dict[str, Damage] = {
    **{f"{name} empty": text(name, "") for name in FILES},
    **{f"{name} cut": cut(name, 0.5) for name in FILES},
    **{f"{name} not UTF-8": text(name, b"\xff\xfe{}") for name in FILES},
    **{f"{name} NUL bytes": text(name, b"\0" * 100) for name in FILES},
    **{f"{name} a list": text(name, "[]") for name in FILES},
    **{f"{name} a number": text(name, "7") for name in FILES},
    **{f"{name} null": text(name, "null") for name in FILES},
    **{f"{name} other object": text(name, '{"x":1}') for name in FILES},
    **{f"{name} nested": text(name, DEEP) for name in FILES},
    **{f"{name} huge": text(name, HUGE) for name in FILES},
    **{f"{name} a pipe": kind(name, os.mkfifo) for name in FILES},
    **{f"{name} a folder": kind(name, Path.mkdir) for name in FILES},
    **{f"{name} a loop": kind(name, _loop) for name in FILES},
    **{f"{name} a device": kind(name, _device) for name in FILES},
    **{f"{name} newer": value(name, "schema_version", to=99) for name in FILES},
    "config.json gone": gone("config.json"),
    "run.json gone": gone("run.json"),
    "config: edited": edited("config.json", '"inner_rate": 0.01', '"inner_rate": 0.02'),
    "config: unknown algorithm": value("config.json", "algorithm", "name", to="nothing"),
    "config: name a number": value("config.json", "task", "name", to=5),
    "config: no section": without("config.json", "model"),
    "config: out of bounds": value("config.json", "training", "meta_batch", to=-3),
    "run: started 1e300": value("run.json", "started", to=1e300),
    "run: started negative": value("run.json", "started", to=-1.0),
    "run: started text": value("run.json", "started", to="yesterday"),
    "run: started list": value("run.json", "started", to=[1]),
    "run: edited": edited("run.json", '"started": ', '"started": 1'),
    "result: iterations list": value("result.json", "iterations", to=[3]),
    "result: iterations negative": value("result.json", "iterations", to=-3),
    "result: reason unknown": value("result.json", "reason", to="because"),
    "result: metrics text": value("result.json", "metrics", to="good"),
    "result: no steps": value("result.json", "metrics", "steps", to=[]),
    "result: step of text": value("result.json", "metrics", "steps", to=[{"mean": "high"}]),
    "result: seconds null": value("result.json", "seconds", to=None),
    "result: edited": edited("result.json", '"iterations": 6', '"iterations": 7'),
}
"""Damage that the list of runs marks."""


def _pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps({"weights": [1.0]}))


NEWEST = "checkpoints/000000006"
CHECKPOINT: dict[str, Damage] = {
    "tensors cut": cut(f"{NEWEST}.safetensors", 0.9),
    "tensors empty": text(f"{NEWEST}.safetensors", b""),
    "tensors a pickle": lambda run: _pickled(run / f"{NEWEST}.safetensors"),
    "tensors gone": gone(f"{NEWEST}.safetensors"),
    "tensors a pipe": kind(f"{NEWEST}.safetensors", os.mkfifo),
    "description gone": gone(f"{NEWEST}.json"),
    "description empty": text(f"{NEWEST}.json", ""),
    "description edited": edited(f"{NEWEST}.json", '"iteration": 6', '"iteration": 5'),
    "description newer": value(f"{NEWEST}.json", "schema_version", to=99),
    "description of text": value(f"{NEWEST}.json", "iteration", to="six"),
    "both gone": lambda run: [gone(f"{NEWEST}{end}")(run) for end in (".json", ".safetensors")],  # type: ignore[func-returns-value,return-value]
}
"""Damage to the newest checkpoint, which is passed over with a reason."""


def copies(run: Path, count: int) -> list[Path]:
    """Whole copies beside a run."""
    made = [run.with_name(f"{run.name}-{number:03d}") for number in range(count)]
    for path in made:
        shutil.copytree(run, path)
    return made
