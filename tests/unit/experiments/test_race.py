"""A race: equal terms, every contender told of, and nothing finished run twice."""

from __future__ import annotations

import csv
import json
import math
import statistics
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core import resources
from workbench.core.algorithm import Algorithm
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, Finished, Reason, StepDone
from workbench.core.files import plain
from workbench.core.registry import names
from workbench.core.sealed import read_sealed
from workbench.core.task import TaskFamily
from workbench.experiments import arithmetic, catalog
from workbench.experiments.config import ExperimentConfig, load_config
from workbench.experiments.race import EQUAL_ITERATIONS, Race
from workbench.experiments.race_terms import Terms
from workbench.experiments.runs import list_runs
from workbench.experiments.session import build_algorithm
from workbench.experiments.store import Run, open_run

catalog.load()
OWN = {
    kind: load_config(resources.path("race", f"{kind}.json"))
    for kind in ("mse", "accuracy", "return")
}
TINY = {
    "task": {"name": "glyphs", "ways": 3, "queries": 2},
    "model": {"name": "conv4", "filters": 4},
}


def lined_up(
    folder: Path,
    *algorithms: str,
    seeds: tuple[int, ...] = (0,),
    terms: Terms = EQUAL_ITERATIONS,
    **changes: dict[str, Any],
) -> Race:
    config = tiny_config(**changes)
    return Race.open(config, algorithms, seeds, prepared(config), folder, terms)


def run(race: Race) -> dict[str, Any]:
    list(race.events())
    return race.result()


def per_task(folder: Path, leg: str) -> torch.Tensor:
    """``[tasks, steps + 1]``, as the run saved them."""
    (file,) = (folder / leg / "evaluations").iterdir()
    return torch.tensor(json.loads(file.read_text())["per_task"]["query_metric"])


def test_all_start_alike_and_are_measured_on_the_very_same_tasks(tmp_path: Path) -> None:
    """With an outer rate of nothing all that is left to differ is the start and the tasks."""
    still = {"outer_rate": 1e-12}
    run(lined_up(tmp_path / "race", "maml", "fomaml", "anil", seeds=(0, 1), training=still))
    first, second, third = (
        per_task(tmp_path / "race", f"{name}-seed0")[:, 0] for name in ("maml", "fomaml", "anil")
    )
    assert torch.allclose(first, second, atol=1e-5) and torch.allclose(first, third, atol=1e-5)
    assert not torch.allclose(first, per_task(tmp_path / "race", "maml-seed1")[:, 0], atol=1e-2)


def test_everybody_has_the_same_budget_and_its_own_settings_are_told(tmp_path: Path) -> None:
    race = lined_up(tmp_path / "race", "maml", "reptile")
    result = run(race)
    assert result["budget"] == {"iterations": 6}
    maml, reptile = result["contenders"]
    assert maml["iterations"] == reptile["iterations"] == 6
    assert maml["own"] == {} and reptile["own"] == OWN["mse"]["reptile"]
    config = open_run(tmp_path / "race" / "reptile-seed0").config()
    assert (config.training.optimizer, config.training.schedule) == ("sgd", "linear")
    assert config.task == race.base.task and config.model == race.base.model
    assert config.training.meta_batch == race.base.training.meta_batch


def test_the_row_is_the_mean_over_seeds_with_each_seed_beside_it(tmp_path: Path) -> None:
    result = run(lined_up(tmp_path / "race", "maml", seeds=(0, 1, 2)))
    (row,) = result["contenders"]
    assert [seed["seed"] for seed in row["seeds"]] == [0, 1, 2]
    last = [seed["steps"][-1] for seed in row["seeds"]]
    assert len({step["mean"] for step in last}) == 3
    assert row["steps"][-1]["mean"] == pytest.approx(sum(step["mean"] for step in last) / 3)
    width = math.sqrt(sum(step["ci95"] ** 2 for step in last)) / 3
    assert row["steps"][-1]["ci95"] == pytest.approx(width)
    scores = per_task(tmp_path / "race", "maml-seed2").double()
    assert last[2]["mean"] == pytest.approx(float(scores[:, -1].mean()))
    assert row["parameters"] == 8 + 8 + 64 + 8 + 8 + 1


