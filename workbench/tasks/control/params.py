"""What every family of control asks for."""

from __future__ import annotations

from workbench.core.marked import marked
from workbench.core.params import Params, param


class ControlParams(Params):
    shots: int = param(
        20,
        marked("Trajectories that each inner step learns from."),
        symbol="K",
        ge=1,
        le=1000,
        more=marked("They are collected anew with the policy as it is before each step."),
    )
    queries: int = param(
        20, marked("Trajectories that the adapted policy is judged on."), ge=1, le=1000
    )
    horizon: int = param(100, marked("Steps of a trajectory at most."), symbol="H", ge=1, le=10_000)
    discount: float = param(
        0.99, marked("What a reward one step later is worth."), symbol="γ", ge=0, le=1
    )
    gae: float = param(
        1.0,
        marked("Generalised advantage estimation: 1 trusts returns, 0 the baseline."),
        symbol="λ",
        ge=0,
        le=1,
        advanced=True,
    )
    baseline: bool = param(
        True,
        marked("Compare returns with a linear fit to states and time."),
        advanced=True,
        more=marked("Without it every advantage is the return itself, less the mean of all."),
    )
