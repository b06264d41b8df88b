"""The process that measures; `apart` starts it.

A request comes as the first line of standard input, the answer goes to standard output. When the
input ends before the answer, nobody waits for it any more, and the process leaves at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from workbench.core import safe_mode, trust
from workbench.core.errors import BadInput
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.measure import measured
from workbench.experiments.forecast.others import Others
from workbench.experiments.sentences import sentence

CLOCKS: Mapping[str, Callable[[], float]] = {
    "wall": time.perf_counter,
    "cpu": time.process_time,
}


def main() -> NoReturn:
    request = json.loads(sys.stdin.buffer.readline())
    leave = partial(_leave_with_input, request["folder"])
    threading.Thread(target=leave, daemon=True).start()
    if request["nice"] and hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(request["nice"])
    sys.stdout.write(json.dumps(_answer(request)))
    sys.stdout.flush()
    os._exit(0)  # threads of torch may still wait for work


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        with ExitStack() as allowed:
            allowed.enter_context(safe_mode.asked_for([safe_mode.FLAG] * request["safe"]))
            trust.give_now(request["trusted"])
            catalog.load()
            config = ExperimentConfig.from_json(request["config"])
            clock = CLOCKS[request["clock"]]
            others = Others()
            found = measured(config, Path(request["folder"]), clock)
            return {
                "measured": found.model_dump(mode="json"),
                "compiled": _compiled(),
                "disturbed": others.were_busy(),
            }
    except BadInput as problem:
        return {"problem": [problem.where, problem.problem, problem.remedy]}
    except Exception as error:
        return {"problem": ["config", sentence(error), ""]}


def _compiled() -> bool:
    """Whether kernels were compiled here, which no later process does again."""
    engine = sys.modules.get("workbench.engine.compiled")
    return engine is not None and bool(engine.compiled_here())


def _leave_with_input(folder: str) -> NoReturn:
    while os.read(0, 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
