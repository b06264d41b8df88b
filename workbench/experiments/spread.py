"""How tasks lie around their mean, and an interval of the mean that holds for heavy tails too.

The interval is 1.96 sd / sqrt(n), as in the MAML authors' code, as long as the mean of n tasks is
near enough to normal: n > 25 G1^2 with G1 the skewness of the tasks (W. G. Cochran, "Sampling
Techniques", 3rd ed. 1977, section 2.15). One task that diverges breaks that, and the interval then
reaches below zero. There the bootstrap takes its place, bias-corrected and accelerated (B. Efron,
"Better Bootstrap Confidence Intervals", JASA 82, 1987): 2,000 resamples of the tasks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, stdev

import torch
from torch import Tensor

from workbench.core.curve import IntervalKind, Spread
from workbench.core.seeds import generator

RESAMPLES = 2000
LEAST = 30
"""Fewer tasks than this say nothing of a tail; their interval stays the normal one."""
TRIM = 0.1
CELLS = 2_000_000
"""Numbers drawn at once."""
STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179),
    *(2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064),
)
"""97.5 % quantiles of Student's t with 1, 2, ... degrees of freedom; the last serves for more."""
_NORMAL = NormalDist()

Interval = tuple[float, float, IntervalKind]


def spreads(values: Tensor, errors: bool) -> tuple[Spread, ...]:
    """One for each column of ``values [tasks, steps + 1]``; ``errors`` are better when small."""
    values = values.double()
    found = intervals(values) if errors else [_normal(column) for column in values.T]
    return tuple(
        _spread(column, interval, errors) for column, interval in zip(values.T, found, strict=True)
    )


def intervals(values: Tensor) -> list[Interval]:
    """Of the mean of each column: normal, or from the bootstrap where the tail is heavy."""
    heavy = [place for place, column in enumerate(values.T) if is_heavy(column)]
    found = [_normal(column) for column in values.T]
    if heavy:
        means = _resampled_means(values[:, heavy])
        for place, resampled in zip(heavy, means.T, strict=True):
            found[place] = _bca(values[:, place], resampled)
    return found


def is_heavy(values: Tensor) -> bool:
    """Whether 1.96 sd / sqrt(n) is not to be trusted, by Cochran's rule."""
    count = len(values)
    return count >= LEAST and 25 * _skewness(values) ** 2 > count


def ci95(values: Tensor) -> Tensor:
    """1.96 sd / sqrt(n) of each column."""
    count = values.shape[0]
    spread = values.std(dim=0, unbiased=True) if count > 1 else torch.zeros_like(values[0])
    return 1.96 * spread / math.sqrt(count)


def over_seeds(means: Sequence[float]) -> float:
    """Half of the 95 % interval of the mean of two runs or more, t sd / sqrt(n): Student's t.

    Few runs say little: of two the interval is 9 standard deviations wide on each side.
    """
    freedom = len(means) - 1
    t = STUDENT[min(freedom, len(STUDENT)) - 1]
    return t * stdev(means) / math.sqrt(len(means))


def ruled_by(errors: Tensor) -> tuple[int, float]:
    """The smallest number of tasks that make more than half of the sum, and their share of it.

    Where tasks have no finite error those are the ones; where there is no error, all are.
    """
    unbounded = int((~errors.isfinite()).sum())
    if unbounded:
        return unbounded, 1.0
    sums = errors.sort(descending=True).values.cumsum(0)
    total = float(sums[-1])
    if total <= 0:
        return len(errors), 1.0
    count = min(int((sums <= total / 2).sum()) + 1, len(errors))
    return count, float(sums[count - 1]) / total


def _spread(values: Tensor, interval: Interval, errors: bool) -> Spread:
    worst = math.inf if errors else -math.inf
    ranked = values.nan_to_num(nan=worst, posinf=math.inf, neginf=-math.inf).sort().values
    ruled = ruled_by(ranked) if errors else (None, None)
    cut = int(TRIM * len(ranked))
    return Spread(
        median=quantile(ranked, 0.5),
        q05=quantile(ranked, 0.05),
        q25=quantile(ranked, 0.25),
        q75=quantile(ranked, 0.75),
        q95=quantile(ranked, 0.95),
        trimmed=float(ranked[cut : len(ranked) - cut].mean()),
        low=interval[0],
        high=interval[1],
        interval=interval[2],
        ruled_by=ruled[0],
        ruled_share=ruled[1],
    )


def quantile(ranked: Tensor, part: float) -> float:
    """Of sorted values, along the line between two neighbours; infinite ones allowed."""
    place = part * (len(ranked) - 1)
    below, above = float(ranked[math.floor(place)]), float(ranked[math.ceil(place)])
    share = place - math.floor(place)
    return below if below == above or share == 0 else below + share * (above - below)


def _skewness(values: Tensor) -> float:
    """G1 of the tasks; 0 where it is not defined, so that nothing is resampled."""
    centred = values - values.mean()
    variance = float(centred.square().mean())
    if not math.isfinite(variance) or variance <= 0:
        return 0.0
    return float(centred.pow(3).mean()) / math.sqrt(variance) ** 3


def _normal(values: Tensor) -> Interval:
    mean, width = float(values.mean()), float(ci95(values[:, None])[0])
    return mean - width, mean + width, "normal"


def _bca(values: Tensor, means: Tensor) -> Interval:
    """From the resampled means ``[R]``; for a mean the acceleration is G1 / (6 sqrt(n))."""
    below = float((means < values.mean()).double().mean())
    share = min(max(below, 1 / len(means)), 1 - 1 / len(means))
    bias, speed = _NORMAL.inv_cdf(share), _skewness(values) / (6 * math.sqrt(len(values)))
    ranked = means.sort().values
    low, high = (
        quantile(ranked, _NORMAL.cdf(bias + (bias + z) / (1 - speed * (bias + z))))
        for z in (-1.96, 1.96)
    )
    return low, high, "bootstrap"


def _resampled_means(values: Tensor) -> Tensor:
    """``[RESAMPLES, columns]``, the same tasks in every column; the same seed each time."""
    tasks, draws, parts = len(values), generator(0, "bootstrap"), []
    rows = max(1, CELLS // tasks)
    for start in range(0, RESAMPLES, rows):
        count = min(rows, RESAMPLES - start)
        picked = torch.randint(tasks, (count, tasks), generator=draws)
        places = (picked + tasks * torch.arange(count)[:, None]).flatten()
        times = places.bincount(minlength=count * tasks).view(count, tasks)
        parts.append(times.double() @ values / tasks)
    return torch.cat(parts)
