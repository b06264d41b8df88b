"""The command line: the same experiments without a window, writing the same record."""

from workbench.cli.app import main

__all__ = ["main"]
