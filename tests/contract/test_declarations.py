"""The declarations themselves: every part is complete, every preset runs a step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.samples import measurements
from tests.tiny import training
from tests.unit.tasks.rated_kit import rows
from tests.unit.tasks.rated_kit import write as write_ratings
from tests.unit.tasks.text_kit import pairs, write_csv
from workbench.core.events import StepDone
from workbench.core.params import ParamInfo, Params, describe
from workbench.core.registry import KINDS, Entry, get, names
from workbench.experiments import catalog
from workbench.experiments.training_params import TrainingParams

catalog.load()
ENTRIES = [get(kind, name) for kind in KINDS for name in names(kind)]
CLASSES: dict[str, type[Params]] = {f"{e.kind} {e.name}": e.params for e in ENTRIES}
CLASSES["training"] = TrainingParams
FIELDS = [(owner, info) for owner, params in CLASSES.items() for info in describe(params)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.kind} {entry.name}")
def test_every_part_has_a_title_and_a_summary_and_its_own_name(entry: Entry) -> None:
    assert entry.title
    assert entry.summary.endswith(".") and len(entry.summary) < 100
    assert entry.params.model_fields["name"].default == entry.name


@pytest.mark.parametrize("owner", CLASSES)
def test_every_default_validates(owner: str) -> None:
    made = CLASSES[owner]()
    assert CLASSES[owner].model_validate(made.model_dump()) == made


@pytest.mark.parametrize(("owner", "info"), FIELDS, ids=lambda x: getattr(x, "name", str(x)))
def test_every_field_is_explained(owner: str, info: ParamInfo) -> None:
    assert info.help.endswith("."), f"{owner}.{info.name} needs one sentence of help"
    assert len(info.help) <= 110
    if info.kind in ("int", "float"):
        assert info.minimum is not None, f"{owner}.{info.name} has no lower bound"


NAMED = {preset.name: preset for preset in catalog.presets()}


def tried(preset: catalog.Preset) -> Any:
    """A quick one is a paper's of fewer iterations: a deeper variant."""
    quick = preset.name.removesuffix("-quick") in NAMED.keys() - {preset.name}
    return pytest.param(preset, marks=pytest.mark.slow if quick else (), id=preset.name)


@pytest.mark.parametrize("preset", [tried(preset) for preset in NAMED.values()])
def test_every_preset_trains_a_step(
    preset: catalog.Preset, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Omniglot on the real archive, where it lies beside the project; own data on a small table."""
    short = {"iterations": 1, "eval_tasks": 2, "test_tasks": 2, "meta_batch": 2}
    few = {"test_steps": 2} if hasattr(preset.config.algorithm, "test_steps") else {}
    config = preset.config.replaced({"training": short, "algorithm": few})
    if config.task.name == "omniglot":
        root = request.getfixturevalue("omniglot_zip")
        config = config.replaced({"task": {"root": str(root)}})
    if config.task.name == "text":
        table = pairs([f"class {number}" for number in range(60)], 12)
        config = config.replaced({"task": {"root": str(write_csv(tmp_path / "own.csv", table))}})
    if config.task.name == "curves_csv":
        config = config.replaced({"task": {"root": str(measurements(tmp_path))}})
    if config.task.name == "ratings":
        root = write_ratings(tmp_path / "own.csv", rows(each=20))
        config = config.replaced({"task": {"root": str(root)}})
    events = list(training(config, tmp_path / "run").events())
    trains = get("algorithm", config.algorithm.name).build.trains
    steps = [event.iteration for event in events if isinstance(event, StepDone)]
    assert steps == ([1] if trains else [])
    assert preset.title and preset.summary.endswith(".")