def test_who_cannot_learn_the_problem_is_told_and_the_race_goes_on(tmp_path: Path) -> None:
    result = run(lined_up(tmp_path / "race", "protonet", "maml"))
    protonet, maml = result["contenders"]
    assert protonet["steps"] == [] and "average the items of each class" in protonet["problem"]
    assert maml["problem"] == "" and len(maml["steps"]) == 3
    assert not (tmp_path / "race" / "protonet-seed0").exists()


def test_where_nobody_can_race_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="average the items of each class"):
        lined_up(tmp_path / "race", "protonet", "relation")
    assert not (tmp_path / "race").exists()


WILD = {"inner_rate": 100, "inner_steps": 60}


def test_a_contender_that_diverges_is_measured_ranked_last_and_stops_nobody(
    tmp_path: Path,
) -> None:
    result = run(lined_up(tmp_path / "race", "maml", "nearest_neighbour", algorithm=WILD))
    maml, nearest = result["contenders"]
    assert "seed 0: The meta-gradient is not finite" in maml["problem"]
    assert maml["diverged"] == [0] and maml["seeds"][0]["diverged"] and len(maml["steps"]) == 3
    assert maml["seeds"][0]["best_iteration"] == 0
    assert len(nearest["steps"]) == 1 and nearest["iterations"] == 0
    assert (nearest["rank"], maml["rank"]) == (1.0, 2.0) and nearest["diverged"] == []


def test_differences_are_those_of_the_scores_on_the_same_tasks(tmp_path: Path) -> None:
    result = run(lined_up(tmp_path / "race", "fomaml", "maml", "protonet", seeds=(0, 1)))
    fomaml, maml, protonet = result["contenders"]
    assert maml["difference"] is None and protonet["difference"] is None
    found = fomaml["difference"]
    assert found["to"] == "MAML" and found["seeds"] == [0, 1] and found["tasks"] == 14
    own, other = (
        torch.cat([per_task(tmp_path / "race", f"{name}-seed{s}")[:, -1] for s in (0, 1)]).double()
        for name in ("fomaml", "maml")
    )
    assert found["mean"] == pytest.approx(float((own - other).mean()), abs=1e-12)
    assert found["better"] == int((own < other).sum())
    assert {fomaml["rank"], maml["rank"]} <= {1.0, 1.5, 2.0} and protonet["rank"] is None


def test_scores_that_are_lost_leave_the_table_without_a_difference(tmp_path: Path) -> None:
    race = lined_up(tmp_path / "race", "maml", "fomaml")
    run(race)
    (file,) = (tmp_path / "race" / "fomaml-seed0" / "evaluations").iterdir()
    file.write_text("{")
    assert race.result()["contenders"][1]["difference"] is None


def test_settings_that_suit_one_algorithm_alone_are_not_lent(tmp_path: Path) -> None:
    config = {"algorithm": {"name": "cavia", "inner_rate": 0.5}}
    with pytest.raises(BadInput, match="settings are those of cavia"):
        lined_up(tmp_path / "race", "cavia", "maml", **config)
    race = lined_up(tmp_path / "race", "cavia", seeds=(0, 1), **config)
    assert race.contenders[0].own == {}
    assert all(leg.config.algorithm.inner_rate == 0.5 for leg in race.legs)


