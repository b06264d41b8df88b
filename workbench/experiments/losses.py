"""The problem with the loss that the training asks for, in inner and outer loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbench.core.algorithm import Algorithm
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.named_code import LOSS_FILE
from workbench.core.objective import AdjustedClassification, Classification
from workbench.core.own_loss import own_loss
from workbench.core.params import Params
from workbench.core.task import ProblemSpec
from workbench.experiments.training_params import TrainingParams


def trained_on(spec: ProblemSpec, training: TrainingParams) -> ProblemSpec:
    """The problem with the loss asked for, which `misfits` found nothing against.

    Raises `BadInput` for a file of the user's that is no loss, or may not run.
    """
    code = LOSS_FILE.code(training.model_dump())
    if code is not None:
        return replace(spec, objective=own_loss(code, spec.objective, spec.outputs))
    if not any(_adjusted(training).values()):
        return spec
    balanced = training.class_weights == "balanced"
    return replace(spec, objective=AdjustedClassification(training.label_smoothing, balanced))


def misfits(
    spec: ProblemSpec, training: TrainingParams, algorithm: type[Algorithm], params: Params
) -> Iterator[BadInput]:
    """Why the loss asked for cannot be trained; runs nothing of the user's."""
    own = LOSS_FILE.names(training.model_dump())
    adjusted = [where for where, is_asked in _adjusted(training).items() if is_asked]
    asked = [*([LOSS_FILE.where] if own else []), *adjusted]
    if own and spec.collected:
        yield BadInput(
            LOSS_FILE.where,
            marked("is a loss of outputs and targets, and a policy learns from what it earns"),
            marked("Leave it empty"),
            _back(LOSS_FILE.where),
        )
    elif own and adjusted:
        yield BadInput(
            adjusted[0],
            marked("changes nothing: the loss is that of {0}").format(training.loss_file),
            marked("Set it back, or leave training.loss_file empty"),
            _back(adjusted[0]),
        )
    elif adjusted and type(spec.objective) is not Classification:
        yield BadInput(
            adjusted[0],
            marked("is for the cross-entropy of classes, and this task has another loss"),
            marked("Set it back"),
            _back(adjusted[0]),
        )
    elif asked and (loss := algorithm.own_loss(params)):
        yield BadInput(
            asked[0],
            marked("changes nothing: this algorithm trains {0}").format(loss),
            marked("Set it back, or choose another algorithm"),
            _back(asked[0]),
        )


def _back(where: str) -> Mend:
    """The field as it is where nothing is asked for."""
    return Mend(where, TrainingParams.model_fields[where.partition(".")[2]].default)


def _adjusted(training: TrainingParams) -> dict[str, bool]:
    """The fields that adjust the cross-entropy, and whether they do."""
    return {
        "training.label_smoothing": training.label_smoothing > 0,
        "training.class_weights": training.class_weights == "balanced",
    }
