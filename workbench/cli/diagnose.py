"""What ``evaluate --diagnose`` adds: where a learner's accuracy comes from."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from workbench import terminal
from workbench.cli.meters import meter
from workbench.cli.numbers import measured_alike, number
from workbench.cli.table import print_table, print_text
from workbench.core.curve import Measure
from workbench.core.task import Split, TaskFamily
from workbench.experiments.insight.diagnosis import PERMUTATIONS, Diagnosis
from workbench.experiments.insight.survey import survey
from workbench.experiments.session import Learner
from workbench.experiments.spread import ci95

NAMES = {
    "own": "as it is",
    "nil": "without head (NIL)",
    "zero_head": "from a zero head",
    "relabelled": "classes renumbered",
}


def diagnosed(
    learner: Learner, family: TaskFamily, split: Split, tasks: int, steps: int, seed: int
) -> dict[str, Any]:
    """Measure, print two tables, and return the same numbers for ``--json``."""
    watch = meter(tasks, "tasks")
    try:
        for found in survey(learner, family, split, tasks, steps, seed):
            watch.update(round(found.progress * tasks), "diagnosing")
    finally:
        watch.close()
    _print_findings(found, family.spec.metric, tasks)
    _print_similarity(found)
    return _plain(found)


def _print_findings(found: Diagnosis, metric: str, tasks: int) -> None:
    terminal.write(f"\nWhere it comes from ({tasks:,} tasks)")
    cells = measured_alike(
        metric, [Measure(*interval(finding.after)) for finding in found.findings]
    )
    rows = []
    for finding, cell in zip(found.findings, cells, strict=True):
        before = "" if finding.before is None else number(metric, float(finding.before.mean()))
        rows.append((NAMES[finding.kind], before, cell, _spread(metric, finding.spread)))
    print_table(("learner", "before", f"{metric} ± 95 % CI", "sd over orders"), rows)
    if found.of("relabelled") is not None:
        print_text(f"Renumbered: the mean over up to {PERMUTATIONS} other orders of the classes.")


def _print_similarity(found: Diagnosis) -> None:
    if found.similarity:
        rows = [(name, f"{float(value.mean()):.3f}") for name, value in found.similarity.items()]
        terminal.write("\nFeatures before and after adapting (linear CKA; 1 is unchanged)")
        print_table(("layer", "CKA"), rows)


def _spread(metric: str, spread: Tensor | None) -> str:
    return "" if spread is None else number(metric, float(spread.mean()))


def interval(values: Tensor) -> tuple[float, float]:
    """Mean over ``values [tasks]`` and half of its 95 % interval."""
    return float(values.mean()), float(ci95(values[:, None])[0])


def _plain(found: Diagnosis) -> dict[str, Any]:
    findings = {}
    for finding in found.findings:
        mean, width = interval(finding.after)
        values = {"mean": mean, "ci95": width}
        if finding.before is not None:
            values["before"] = float(finding.before.mean())
        if finding.spread is not None:
            values["sd_over_orders"] = float(finding.spread.mean())
        findings[finding.kind] = values
    similarity = {name: float(value.mean()) for name, value in found.similarity.items()}
    return {"findings": findings, "cka": similarity}
