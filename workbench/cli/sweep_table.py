"""A study in the terminal: lines while it goes on, the table at its end, and its JSON."""

from __future__ import annotations

from typing import Any

from workbench import terminal
from workbench.cli.table import print_table, print_text
from workbench.experiments.search.learned import importances
from workbench.experiments.search.study import Study
from workbench.experiments.search.trial import State, Trial

SHOWN = 10


def values_line(trial: Trial) -> str:
    return f"trial {trial.number}: {told_values(trial)}"


def ended_line(trial: Trial, study: Study) -> str:
    score = "" if trial.score is None else f", validation {study.metric} {trial.score:.4g}"
    return f"trial {trial.number}: {trial.state}{score}{f': {trial.told}' if trial.told else ''}"


def told_values(trial: Trial) -> str:
    return ", ".join(f"{field} {_short(value)}" for field, value in trial.values.items())


def print_study(study: Study) -> None:
    """How many there are, the best of them, and what decided."""
    trials = study.trials()
    terminal.write()
    print_text(f"study: {study.folder}")
    counts = study.counts()
    print_text(", ".join(f"{counts[state]} {state}" for state in State if counts[state]))
    _print_best(study, trials)
    shares = importances(study)
    if shares:
        told = ", ".join(f"{field} {share:.0%}" for field, share in shares.items())
        print_text(f"importance (PED-ANOVA): {told}")
    best = study.best(trials)
    if best is not None:
        print_text(f"best: trial {best.number}, {study.folder / best.run}")


def _print_best(study: Study, trials: tuple[Trial, ...]) -> None:
    done = [one for one in trials if one.state is State.COMPLETE and one.score is not None]
    done.sort(key=lambda one: (one.score or 0.0) * (-1 if study.maximised else 1))
    if not done:
        return
    fields = [one.field for one in study.plan.space]
    rows = [
        [
            str(one.number),
            f"{one.score:.4g}",
            *(_short(one.values[field]) if field in one.values else "" for field in fields),
        ]
        for one in done[:SHOWN]
    ]
    terminal.write()
    print_table(["trial", f"validation {study.metric}", *fields], rows)
    terminal.write()


def as_result(study: Study) -> dict[str, Any]:
    """What ``--json`` prints."""
    trials = study.trials()
    best = study.best(trials)
    return {
        "study": study.name,
        "folder": str(study.folder),
        "storage": study.place,
        "metric": study.metric,
        "maximised": study.maximised,
        "plan": study.plan.to_json(),
        "counts": {str(state): count for state, count in study.counts().items()},
        "best": None if best is None else _row(best),
        "trials": [_row(trial) for trial in trials],
        "importances": importances(study),
    }


def _row(trial: Trial) -> dict[str, Any]:
    return {
        "number": trial.number,
        "state": str(trial.state),
        "values": dict(trial.values),
        "score": trial.score,
        "run": trial.run,
        "told": trial.told,
    }


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
