"""What of the data is left out or changed: counted by its reason, with the first places."""

from __future__ import annotations

from workbench.core.errors import printable
from workbench.core.findings import Finding

NAMED = 3


class Counted:
    """Reasons are told in the order in which they were first met."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, reason: str, where: str, count: int = 1) -> None:
        """One more of a kind, such as "boxes of no size, left out", at a file or a class."""
        places = self._places.setdefault(reason, [])
        if where not in places and len(places) <= NAMED:
            places.append(where)
        self._counts[reason] = self._counts.get(reason, 0) + count

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(
            Finding(f"{self._counts[reason]:,} {reason} ({_some(places)})")
            for reason, places in self._places.items()
        )


def _some(places: list[str]) -> str:
    told = [printable(place, 60) for place in places[:NAMED]]
    return ", ".join(told) + (", …" if len(places) > NAMED else "")
