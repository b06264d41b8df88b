"""What the parts of the workspace share: each is given this, and none the workspace itself."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.gui.state.data import Data
from workbench.gui.state.draft import Draft
from workbench.gui.state.history import History
from workbench.gui.state.run_list import RunList
from workbench.gui.state.task_in_view import TaskInView
from workbench.gui.state.training import TrainingControl
from workbench.gui.state.troubles import Troubles


@dataclass(frozen=True)
class Shared:
    draft: Draft
    data: Data
    in_view: TaskInView
    training: TrainingControl
    history: History
    run_list: RunList
    troubles: Troubles
