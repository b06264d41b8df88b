"""Seconds as a person says them, no more exactly than a forecast knows them."""

from __future__ import annotations


def in_words(seconds: float) -> str:
    """``0.2 s``, ``38 s``, ``2 min 40 s``, ``3 h 05 min`` or ``2 d 4 h``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    if seconds < 600 - 2.5:
        return "{} min {:02} s".format(*divmod(5 * round(seconds / 5), 60))
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02} min"
    return "{} d {} h".format(*divmod(round(seconds / 3600), 24))
