"""Writes resources/translations/words.py: texts the program shows that stand in no call.

    python docs/collect_words.py [--check]

Names of form fields are made of the parameters' names, summaries of parts are the first lines of
their docstrings, and presets are JSON files. Qt's tool reads none of them, so they are listed for
it, one call each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.core import registry
from workbench.core.params import Params, describe
from workbench.experiments import catalog
from workbench.experiments.training_params import TrainingParams

ROOT = Path(__file__).parents[1]
FILE = ROOT / "resources" / "translations" / "words.py"
HEAD = '''"""Texts of registry and presets, for Qt's tool; written by docs/collect_words.py."""

'''


def main() -> None:
    """Write the list, or with ``--check`` say whether it is as it would be written."""
    if "--check" not in sys.argv:
        FILE.write_text(source(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != source():
        sys.exit(f"{FILE.relative_to(ROOT)} is old: python docs/collect_words.py")


def source() -> str:
    lines = (f"marked({json.dumps(text, ensure_ascii=False)})\n" for text in sorted(set(words())))
    return HEAD + "".join(lines)


def words() -> Iterator[str]:
    """Every such text, some more than once."""
    catalog.load()
    yield from labels(TrainingParams)
    kinds: tuple[registry.Kind, ...] = ("task", "model", "algorithm")
    for kind in kinds:
        for name in registry.names(kind):
            entry = registry.get(kind, name)
            yield entry.summary
            yield from labels(entry.params)
    for preset in catalog.presets():
        yield from (preset.title, preset.summary)


def labels(params: type[Params]) -> Iterator[str]:
    return (info.label for info in describe(params))


if __name__ == "__main__":
    main()
