"""What a column is, in words: where its weights come from, and under which terms it is judged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.core import resources
from workbench.gui.lab.compare.choices import tr
from workbench.gui.lab.compare.column import Column
from workbench.gui.lab.learner_box import LIVE
from workbench.gui.lab.source import UNTRAINED
from workbench.gui.lab.walk import diverged_at
from workbench.gui.state import methods
from workbench.gui.state.bundled import BUNDLED
from workbench.gui.style import counts, words

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.core.episode import Episode
    from workbench.core.task import ProblemSpec
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner


def source(column: Column) -> str:
    """Run and iteration, or that nothing was meta-trained."""
    choice, learner = column.choice, column.learner
    if choice is None:
        return "" if learner is None else _own_source(learner)
    if choice.path is None:
        trains = methods.trains(choice.config)
        return tr("untrained") if trains else tr("baseline, no training")
    if choice.path.parent == resources.path("bundled"):
        parts = [tr("bundled example")]
    else:
        parts = [tr("run {0}").format(short_name(choice.name, choice.config))]
    if choice.iteration is not None:
        parts.append(_iteration(choice.iteration))
    elif learner is not None:
        parts.append(tr("best: {0}").format(_iteration(learner.iteration)))
    return "\n".join(parts)


def one_line(column: Column) -> str:
    """Its method and where its weights come from, for a legend."""
    method = "–" if column.config is None else methods.title(column.config)
    return " · ".join([method, *source(column).split("\n")])


def _own_source(learner: Learner) -> str:
    if learner.label == UNTRAINED:
        return tr("untrained")
    if learner.label == BUNDLED:
        return "\n".join([tr("bundled example"), counts.iterations(learner.iteration)])
    run = tr("live model")
    if learner.label != LIVE:
        run = tr("run {0}").format(short_name(learner.label, learner.config))
    return "\n".join([run, _iteration(learner.iteration)])


def _iteration(count: int) -> str:
    return tr("iteration {0}").format(words.thousands(count))


def short_name(name: str, config: ExperimentConfig) -> str:
    """A run's name without the algorithm and the task, which stand beside it anyway.

    It may go on in the next line after each of its parts.
    """
    said = f"-{config.algorithm.name}-{config.task.name}"
    return name.replace(said, "").replace("-", "-\u200b").replace("/", "/\u200b")


def figure(spec: ProblemSpec, value: float) -> str:
    """The big number of a column: ``64 %``, or a squared error."""
    if not math.isfinite(value):
        return "–"
    return words.figure_text(spec.metric, value)


def start(column: Column, spec: ProblemSpec) -> str:
    """What the big number is to be compared with."""
    if not column.stepwise:
        return tr("one step")
    return tr("from {0}").format(figure(spec, column.steps[0].query_metric))


def details(column: Column, step: AdaptStep, spec: ProblemSpec) -> str:
    """The protocol; before it the loss, or the start where the loss is the big number itself."""
    learner = column.learner
    assert learner is not None
    if not step.judged:
        return words.protocol(learner.algorithm.transductive)
    loss = tr("loss {0}").format(words.short(step.query_loss))
    first = start(column, spec) if spec.chance is None else loss
    return "\n".join([first, words.protocol(learner.algorithm.transductive)])


def trouble(column: Column) -> str:
    if column.problem:
        return column.problem
    step = diverged_at(column.steps)
    if step is None:
        return ""
    return tr("Diverged at step {0}: no number").format(step)


def budget(columns: list[Column], planned: int, episode: Episode) -> str:
    """What all of them were given, and whether their numbers compare."""
    support, query = len(episode.support.y), len(episode.query.y)
    same = tr("on the same {0} support and {1} query items").format(support, query)
    walking = [column for column in columns if column.stepwise]
    taken = tr("1 inner step") if planned == 1 else tr("{0} inner steps").format(planned)
    if not walking:
        text = tr("Closed forms, without inner steps, {0}.").format(same)
    elif len(walking) < len(columns):
        text = tr("Each takes {0} {1}; closed forms take none.").format(taken, same)
    else:
        text = tr("Each takes {0} {1}.").format(taken, same)
    protocols = {one.learner.algorithm.transductive for one in columns if one.learner is not None}
    if len(protocols) > 1:
        text += " " + tr("Some are transductive, some are not: these do not compare.")
    return text
