"""A record says what made it, and who goes on is told what differs."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import tiny_config, training
from workbench.experiments.record.differences import changed_system
from workbench.experiments.record.models import Maker
from workbench.experiments.record.revision import ROOT, revision
from workbench.experiments.store import open_run


def test_a_run_and_its_checkpoints_say_what_made_them(tmp_path: Path) -> None:
    list(training(tiny_config(), tmp_path / "run").events())
    run = open_run(tmp_path / "run")
    kept, facts = run.load_checkpoint(), run.facts()
    assert kept.made_by is not None and facts.made_by is not None
    for maker in (kept.made_by, facts.made_by):
        told = maker.model_dump()
        assert all(told[name] for name in told if name not in ("revision", "pyside6"))
        assert "cpu" in maker.device and maker.torchvision.split()[1] in ("full", "python-only")
    assert changed_system(kept) == ""
    other = Maker(**{**kept.made_by.model_dump(), "numpy": "1.0", "revision": "0" * 40})
    said = changed_system(replace(kept, made_by=other))
    assert "numpy was 1.0 and is" in said and "revision was 0000" in said
    older = Maker(workbench=kept.made_by.workbench, torch="1.0", python="3.9", threads=1)
    said = changed_system(replace(kept, made_by=older))
    assert "torch was 1.0" in said and "numpy" not in said


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    git = root / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text(f"# pack-refs\n{'b' * 40} refs/heads/main\n")
    return root


def test_the_commit_of_a_checkout_is_found(checkout: Path) -> None:
    read = revision.__wrapped__
    assert read(checkout) == "b" * 40
    (checkout / ".git" / "refs" / "heads" / "main").write_text("a" * 40 + "\n")
    assert read(checkout) == "a" * 40
    (checkout / ".git" / "HEAD").write_text("c" * 40 + "\n")
    assert read(checkout) == "c" * 40
    assert read(checkout / "nowhere") == ""


def test_it_is_what_git_says() -> None:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no checkout, or there is no git")
    assert revision.__wrapped__(ROOT) == found.stdout.strip()
