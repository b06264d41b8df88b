"""Every sentence that a person sees can be extracted by Qt's own tool, for translation."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
COLLECTED = ROOT / "resources" / "translations" / "words.py"
FILES = [*sorted((ROOT / "workbench").rglob("*.py")), COLLECTED]
TOOL = Path(sys.executable).with_name("pyside6-lupdate")
SENTENCES = {"BadInput": (1, 2), "param": (1,), "Metric": (1,), "LossWords": (0, 1)}
"""Of these calls, which arguments a person reads; and of `NAMED`, which by name."""
NAMED = {"BadInput": ("problem", "remedy"), "param": ("more",), "register": ("title",)}


def calls(file: Path) -> Iterator[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def named(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def wrapped(call: ast.Call) -> ast.expr | None:
    """The text that a call hands to Qt, now or when it is translated."""
    place = {"tr": 0, "marked": 0, "translate": 1}.get(named(call))
    return call.args[place] if place is not None and len(call.args) > place else None


def texts() -> set[str]:
    found = (wrapped(call) for file in FILES for call in calls(file))
    return {one.value for one in found if isinstance(one, ast.Constant) and one.value}


@pytest.mark.skipif(not TOOL.exists(), reason="PySide6's tools are not beside the interpreter")
def test_lupdate_finds_them_all(tmp_path: Path) -> None:
    """As docs/translating.md says it is run."""
    alias = ("-tr-function-alias", "QT_TR_NOOP+=marked")
    command = [TOOL, *alias, *FILES, "-ts", tmp_path / "all.ts"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    tree = ElementTree.parse(tmp_path / "all.ts")
    extracted = {source.text for source in tree.iter("source")}
    known = texts()
    assert len(known) > 1000
    assert extracted == known


def test_what_stands_in_no_call_is_collected() -> None:
    """Names of fields, summaries of parts and of presets."""
    check = [sys.executable, ROOT / "docs" / "collect_words.py", "--check"]
    told = subprocess.run(check, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    assert {"Inner rate", "Tell what short invented sentences are about."} <= texts()


COUNT = re.compile(
    r"(?<!of )(?<!the )(?<!than )(?<!first )(?<!±)"
    r"\{\w*\} (runs|tasks|steps|iterations|items|moments)\b"
)
"""A number and what it counts; not where it is one of several, or never one."""


def counts_unchosen(call: ast.Call) -> bool:
    """A sentence with a count, of which Qt cannot choose the form."""
    text = wrapped(call)
    said = text.value if isinstance(text, ast.Constant) else ""
    return isinstance(said, str) and bool(COUNT.search(said)) and len(call.args) < 3


def test_a_count_has_the_form_of_its_number() -> None:
    """``1 run``, not ``1 runs``: see `gui/style/counts.py`."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in FILES
        if "gui" in file.parts
        for call in calls(file)
        if counts_unchosen(call)
    ]
    assert not found
    (bad,) = (node for node in ast.walk(ast.parse('tr("{0} runs")')) if isinstance(node, ast.Call))
    assert counts_unchosen(bad)


def literal(node: ast.expr | None) -> bool:
    """Whether words stand there unmarked; a conversion of a value has none."""
    if isinstance(node, ast.IfExp):
        return literal(node.body) or literal(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return any(literal(part) for part in node.values)
    words = node.value if isinstance(node, ast.Constant) else ""
    return isinstance(words, str) and sum(letter.isalpha() for letter in words) > 2


def read_by_a_person(call: ast.Call) -> Iterator[ast.expr]:
    places, names = SENTENCES.get(named(call), ()), NAMED.get(named(call), ())
    yield from (call.args[place] for place in places if place < len(call.args))
    yield from (word.value for word in call.keywords if word.arg in names)


def test_no_sentence_stands_unmarked() -> None:
    """Help of parameters, titles, and what is wrong with an input and what would be right."""
    bare = [
        f"{file.relative_to(ROOT)}:{part.lineno}"
        for file in FILES
        for call in calls(file)
        for part in read_by_a_person(call)
        if literal(part)
    ]
    assert not bare


def test_a_text_to_translate_is_a_literal() -> None:
    """What is put into it comes by ``format``: a tool cannot read a variable or an f-string."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in FILES
        for call in calls(file)
        if isinstance(wrapped(call), ast.JoinedStr | ast.BinOp)
    ]
    assert not found
