"""A run from a stranger: its model file leaves a witness whenever it runs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tiny import tiny_config, training
from workbench.core import resources, trust, user_code
from workbench.experiments.foreign import recorded
from workbench.experiments.store import default_root


@dataclass(frozen=True)
class Attack:
    run: Path
    model: Path
    witness: Path

    @property
    def sha256(self) -> str:
        return user_code.read(self.model).sha256

    @property
    def ran(self) -> bool:
        return self.witness.exists()

    def copied(self, name: str = "stranger") -> Path:
        """Its run where the user's own ones lie."""
        return Path(shutil.copytree(self.run, default_root() / name))

    def change(self) -> None:
        with self.model.open("a", encoding="utf-8") as stream:
            stream.write("\n# changed\n")


def a_strangers_run(folder: Path, **training_values: Any) -> Attack:
    """Made where its author trusts the file, whose true SHA-256 stands in the run."""
    model, witness = folder / "model.py", folder / "it ran"
    folder.mkdir(parents=True)
    honest = resources.path("templates", "user_module.py").read_text(encoding="utf-8")
    model.write_text(f"{honest}\nopen({str(witness)!r}, 'w').close()\n", encoding="utf-8")
    config = tiny_config(
        model={"name": "user_module", "path": str(model)}, training=training_values
    )
    with trust.for_now(user_code.read(model).sha256):
        made = training(recorded(config), folder / "run")
        assert list(made.events())[-1].reason == "completed"  # type: ignore[union-attr]
    assert made.run.config().model.sha256 == user_code.read(model).sha256
    witness.unlink()
    return Attack(folder / "run", model, witness)
