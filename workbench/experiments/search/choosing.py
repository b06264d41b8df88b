"""Which trial a process does next: one that was stopped goes on before a new one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.marked import marked
from workbench.experiments.record.lock import is_held
from workbench.experiments.search import seat as seats
from workbench.experiments.search.quiet import quiet
from workbench.experiments.search.seat import Seat
from workbench.experiments.search.study import Study
from workbench.experiments.search.trial import ENDED, RUN, TOLD, WORKER, State

if TYPE_CHECKING:
    import optuna

KILLED = marked("Its process ended without a word")


def next_trial(study: Study, seat: Seat) -> optuna.Trial | None:
    """Nothing when the study has its trials, or the grid its points."""
    with seat.asking():
        _settle_dead(study)
        trial = _stopped(study) or _new(study)
        if trial is not None:
            trial.set_user_attr(WORKER, seat.name)
            trial.set_user_attr(ENDED, "")
        return trial


def settle_dead(study: Study) -> None:
    """Mark as failed what nobody works on any more; its place in a grid is done again."""
    with seats.asking(study.folder):
        _settle_dead(study)


def _settle_dead(study: Study) -> None:
    """While nobody of this folder chooses: a trial that no worker has signed is then a dead one's,
    killed between its choice and its signature."""
    import optuna

    with quiet():
        optuna.storages.fail_stale_trials(study.found)  # of machines whose seats are not seen here
    running = study.found.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,))
    signed = {frozen.user_attrs.get(WORKER, "") for frozen in running}
    dead = seats.dead(study.folder)
    unsigned = sorted(dead - signed)
    for frozen in running:
        worker = frozen.user_attrs.get(WORKER) or (unsigned.pop() if unsigned else "")
        if frozen.user_attrs.get(ENDED) or worker not in dead:
            continue
        optuna.Trial(study.found, frozen._trial_id).set_user_attr(TOLD, KILLED)
        study.found.tell(frozen.number, state=optuna.trial.TrialState.FAIL, skip_if_finished=True)
        if study.plan.sampler == "grid":
            study.found.enqueue_trial(frozen.system_attrs.get("fixed_params", frozen.params))
    for worker in dead:
        seats.forget(study.folder, worker)


def _stopped(study: Study) -> optuna.Trial | None:
    """The oldest that was stopped, whose run stands here and is written by nobody."""
    import optuna

    for frozen in study.found.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
        run = frozen.user_attrs.get(RUN, "")
        if frozen.user_attrs.get(ENDED) != State.STOPPED or not run:
            continue
        if (study.folder / run).is_dir() and not is_held(study.folder / run):
            return optuna.Trial(study.found, frozen._trial_id)
    return None


def _new(study: Study) -> optuna.Trial | None:
    import optuna

    trials = study.found.get_trials(deepcopy=False)
    waiting = [one for one in trials if one.state is optuna.trial.TrialState.WAITING]
    begun = len(trials) - len(waiting)
    if study.plan.trials and begun >= study.plan.trials:
        return None
    if study.plan.sampler == "grid" and not waiting:
        return None
    with quiet():
        return study.found.ask()
