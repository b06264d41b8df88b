"""The one exception that means "the input is at fault, and here is the remedy"."""

from __future__ import annotations


class BadInput(ValueError):
    """Input that cannot be used: names where, what is wrong, and what would be right.

    The command line prints it and exits with 2; the window shows it at the field.
    """

    def __init__(self, where: str, problem: str, remedy: str = "") -> None:
        self.where = where
        self.problem = problem.rstrip(".")
        self.remedy = remedy.rstrip(".")
        super().__init__(where, problem, remedy)

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.problem}."
        stop = "" if self.remedy.endswith("?") else "."
        return f"{sentence} {self.remedy}{stop}" if self.remedy else sentence
