"""Environments of gymnasium by their id."""

from __future__ import annotations

import importlib.util
import logging
from typing import Any

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked

log = logging.getLogger(__name__)

ENVIRONMENT = "task.environment"


def made(name: str, arguments: dict[str, Any]) -> Any:
    """A registered environment; raises `BadInput` in gymnasium's own words where there is none."""
    import gymnasium

    _hush_mujoco()
    try:
        return gymnasium.make(name, disable_env_checker=True, **arguments)
    except Exception as error:
        # Whatever an environment's own code raises is about this choice, and ends no program.
        raise BadInput(
            ENVIRONMENT,
            marked("gymnasium cannot make it: {0}").format(printable(error, 300)),
            marked("Choose an id that gymnasium.pprint_registry() lists, and what it takes"),
        ) from error


def _hush_mujoco() -> None:
    """Its warnings would go to standard error and to a file beside whatever is worked on."""
    if importlib.util.find_spec("mujoco") is not None:
        import mujoco

        mujoco.set_mju_user_warning(lambda text: log.debug("MuJoCo: %s", text))
