"""Studies: every trial once, whoever is stopped or killed; and Optuna's own tools read them."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import optuna
import pytest
import torch
from optuna.storages.journal import JournalFileBackend, JournalStorage

from tests.processes import begin, wait_for
from tests.processes import ended as finished
from tests.tiny import tiny_config, training
from tests.unit.search.kit import RATE, ended, plan, searcher, study, until
from workbench.core.errors import BadInput
from workbench.core.events import CheckpointSaved, StepDone
from workbench.experiments.runs import list_runs
from workbench.experiments.search.choosing import KILLED, next_trial, settle_dead
from workbench.experiments.search.learned import best_so_far, importances
from workbench.experiments.search.samplers import grid
from workbench.experiments.search.seat import WORKERS, taken
from workbench.experiments.search.study import PLAN, Study
from workbench.experiments.search.trial import State
from workbench.experiments.store import Run, open_run


@pytest.mark.parametrize("sampler", ["tpe", "gp", "random"])
def test_a_sampler_has_its_trials_and_the_same_seed_the_same(sampler: str, tmp_path: Path) -> None:
    found = [ended(study(tmp_path / name, plan(sampler=sampler, trials=3))) for name in "ab"]
    assert [trial.values for trial in found[0]] == [trial.values for trial in found[1]]
    assert len(found[0]) == 3 and len({str(trial.values) for trial in found[0]}) == 3
    for trial in found[0]:
        assert trial.state is State.COMPLETE
        assert 0.001 <= trial.values["algorithm.inner_rate"] <= 0.1
        config = open_run(tmp_path / "a" / trial.run).config()
        assert config.algorithm.inner_rate == trial.values["algorithm.inner_rate"]


def test_a_trial_is_a_run_and_its_score_the_best_validation(tmp_path: Path) -> None:
    made = study(tmp_path / "one", plan(trials=2, sampler="random"))
    trials = ended(made)
    listed = {run.name: run for run in list_runs(tmp_path)}
    assert set(listed) == {"one/trial-0000", "one/trial-0001"}
    for trial in trials:
        best = open_run(made.folder / trial.run).load_checkpoint().best
        assert best is not None and trial.score == best.after
    best = made.best()
    assert best is not None and best.score == min(trial.score or 0 for trial in trials)
    assert [score for _, score in best_so_far(made, made.trials())][-1] == best.score


def test_importance_is_of_what_decides(tmp_path: Path) -> None:
    made = study(tmp_path / "one", plan(trials=0))
    from optuna.distributions import FloatDistribution

    flat = {name: FloatDistribution(0.0, 1.0) for name in ("decides", "idle")}
    for number in range(30):
        values = {"decides": number / 30, "idle": (number * 7 % 30) / 30}
        made.found.add_trial(
            optuna.trial.create_trial(params=values, distributions=flat, value=number / 30)
        )
    shares = importances(made)
    assert next(iter(shares)) == "decides" and shares["decides"] > 0.8


def test_one_that_is_stopped_goes_on_bit_for_bit(tmp_path: Path) -> None:
    made = study(tmp_path / "cut", plan(trials=2, sampler="random"))
    first = searcher(made)
    events = first.events()
    until(events, CheckpointSaved)
    first.request_stop()
    list(events)
    kept = Study.open(made.folder)
    (stopped,) = kept.trials()
    assert stopped.state is State.STOPPED
    assert stopped.ended is not None and stopped.ended > stopped.began
    trials = ended(kept)
    assert [trial.state for trial in kept.trials()] == [State.COMPLETE] * 2
    assert trials[0].number == 0
    run = open_run(made.folder / "trial-0000")
    alone = training(run.config(), tmp_path / "alone")
    list(alone.events())
    whole = Run(tmp_path / "alone").load_checkpoint().weights
    for name, tensor in run.load_checkpoint().weights.items():
        assert torch.equal(tensor, whole[name]), name


def test_one_that_is_stopped_before_its_first_checkpoint_begins_anew(tmp_path: Path) -> None:
    config = tiny_config(training={"checkpoint_interval": 100})
    made = study(tmp_path / "cut", plan(config=config, trials=1))
    events = searcher(made).events()
    until(events, StepDone)
    events.close()  # as in a process that ends without a word, but for the seat
    for trial in made.found.get_trials(deepcopy=False):
        optuna.Trial(made.found, trial._trial_id).set_user_attr("ended", "stopped")
    assert [trial.state for trial in ended(Study.open(made.folder))] == [State.COMPLETE]


def test_pruning_ends_what_lags_behind(tmp_path: Path) -> None:
    """Most rates leave the loss where it is; the pruned runs are stopped, and whole."""
    config = tiny_config(
        training={
            "iterations": 12,
            "eval_interval": 1,
            "checkpoint_interval": 6,
            "outer_rate": 0.01,
        }
    )
    made = study(
        tmp_path / "one",
        plan(RATE, "training.outer_rate=log:1e-7..1e-1", config=config, trials=12, sampler="random",
             pruner="median"),
    )  # fmt: skip
    trials = ended(made)
    pruned = [trial for trial in trials if trial.state is State.PRUNED]
    assert pruned and len(pruned) < len(trials)
    for trial in pruned:
        result = open_run(made.folder / trial.run).result()
        assert result is not None and result["reason"] == "stopped"
        assert result["iterations"] <= 12
    assert min(max(trial.reported) for trial in pruned) < 12


def test_one_that_cannot_run_is_kept_and_counted_and_the_others_run(tmp_path: Path) -> None:
    made = study(tmp_path / "one", plan("algorithm.inner_steps=1,2,3", sampler="grid"))
    (made.folder / "trial-0001").touch()  # where its run would stand
    ended(made)
    assert made.counts() == {State.COMPLETE: 2, State.FAILED: 1}
    assert "trial-0001" in made.trials()[1].told


def test_what_together_makes_no_experiment_fails_alone(tmp_path: Path) -> None:
    config = tiny_config(algorithm={"test_steps": 2})
    made = study(tmp_path / "one", plan("model.hidden=8/8,8", config=config, sampler="grid"))
    made.found.enqueue_trial({"model.hidden": "8"})
    list(searcher(made).events())
    assert made.counts()[State.COMPLETE] == 3


def test_a_diverged_one_is_told_apart(tmp_path: Path) -> None:
    made = study(tmp_path / "one", plan("algorithm.inner_rate=0.01,90", sampler="grid"))
    ended(made)
    states = {t.values["algorithm.inner_rate"]: t.state for t in made.trials()}
    assert states == {0.01: State.COMPLETE, 90.0: State.DIVERGED}
    assert made.trials()[1].told


@pytest.mark.parametrize("database", [False, True])
def test_stock_optuna_reads_it(database: bool, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    place = f"sqlite:///{file}" if database else str(file)
    made = study(tmp_path / "one", plan(trials=2, sampler="random"), place)
    trials = ended(made)
    stock = optuna.load_study(
        study_name="one",
        storage=place if database else JournalStorage(JournalFileBackend(str(file))),
    )
    assert [trial.value for trial in stock.trials] == [trial.score for trial in trials]
    assert stock.best_trial.number == (made.best() or trials[0]).number
    assert stock.metric_names == ["mse"]
    again = Study.open(tmp_path / "elsewhere" / "one", place)  # of a machine that has only that
    assert again.plan == made.plan and again.trials() == made.trials()


def test_a_torn_last_line_is_dropped_and_nothing_else(tmp_path: Path) -> None:
    made = study(tmp_path / "one", plan(trials=2, sampler="random"))
    ended(made)
    journal = made.folder / "study.journal"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"op_code":6,"worker_id":"x","tri')
    assert Study.open(made.folder).trials() == made.trials()
    assert journal.read_bytes() == whole


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nodatabase://x", "cannot be opened"),
        ("sqlite:////no/such/folder/x.db", "cannot be opened"),
    ],
)
def test_a_storage_that_cannot_be_opened_is_said(place: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=message):
        study(tmp_path / "one", plan(trials=1), place)


def test_a_folder_that_holds_no_study_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no study"):
        Study.open(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="is not empty"):
        study(tmp_path, plan(trials=1))


def test_a_killed_process_loses_no_point_and_none_is_done_twice(tmp_path: Path) -> None:
    """Two processes on one journal; one is killed within a trial."""
    config = tiny_config(training={"iterations": 200, "checkpoint_interval": 50, "workers": 1})
    made = study(tmp_path / "grid", plan("algorithm.inner_steps=1,2,3", RATE, config=config,
                                         sampler="grid", points=2))  # fmt: skip
    points = list(grid(made.plan))
    join = ("sweep", "--study", made.folder, "--json")
    killed = begin(*join)
    wait_for(lambda: any(trial.run for trial in made.trials()))
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    first, second = begin(*join), begin(*join)
    for process in (first, second):
        json.loads(finished(process)[1].splitlines()[-1])
    trials = made.trials()
    failed = [trial for trial in trials if trial.state is State.FAILED]
    done = [trial for trial in trials if trial.state is State.COMPLETE]
    assert len(failed) == 1 and "ended without a word" in failed[0].told
    assert sorted(str(dict(trial.values)) for trial in done) == sorted(map(str, points))
    assert len({trial.run for trial in trials}) == len(trials) == len(points) + 1


def test_one_killed_between_its_choice_and_its_signature_is_not_waited_for(tmp_path: Path) -> None:
    """Optuna knows it as running, and nothing says whose it is; its process has left a seat."""
    made = study(tmp_path / "one", plan("algorithm.inner_rate=0.1,0.2", sampler="grid"))
    made.found.ask()
    settle_dead(made)
    assert made.counts()[State.RUNNING] == 1, "of another machine, for all that is known"
    with taken(made.folder) as seat:
        settle_dead(made)
        assert made.counts()[State.RUNNING] == 1, "whoever sits may be about to sign"
        (made.folder / WORKERS / "killed.seat").touch()
        trial = next_trial(made, seat)
    assert trial is not None and trial.user_attrs["worker"] == seat.name
    assert not (made.folder / WORKERS / "killed.seat").exists()
    assert made.counts() == {State.FAILED: 1, State.RUNNING: 1, State.WAITING: 1}
    assert made.trials()[0].told == KILLED


def test_a_study_from_before_there_were_seconds_and_cores_opens(tmp_path: Path) -> None:
    made = study(tmp_path / "one", plan(trials=2, seconds=60.0, cores=2))
    assert Study.open(made.folder).plan == made.plan
    old = {k: v for k, v in made.plan.to_json().items() if k not in ("seconds", "cores")}
    made.found.set_user_attr(PLAN, old)
    found = Study.open(made.folder).plan
    assert (found.seconds, found.cores, found.trials) == (0.0, 1, 2)
