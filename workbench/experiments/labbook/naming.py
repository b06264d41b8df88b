"""Names that tell runs apart by what differs: nobody has to read the names of folders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.labbook import fields
from workbench.experiments.labbook.fields import Values

Known = tuple[ExperimentConfig, Values, str]
"""The configuration of a run, its values, and the time it began."""
JOIN = " · "
MOST = 3
"""Differing parameters that a name holds; what is still alike is told apart by its time."""
_TOLD = ("task.ways", "task.shots")
_LEADING = ("algorithm.inner_rate", "algorithm.inner_steps")
_DULL = ("task.root", "task.download", "model.sha256", "training.workers")
"""What says nothing of an experiment that a name is to tell."""


def base_name(config: ExperimentConfig) -> str:
    """``MAML · glyphs 5w1s · α 0.4 · 3 steps``."""
    return _base(fields.values_of(config), _title(config))


def default_names(runs: Sequence[Known]) -> list[str]:
    """One for each run.

    Those that would be namesakes get what differs among them, and in the end the time.
    """
    bases = [_base(values, _title(config)) for config, values, _ in runs]
    namesakes: dict[str, list[int]] = defaultdict(list)
    for place, base in enumerate(bases):
        namesakes[base].append(place)
    names = list(bases)
    for group in namesakes.values():
        if len(group) > 1:
            tails = _tails([runs[place][1] for place in group], [runs[place][2] for place in group])
            for place, tail in zip(group, tails, strict=True):
                names[place] = JOIN.join([bases[place], *tail])
    return names


def legends(runs: Sequence[Known]) -> list[str]:
    """As short as can be for runs in one picture: the algorithm where there are several, then what
    differs in the tasks, and among runs of one algorithm.
    """
    titles = [_title(config) for config, _, _ in runs]
    several = len(set(titles)) > 1
    shared = [name for name in _apart([run[1] for run in runs]) if name.startswith("task.")]
    tails: dict[int, list[str]] = {}
    for title in dict.fromkeys(titles):
        group = [place for place, one in enumerate(titles) if one == title]
        values = [runs[place][1] for place in group]
        names = list(dict.fromkeys((*_apart(values), *shared)))
        told = _told(values, names, [runs[place][2] for place in group])
        tails |= dict(zip(group, told, strict=True))
    return [
        JOIN.join(([title] if several or not tails[place] else []) + tails[place])
        for place, title in enumerate(titles)
    ]


def _base(values: Values, title: str) -> str:
    sizes = "".join(
        f"{values[name]}{letter}"
        for name, letter in zip(_TOLD, "ws", strict=True)
        if values.get(name) is not None
    )
    parts = [title, f"{values['task.name']} {sizes}".strip()]
    parts += [fields.said(name, values[name]) for name in _LEADING if name in values]
    return JOIN.join(parts)


def _title(config: ExperimentConfig) -> str:
    try:
        return get("algorithm", config.algorithm.name).title
    except BadInput:
        return str(config.algorithm.name)


def _tails(runs: list[Values], times: list[str]) -> list[list[str]]:
    return _told(runs, _apart(runs), times)


def _apart(runs: list[Values]) -> list[str]:
    return _order([name for name in fields.differing(runs) if name not in _DULL])


def _told(runs: list[Values], apart: list[str], times: list[str]) -> list[list[str]]:
    tails = [
        [fields.said(name, run[name]) for name in apart if run.get(name) is not None][:MOST]
        for run in runs
    ]
    keys = [tuple(tail) for tail in tails]
    seen = Counter(keys)
    return [
        [*tail, when] if seen[key] > 1 else tail
        for tail, key, when in zip(tails, keys, times, strict=True)
    ]


def _order(names: list[str]) -> list[str]:
    """What a researcher looks for first: the algorithm's, then the outer loop's."""
    rank = {"algorithm": 0, "training": 1, "model": 2, "task": 3}
    return sorted(names, key=lambda name: rank[name.partition(".")[0]])
