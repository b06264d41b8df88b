"""Order and error of what is predicted, beside what it was before adapting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from workbench.tasks.rated.rated_task import RatedTask


def tr(text: str) -> str:
    return QCoreApplication.translate("RatingMeasures", text)


def measured(task: RatedTask, outputs: Any) -> tuple[float, float]:
    """nDCG@5 (more is better) and mean absolute error of ``outputs [Q, 1]`` on the query set."""
    from workbench.core.stars import MAE, Stars, ndcg

    y = task.episode().query.y
    objective = Stars(MAE, task.pool.lowest, task.pool.highest)
    order = float(ndcg(outputs.squeeze(-1), y.squeeze(-1), task.pool.lowest))
    return order, float(objective.absolute(outputs, y))


def told(task: RatedTask, outputs: Any, before: Any, step: int) -> str:
    """``nDCG@5 0.91 (0.84 before) · error 0.62 stars (0.80 before)``."""
    if not task.known:
        return tr("Your own ratings: nobody knows yet what you would give these")
    order, error = measured(task, outputs)
    if not step:
        return tr("nDCG@5 {0} · error {1} stars").format(f"{order:.2f}", f"{error:.2f}")
    first_order, first_error = measured(task, before)
    text = tr("nDCG@5 {0} (before {1}) · error {2} stars (before {3})")
    numbers = (order, first_order, error, first_error)
    return text.format(*(f"{number:.2f}" for number in numbers))
