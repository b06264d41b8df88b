"""The outer loop's hyper-parameters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from workbench.core.curve import Selection
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.named_code import LOSS_FILE
from workbench.core.params import Params, param
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.task import ProblemSpec
from workbench.engine.choice import StrategyName
from workbench.experiments.devices import DeviceName

MAX_ITERATIONS = 10_000_000


class TrainingParams(Params):
    """The outer loop and how it is watched."""

    iterations: int = param(
        10_000, marked("Outer steps, one meta-batch each."), ge=1, le=MAX_ITERATIONS, log_scale=True
    )
    seconds: float = param(
        0.0,
        marked("Stop after this much training, if the iterations last longer; 0 is no limit."),
        unit="s",
        ge=0,
        le=1e7,
        advanced=True,
        more=marked(
            "Counts outer steps alone: evaluations, pauses and a first "
            "compilation are free. A schedule of the outer rate then "
            "follows the clock, so the run does not repeat bit for bit."
        ),
    )
    meta_batch: int = param(
        25, marked("Tasks averaged in one outer step."), symbol="B", ge=1, le=1024, log_scale=True
    )
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "trpo", "clipped"] = param(
        "adam",
        marked("How the outer gradient moves the meta-parameters."),
        more=marked(
            "Trpo and clipped are for policies: the one goes as far as the "
            "adapted policies may change, whatever the rate; the other "
            "takes some steps of Adam on the clipped surrogate loss."
        ),
    )
    outer_rate: float = param(
        1e-3, marked("Step size of the outer optimiser."), symbol="β", gt=0, le=10, log_scale=True
    )
    schedule: Literal["constant", "linear", "cosine", "step", "plateau"] = param(
        "constant",
        marked(
            "Keep the outer rate, or lower it along a line, a half cosine, by steps, or whenever "
            "validation stands still."
        ),
    )
    final_rate: float = param(
        0.0,
        marked("The outer rate that a schedule ends at, and goes never below."),
        ge=0,
        le=10,
        advanced=True,
    )
    decay: float = param(
        0.5,
        marked("What the schedules step and plateau multiply the outer rate by."),
        gt=0,
        le=1,
        advanced=True,
    )
    decay_every: int = param(
        1000,
        marked("Outer steps after which the schedule step lowers the rate, each time."),
        ge=1,
        le=MAX_ITERATIONS,
        log_scale=True,
        advanced=True,
    )
    decay_patience: int = param(
        5,
        marked("Validations without a better one after which plateau lowers the rate."),
        ge=1,
        le=10_000,
        advanced=True,
    )
    warm_up: int = param(
        0,
        marked("Outer steps over which the rate rises from near zero; 0 for none."),
        ge=0,
        le=MAX_ITERATIONS,
        advanced=True,
    )
    patience: int = param(
        0,
        marked("End after so many validations without a better one; 0 goes on to the end."),
        ge=0,
        le=10_000,
        advanced=True,
        more=marked(
            "The weights best on validation are tested, as always. A run that ended early goes on "
            "when it is resumed with more patience."
        ),
    )
    seed: int = param(
        0, marked("Settles the initial weights and every task drawn."), ge=0, le=2**53, unit=""
    )
    label_smoothing: float = param(
        0.0,
        marked("Share of every label that is spread over all classes, in inner and outer loss."),
        ge=0,
        lt=1,
        advanced=True,
        more=marked("Losses that are shown are those that are trained; accuracy is as it was."),
    )
    class_weights: Literal["none", "balanced"] = param(
        "none",
        marked("Balanced: all classes of a set count alike, however many items each has."),
        advanced=True,
        more=marked("Tasks that are drawn are balanced; support sets made by hand need not be."),
    )
    loss_file: Path = param(
        Path(),
        marked("Python file with a loss of yours, in inner and outer loop; none for the task's."),
        advanced=True,
        more=marked(
            "The file defines loss(outputs, targets), see resources/templates/loss.py. It stands "
            "in place of the task's loss, so smoothed labels and class weights are the file's "
            "business. The metric stays the task's. It runs only once you have trusted it."
        ),
    )
    loss_sha256: str = param(
        "",
        marked("SHA-256 of that file as it was used; a record, filled in when a run is made."),
        advanced=True,
    )
    gradient_limit: Literal["none", "clamp", "clip"] = param(
        "none",
        marked("Limit the outer gradient: clamp each number, or clip the norm of all."),
        advanced=True,
        more=marked("The MAML authors clamp to ±10 on mini-ImageNet."),
    )
    gradient_bound: float = param(
        10.0,
        marked("The limit that clamp or clip applies."),
        gt=0,
        le=1e6,
        log_scale=True,
        advanced=True,
    )
    max_kl: float = param(
        0.01,
        marked("What an outer step of trpo may change adapted policies by: mean KL divergence."),
        symbol="δ",
        gt=0,
        le=100,
        log_scale=True,
        advanced=True,
    )
    clip: float = param(
        0.2,
        marked("How far clipped follows the ratio of new to old likelihood from 1."),
        symbol="ε",
        gt=0,
        lt=1,
        advanced=True,
    )
    epochs: int = param(
        3,
        marked("Steps of Adam that clipped takes on one meta-batch."),
        ge=1,
        le=100,
        advanced=True,
    )
    eval_interval: int = param(
        500, marked("Outer steps between evaluations on validation tasks."), ge=1, log_scale=True
    )
    eval_tasks: int = param(
        100, marked("Validation tasks in each evaluation."), ge=2, le=10_000, log_scale=True
    )
    test_tasks: int = param(
        600,
        marked("Test tasks measured once, at the end, with the weights best on validation."),
        ge=2,
        le=100_000,
        log_scale=True,
        advanced=True,
    )
    select_by: Selection = param(
        "mean",
        marked(
            "What is best about the best weights on validation; trimmed is a mean without extremes."
        ),
        advanced=True,
        more=marked(
            "Trimmed leaves out the tenth of the tasks at either end. One "
            "task that diverges can make most of a mean, and then settles "
            "which weights are taken. The test is reported by mean and "
            "median whatever is chosen here."
        ),
    )
    checkpoint_interval: int = param(
        500, marked("Outer steps between checkpoints."), ge=1, log_scale=True, advanced=True
    )
    device: DeviceName = param(
        "auto",
        marked("What computes; auto takes a CUDA GPU where there is one, and else the CPU."),
        advanced=True,
        more=marked(
            "The same tasks are drawn whatever computes; losses agree up to rounding. Of several "
            "GPUs the first is used: CUDA_VISIBLE_DEVICES says which one that is. Apple's (mps) "
            "is used when it is asked for."
        ),
    )
    strategy: StrategyName = param(
        "auto",
        marked("How the engine computes; auto takes the fastest way that fits model and machine."),
        advanced=True,
        more=marked(
            "All ways agree up to rounding; a run repeats bit for bit only on the same one."
        ),
    )
    recompute: bool = param(
        False,
        marked("Compute each inner step twice, so that memory does not grow with inner steps."),
        advanced=True,
    )
    transductive: bool = param(
        True,
        marked("Predict a query set as one batch, as the MAML authors do."),
        more=marked(
            "With batch normalisation the items of a query set then help "
            "each other, and numbers come out higher. Off: each query item "
            "is predicted beside the support set alone, when learners are "
            "scored and watched. Every number says which it is."
        ),
    )
    workers: int = param(
        0, marked("Threads that take tasks; 0 is one for each core."), ge=0, le=256, advanced=True
    )

    def recorded(self) -> dict[str, Any]:
        return LOSS_FILE.record(self.model_dump())

    def changed(self) -> str:
        return LOSS_FILE.changed(self.model_dump())


SURROGATE = ("trpo", "clipped")
"""Outer optimisers that judge a meta-batch again at other meta-parameters."""


def optimizer_misfits(
    spec: ProblemSpec, training: TrainingParams, *, descends: bool
) -> Iterator[BadInput]:
    """Why an optimiser asks for more than this problem or method gives."""
    if training.optimizer not in SURROGATE:
        return
    if not isinstance(spec.objective, PolicyGradient):
        yield BadInput(
            "training.optimizer",
            marked("{0} is for policies, and here nothing is acted").format(training.optimizer),
            marked("Choose adam"),
            Mend("training.optimizer", "adam"),
        )
    elif not descends:
        yield BadInput(
            "training.optimizer",
            marked("{0} needs an outer loss, and this method moves without one").format(
                training.optimizer
            ),
            marked("Choose sgd"),
            Mend("training.optimizer", "sgd"),
        )
