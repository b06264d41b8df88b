"""How a study stands, in a line each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.gui.search.names import short_title
from workbench.gui.search.seen import Seen, state_text, value_text
from workbench.gui.style import words

ORDER = ("running", "stopped", "complete", "pruned", "diverged", "failed")


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyStanding", text)


def terms_text(seen: Seen) -> str:
    """How it searches, and what."""
    plan = seen.study.plan
    fields = ", ".join(f"{short_title(one.field)} {one.told}" for one in plan.space)
    sampler = {
        "tpe": tr("TPE"),
        "gp": tr("Gaussian process"),
        "random": tr("at random"),
        "grid": tr("grid"),
    }[plan.sampler]
    pruner = {
        "none": "",
        "median": tr("median pruning"),
        "hyperband": tr("Hyperband pruning"),
    }[plan.pruner]
    cores = tr("{0} at a time").format(plan.cores) if plan.cores > 1 else ""
    return " · ".join(text for text in (sampler, pruner, cores, turn_text(seen), fields) if text)


def turn_text(seen: Seen) -> str:
    """How long it is worked on each time; empty where only its trials end it."""
    seconds = seen.study.plan.seconds
    return tr("in turns of {0}").format(words.duration(seconds)) if seconds else ""


def go_on_text(seen: Seen | None) -> str:
    """What it means to go on with the study."""
    text = tr("The trial that was stopped goes on, and others follow")
    if seen is None or not seen.study.plan.seconds:
        return text
    return tr("{0}; it ends after {1} as before").format(
        text, words.duration(seen.study.plan.seconds)
    )


def counts_text(seen: Seen) -> str:
    """``12 of 60 trials: 10 complete, 1 pruned, 1 failed``"""
    count = seen.study.plan.count
    begun = words.thousands(len(seen.trials))
    of = tr("{0} of {1}").format(begun, words.thousands(count)) if count else begun
    found = seen.counts
    parts = ", ".join(f"{found[state]} {state_text(state)}" for state in ORDER if found[state])
    return tr("Trials: {0} · {1}").format(of, parts) if parts else tr("Trials: {0}").format(of)


def best_text(seen: Seen) -> str:
    best = seen.best
    if best is None or best.score is None:
        return tr("No trial is complete yet")
    score = words.metric_text(seen.metric, best.score)
    name = words.metric_name(seen.metric)
    return tr("Best: trial {0}, {1} {2}").format(best.number, name, score)


def values_text(seen: Seen) -> str:
    """Of the best; empty before there is one."""
    values = {} if seen.best is None else seen.best.values
    return ", ".join(f"{short_title(f)} {value_text(v)}" for f, v in values.items())
