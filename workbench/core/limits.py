"""Caps that hold at every door, whoever asks: form, flag, file or scene."""

from __future__ import annotations

MAX_WHOLE = 2**53
"""The largest whole number taken anywhere: beyond it a float no longer tells neighbours apart."""
MAX_STEPS = 1000
"""Inner steps that a learner can be asked to take on one task."""
MAX_TEXT = 400
"""Characters of a number, a list of numbers or a word."""
MAX_ENTRIES = 1000
"""Entries of a list in a configuration."""
MAX_NAME = 255
"""Bytes of one name in a path, as file systems have it."""
MAX_PATH = 4096
"""Bytes of a whole path."""
