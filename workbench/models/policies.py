"""Policies of control: fully connected networks whose outputs settle what is done.

C. Finn et al., ICML 2017, appendix A.2: two hidden layers of 100, the Gaussian's deviations are
parameters of their own that adapt with the others.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import Literal

from torch import nn

from workbench.core.actions import Actions, CategoricalActions, GaussianActions
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine.spread import LogSpread
from workbench.models.mlp import ACTIVATIONS, Width


class PolicyParams(Params):
    hidden: tuple[Width, ...] = param(
        (64, 64), marked("Width of each hidden layer, e.g. 64,64."), min_length=1, max_length=64
    )
    activation: Literal["relu", "tanh"] = param("tanh", marked("Non-linearity between layers."))


class GaussianPolicyParams(PolicyParams):
    name: Literal["mlp_gaussian"] = "mlp_gaussian"
    deviation: float = param(
        1.0, marked("Standard deviation of every action to begin with."), gt=0, le=100
    )


class CategoricalPolicyParams(PolicyParams):
    name: Literal["mlp_categorical"] = "mlp_categorical"


def actions_of(spec: ProblemSpec) -> Actions | None:
    """What is chosen from; nothing where a task is not one of acting."""
    objective = spec.objective
    return objective.actions if isinstance(objective, PolicyGradient) else None


def no_numbers_to_choose(spec: ProblemSpec) -> str:
    if isinstance(actions_of(spec), GaussianActions):
        return ""
    return marked("mlp_gaussian is a policy over real numbers, and this task asks for none")


def nothing_to_choose_from(spec: ProblemSpec) -> str:
    if isinstance(actions_of(spec), CategoricalActions):
        return ""
    return marked("mlp_categorical chooses among a few actions, and this task has none")


@register(
    "model",
    "mlp_gaussian",
    title=marked("Gaussian policy"),
    params=GaussianPolicyParams,
    unfit=no_numbers_to_choose,
)
def mlp_gaussian(params: GaussianPolicyParams, spec: ProblemSpec) -> nn.Module:
    """Means of real-valued actions, with learned deviations."""
    actions = actions_of(spec)
    assert actions is not None
    layers = _body(params, spec)
    layers["head"] = nn.Linear(params.hidden[-1], actions.count)
    layers["spread"] = LogSpread(actions.count, params.deviation)
    return nn.Sequential(layers)


@register(
    "model",
    "mlp_categorical",
    title=marked("Categorical policy"),
    params=CategoricalPolicyParams,
    unfit=nothing_to_choose_from,
)
def mlp_categorical(params: CategoricalPolicyParams, spec: ProblemSpec) -> nn.Module:
    """Logits of the actions to choose from."""
    layers = _body(params, spec)
    layers["head"] = nn.Linear(params.hidden[-1], spec.outputs)
    return nn.Sequential(layers)


def _body(params: PolicyParams, spec: ProblemSpec) -> OrderedDict[str, nn.Module]:
    layers = OrderedDict[str, nn.Module]()
    for number, (inputs, outputs) in enumerate(
        itertools.pairwise((spec.input_shape[0], *params.hidden)), 1
    ):
        layers[f"hidden{number}"] = nn.Linear(inputs, outputs)
        layers[f"{params.activation}{number}"] = ACTIVATIONS[params.activation]()
    return layers
