"""Whether others kept the processors busy while something was measured."""

from __future__ import annotations

import os
import time
from pathlib import Path

_OTHERS, _IDLE = 0.15, 0.1
"""Of all processors' time: what others may take, and what left over is no sign of want."""


class Others:
    """Watches from its making on; where the system does not count, nobody is ever busy."""

    def __init__(self) -> None:
        self._before = _ticks()
        self._own = time.process_time()

    def were_busy(self) -> bool:
        """Whether so little was left over that this process must have waited for its turn."""
        all_now, idle_now = _ticks()
        every, idle = all_now - self._before[0], idle_now - self._before[1]
        if not every:
            return False
        own = (time.process_time() - self._own) * os.sysconf("SC_CLK_TCK")
        return (every - idle - own) / every > _OTHERS and idle / every < _IDLE


def _ticks() -> tuple[int, int]:
    """Of all processors since the machine started: in all, and those with nothing to do."""
    try:
        words = Path("/proc/stat").read_text().split(maxsplit=9)
    except OSError:
        return 0, 0
    counts = [int(word) for word in words[1:9]]
    return sum(counts), counts[3] + counts[4]
