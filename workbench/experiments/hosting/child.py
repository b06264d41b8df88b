"""The process that trains: started with ``python -m``, an order on its standard input.

It says nothing but why it could not begin, in a sentence on its standard error.
"""

from __future__ import annotations

import os
import sys
from types import FrameType

from workbench import guard, logfile
from workbench.core import interrupts, safe_mode
from workbench.core.interrupts import Wish


def main(arguments: list[str]) -> int:
    """The exit code; see `guard`."""
    return guard.run(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    with safe_mode.asked_for(arguments):
        logfile.start()
        from workbench.experiments.hosting.order import Order
        from workbench.experiments.hosting.serving import Service

        service = Service(Order.from_text(sys.stdin.read()))

        def on_wish(wish: Wish, number: int, frame: FrameType | None) -> None:
            if wish is Wish.END:
                service.stop()
            elif wish is Wish.NOW:
                interrupts.leave(number)

        with interrupts.answered(on_wish):
            service.serve()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # threads that answer windows may still wait for one