def test_a_race_stopped_goes_on_and_repeats_nothing(tmp_path: Path) -> None:
    whole = run(lined_up(tmp_path / "whole", "maml", "fomaml", "anil"))
    race = lined_up(tmp_path / "race", "maml", "fomaml", "anil")
    for leg, event in race.events():
        second = leg.contender.algorithm == "fomaml"
        if second and isinstance(event, StepDone) and event.iteration == 4:
            race.request_stop()
    done, stopped, waiting = race.result()["contenders"]
    assert done["problem"] == "" and stopped["problem"] == "seed 0: stopped"
    assert waiting["steps"] == [] and not (tmp_path / "race" / "anil-seed0").exists()
    again = lined_up(tmp_path / "race", "maml", "fomaml", "anil")
    steps = [(leg.path.name, e.iteration) for leg, e in again.events() if isinstance(e, StepDone)]
    assert steps[:2] == [("fomaml-seed0", 5), ("fomaml-seed0", 6)]
    assert {name for name, _ in steps} == {"fomaml-seed0", "anil-seed0"}
    rows = [race_rows["contenders"] for race_rows in (whole, again.result())]
    assert [row["steps"] for row in rows[0]] == [row["steps"] for row in rows[1]]


def test_a_run_killed_before_its_first_checkpoint_starts_anew(tmp_path: Path) -> None:
    (leg,) = lined_up(tmp_path / "race", "maml").legs
    Run.create(leg.config, leg.path)
    seen = [event for _, event in lined_up(tmp_path / "race", "maml").events()]
    assert [e.iteration for e in seen if isinstance(e, StepDone)] == [1, 2, 3, 4, 5, 6]
    assert seen[-1] == Finished(Reason.COMPLETED, 6)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    run(lined_up(tmp_path / "race", "maml"))
    with pytest.raises(BadInput, match="other settings"):
        lined_up(tmp_path / "race", "maml", task={"shots": 3})
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("keep")
    with pytest.raises(BadInput, match="is not empty"):
        lined_up(tmp_path / "letters", "maml")


def test_only_those_named_run_and_the_table_still_shows_all(tmp_path: Path) -> None:
    race = lined_up(tmp_path / "race", "maml", "fomaml")
    list(race.events(only={"fomaml"}))
    maml, fomaml = race.result()["contenders"]
    assert maml["steps"] == [] and len(fomaml["steps"]) == 3


def test_the_csv_has_a_line_for_each_step_and_the_json_is_the_result(tmp_path: Path) -> None:
    result = run(lined_up(tmp_path / "race", "maml", "relation", seeds=(0, 1)))
    with (tmp_path / "race" / "race.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["seed"], row["step"]) for row in rows if row["algorithm"] == "maml"] == [
        (seed, step) for seed in "01" for step in "012"
    ]
    (problem,) = (row["problem"] for row in rows if row["algorithm"] == "relation")
    assert "each class" in problem
    assert read_sealed(tmp_path / "race" / "race.json") == json.loads(json.dumps(plain(result)))


def test_each_leg_is_a_run_of_the_store(tmp_path: Path) -> None:
    run(lined_up(tmp_path / "20260101-race", "maml", "fomaml"))
    listed = list_runs(tmp_path)
    assert [entry.name for entry in listed] == [
        "20260101-race/maml-seed0",
        "20260101-race/fomaml-seed0",
    ]
    assert all(entry.status == "completed" for entry in listed)


def test_a_budget_of_time_is_the_same_for_all(tmp_path: Path) -> None:
    race = lined_up(
        tmp_path / "race", "maml", "reptile", training={"seconds": 0.2, "iterations": 10_000_000}
    )
    last_steps, before = {}, {}
    for leg, event in race.events():
        if isinstance(event, StepDone):
            before[leg.contender.algorithm] = last_steps.get(leg.contender.algorithm)
            last_steps[leg.contender.algorithm] = event
        assert not isinstance(event, Evaluated) or event.curve.tasks in (5, 7)
    result = race.result()
    assert result["budget"] == {"seconds": 0.2}
    for row in result["contenders"]:
        assert row["seconds"] >= 0.2 and 0 < row["iterations"] < 10_000_000
    assert all(step is None or step.seconds < 0.2 for step in before.values()), "none after it"
    # Reptile's rate falls along a line that ends where the time does.
    assert last_steps["reptile"].outer_rate < 0.5


