"""The channel to a process: found however long a path is, and never waited for."""

from __future__ import annotations

import threading
from multiprocessing import Pipe
from pathlib import Path

import pytest

from tests.processes import wait_for
from workbench.core.errors import BadInput
from workbench.experiments.hosting import address, link, wire
from workbench.experiments.hosting.address import Ear
from workbench.experiments.hosting.link import Link
from workbench.experiments.hosting.process_host import ProcessHost


@pytest.mark.parametrize("most", [address.MOST, 1])
def test_a_long_path_does_not_keep_windows_away(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of sockets may be too deep; with no room at all the loopback is taken."""
    deep = tmp_path / ("d" * 120)
    run = deep / ("r" * 120)
    run.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    monkeypatch.setattr(address, "MOST", most)
    ear = Ear()
    ear.publish(run)
    found = address.read(run)
    assert found.family == ("AF_UNIX" if most > 1 else "AF_INET")
    accepting = threading.Thread(target=lambda: ear.listener.accept().send_bytes(b"here"))
    accepting.start()
    with found.connect() as connection:
        assert connection.recv_bytes() == b"here"
    accepting.join()
    ear.withdraw()
    assert not address.is_published(run) and list(deep.iterdir()) == [run]


def test_an_address_that_leads_nowhere_is_said_and_taken_back(tmp_path: Path) -> None:
    ear = Ear()
    ear.publish(tmp_path)
    text = (tmp_path / address.NAME).read_text()
    ear.withdraw()
    (tmp_path / address.NAME).write_text(text)
    with pytest.raises(BadInput, match="no process that answers"):
        ProcessHost(tmp_path).take_up()
    assert not address.is_published(tmp_path)


def test_a_side_that_reads_nothing_is_let_go_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link, "MOST_WAITING", 2**22)
    ours, theirs = Pipe()
    lost = threading.Event()
    said = Link(ours, lambda message, tensors: None, lost.set)
    said.start()
    message = wire.pack({"kind": "told", "text": "x" * 2**20})
    for _ in range(8):  # a pipe holds less than one of them
        said.say(message)
    assert lost.wait(60)
    said.say(message)
    theirs.close()
    wait_for(lambda: not [t for t in threading.enumerate() if t.name.startswith("link.")])
