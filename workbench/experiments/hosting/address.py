"""Where a training in a process of its own listens: a file in its run, for its owner alone.

The socket itself lies in a folder of the user's with a short name: the path of a Unix socket has
room for about a hundred bytes, and that of a run may be longer.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import tempfile
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from pydantic import Field

from workbench import __version__
from workbench.core.errors import BadInput
from workbench.core.files import read_json, write_atomically
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.experiments.hosting.wire import PROTOCOL

NAME = "hosting.json"
MOST = 90
"""Bytes of the path of a Unix socket, of which every system takes a little over a hundred."""
_PREFIX = "maml-"


class _File(Strict):
    protocol: int
    version: str
    family: str
    address: str | list[Any]
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    host: str = ""


@dataclass(frozen=True)
class Address:
    """Where to connect to, and the key that both sides prove to each other that they know."""

    family: str
    place: str | tuple[str, int]
    key: bytes

    def connect(self) -> Connection[bytes, bytes]:
        """Raises `OSError` or `AuthenticationError` where nobody listens who knows the key."""
        return Client(self.place, self.family, authkey=self.key)


class Ear:
    """Listens for windows until it is closed; `withdraw` takes the file back."""

    def __init__(self, run: Path) -> None:
        self._folder: Path | None = None
        self._key = secrets.token_bytes(32)
        self._file = run / NAME
        self.listener = self._listener()
        place, family = self.listener.address, _family_of(self.listener.address)
        facts = {
            "protocol": PROTOCOL,
            "version": __version__,
            "family": family,
            "address": place,
            "key": self._key.hex(),
            "host": socket.gethostname(),
        }
        write_atomically(self._file, json.dumps(facts).encode() + b"\n", private=True)

    def withdraw(self) -> None:
        """Nobody is to come any more."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.listener.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _listener(self) -> Listener:
        if os.name == "nt":
            return Listener(None, "AF_PIPE", authkey=self._key)
        for parent in (os.environ.get("XDG_RUNTIME_DIR"), None, "/tmp"):
            with contextlib.suppress(OSError):
                folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent or None))
                place = str(folder / "ear")
                if len(os.fsencode(place)) <= MOST:
                    made = Listener(place, "AF_UNIX", authkey=self._key)
                    self._folder = folder
                    return made
                folder.rmdir()
        return Listener(("localhost", 0), "AF_INET", authkey=self._key)


def is_published(run: Path) -> bool:
    """Whether the run says where its process listens; that it is alive, its lock says."""
    return (run / NAME).is_file()


def read(run: Path) -> Address:
    """Raises `BadInput` where there is none, it is damaged, or of another version or machine."""
    file = run / NAME
    remedy = marked("It goes on by itself; the Runs tab shows when it has ended")
    found = strictly(_File, read_json(file, remedy=remedy), str(file))
    if (found.protocol, found.version) != (PROTOCOL, __version__):
        raise BadInput(
            str(run),
            marked("is trained by version {0} of this program, which is {1} here").format(
                found.version, __version__
            ),
            remedy,
        )
    if found.host not in ("", socket.gethostname()):
        raise BadInput(str(run), marked("is trained on {0}").format(found.host), remedy)
    place = found.address if isinstance(found.address, str) else tuple(found.address)
    return Address(found.family, place, bytes.fromhex(found.key))


def forget(run: Path) -> None:
    """Take back what a process left that was killed; the caller knows that it is gone."""
    with contextlib.suppress(OSError):
        (run / NAME).unlink(missing_ok=True)


def _family_of(place: Any) -> str:
    if isinstance(place, tuple):
        return "AF_INET"
    return "AF_PIPE" if os.name == "nt" else "AF_UNIX"