@pytest.mark.parametrize(("algorithms", "counts"), [(("maml", "fomaml"), 2), (("fomaml",), 2)])
def test_the_arithmetic_of_the_shared_algorithm_is_counted_once(
    algorithms: tuple[str, ...], counts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it races itself or not; a count takes a whole step by the general strategy."""
    counted: list[str] = []

    def build(config: ExperimentConfig, family: TaskFamily) -> Algorithm:
        counted.append(config.algorithm.name)
        return build_algorithm(config, family)

    monkeypatch.setattr(arithmetic, "build_algorithm", build)
    race = lined_up(tmp_path / "race", *algorithms, terms=Terms(arithmetic=True))
    assert len(counted) == counts and sorted(counted) == ["fomaml", "maml"]
    assert [leg.config.training.iterations for leg in race.legs][-1] > 6


def test_a_budget_of_arithmetic_gives_the_cheap_more_iterations(tmp_path: Path) -> None:
    """First-order MAML's step costs about half of MAML's here, five inner steps cost more."""
    race = lined_up(
        tmp_path / "race", "maml", "fomaml", "reptile", "nearest_neighbour", terms=Terms(True)
    )
    result = run(race)
    assert result["budget"] == {"arithmetic": 6}
    maml, fomaml, reptile, nearest = result["contenders"]
    assert maml["iterations"] == 6 and nearest["operations"] == 0
    assert fomaml["iterations"] > 9 and reptile["iterations"] < 6
    spent = [row["iterations"] * row["operations"] for row in (maml, fomaml, reptile)]
    for row, total in zip((maml, fomaml, reptile), spent, strict=True):
        assert abs(total - spent[0]) <= row["operations"] / 2
    validations = [
        (tmp_path / "race" / f"{name}-seed0" / "metrics.jsonl").read_text().count("evaluated")
        for name in ("maml", "fomaml")
    ]
    assert validations[0] == validations[1]


def test_each_seed_holds_out_classes_of_its_own_when_asked(tmp_path: Path) -> None:
    race = lined_up(
        tmp_path / "race", "maml", seeds=(0, 1), terms=Terms(split_by_seed=True), **TINY
    )
    result = run(race)
    assert result["split_by_seed"]
    held_out = []
    for seed in (0, 1):
        recorded = open_run(tmp_path / "race" / f"maml-seed{seed}")
        assert recorded.config().task.split_seed == seed
        held_out.append(recorded.load_checkpoint().data_fingerprint)
    assert held_out[0] != held_out[1]


def test_the_interval_over_seeds_is_students(tmp_path: Path) -> None:
    row = run(lined_up(tmp_path / "race", "maml", seeds=(0, 1, 2)))["contenders"][0]
    means = [seed["steps"][-1]["mean"] for seed in row["seeds"]]
    assert row["over_seeds"]["mean"] == pytest.approx(statistics.mean(means))
    expected = 4.302652 * statistics.stdev(means) / math.sqrt(3)
    assert row["over_seeds"]["ci95"] == pytest.approx(expected, rel=1e-3)
    assert run(lined_up(tmp_path / "one", "maml"))["contenders"][0]["over_seeds"] is None


@pytest.mark.parametrize("kind", OWN)
def test_settings_of_their_own_name_real_fields_and_fit(kind: str) -> None:
    problems = {
        "mse": {},
        "accuracy": {"task": {"name": "glyphs"}, "model": {"name": "conv4"}},
        "return": {"task": {"name": "navigation"}, "model": {"name": "mlp_gaussian"}},
    }
    base = tiny_config(**problems[kind])
    assert set(OWN[kind]) <= set(names("algorithm")) - {"maml"}
    for name, own in OWN[kind].items():
        changes = {**own, "algorithm": {"name": name, **own["algorithm"]}}
        config: ExperimentConfig = base.replaced(changes)
        for section, fields in own.items():
            made = config.to_json()[section]
            assert {field: made[field] for field in fields} == fields
