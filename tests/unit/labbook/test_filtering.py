"""The filter finds what it says, and whatever is typed it answers in sentences."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.synthetic_runs import BEGAN, glyph_config, write_run
from workbench.core.events import Reason
from workbench.experiments.labbook.completing import completions
from workbench.experiments.labbook.entry import Entry, entries_of, with_learned
from workbench.experiments.labbook.filtering import FilterFault, parse
from workbench.experiments.labbook.notes import change_notes
from workbench.experiments.labbook.questions import names_known
from workbench.experiments.runs import RunSummary, list_runs


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """Four sound runs and a damaged one: a, b, c, d, e."""
    root = tmp_path_factory.mktemp("runs")
    write_run(root / "a", glyph_config(algorithm={"inner_rate": 0.1}), (0.5, 0.9, 0.8), 0.85)
    write_run(root / "b", glyph_config("fomaml", algorithm={"inner_rate": 0.4}), (0.7,), None)
    write_run(
        root / "c", glyph_config("protonet"), (0.6,), 0.6, datetime(2026, 12, 3), Reason.STOPPED
    )
    shots = {"shots": 5}
    write_run(root / "d", glyph_config(task=shots), (), None, BEGAN, Reason.FAILED, steps=3)
    write_run(root / "e", glyph_config())
    (root / "e" / "config.json").write_text("{")
    change_notes(root / "a", name="The good one", tags=("paper", "Figure-2"), note="try again")
    change_notes(root / "c", tags=("paper",))
    return [with_learned(entry) for entry in entries_of(list_runs(root))]


FOUND = {
    "": "abcde",
    "algo:maml": "ad",
    "algo:MAML": "ad",
    "algo:*maml": "abd",
    "algo:maml|protonet": "acd",
    "algo!=maml": "bc",
    "-algo:maml": "bce",
    "task:glyphs shots:1": "abc",
    "task.shots:5": "d",
    "shots>=5": "d",
    "K=5": "d",
    "acc>80": "a",
    "acc>=85%": "a",
    "acc<=70": "bc",
    "accuracy:60": "c",
    "mse<9": "",
    "val>85": "a",
    "test>80": "a",
    "-test>0": "bde",
    "tag:paper": "ac",
    "tag:figure-2": "a",
    "tag:pap": "",
    "tag:pap*": "ac",
    'note:"try again"': "a",
    "name:good": "a",
    "good": "a",
    '"The good"': "a",
    "-good": "bcde",
    "dir:a": "a",
    "status:failed": "d",
    "status:failed|damaged": "de",
    "-status:failed": "abce",
    "status!=failed": "abce",
    "iterations>=1000": "abc",
    "iterations<1000": "d",
    "training.iterations>300": "abcd",
    "seconds>10": "abc",
    "alpha:0.1": "a",
    "α:0.1|0.4": "abd",
    "inner_rate<=0.1": "a",
    "algorithm.inner_rate!=0.1": "bd",
    "date>2026-11-01": "c",
    "date>=2026-11-01": "abcd",
    "date:2026-11": "abd",
    "date:2026": "abcd",
    "date<2026-12": "abd",
    "transductive:yes": "abcd",
    "transductive:no": "",
    "-schedule:constant": "abcde",
    "schedule:*": "abcd",
    "algo:maml -tag:paper status:failed": "d",
    'tag:"paper"': "ac",
    'tag:"pa\\per"': "ac",
}


@pytest.mark.parametrize("text", FOUND)
def test_a_filter_finds(text: str, shelf: list[Entry]) -> None:
    asked = parse(text)
    found = sorted(entry.path.name for entry in shelf if asked.matches(entry))
    assert "".join(found) == FOUND[text]


FAULTS = {
    'algo:maml "open': (10, 15, "quotation"),
    "acc>": (0, 4, "has no value"),
    "x acc> 3": (2, 6, "has no value"),
    ">80": (0, 1, "no name"),
    "-": (0, 1, "alone"),
    "a - b": (2, 3, "alone"),
    "acc>high": (0, 8, "'high' is not a number"),
    "algo:mamml": (0, 10, "there is no 'mamml'. Did you mean maml"),
    "status:done": (0, 11, "there is no 'done'"),
    "algo>maml": (0, 9, "no more or less"),
    "hue:red": (0, 7, "there is no 'hue'"),
    "inner_rat:3": (0, 11, "inner_rate"),
    "date:tomorrow": (0, 13, "not a date"),
    "date:2026-13": (0, 12, "not a date"),
    "schedule:round": (0, 14, "Choose one of|Did you mean"),
    "transductive:perhaps": (0, 20, "neither true nor false"),
    "acc>" + "9" * 3000: (2000, 3004, "longer"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_says_where_and_what(text: str) -> None:
    start, end, words = FAULTS[text]
    with pytest.raises(FilterFault, match=words) as caught:
        parse(text)
    assert (caught.value.start, caught.value.end) == (start, end)
    assert f"at character {start + 1}:" in str(caught.value)


EMPTY = Entry(RunSummary(Path("nothing"), "nothing"), "nothing")
PIECES = st.sampled_from(
    [*'":=<>!|-\\ .*%', "acc", "algo", "α", "date", "tag", "maml", "0.1", "2026-1", "status", "K"]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40))
def test_whatever_is_typed_is_a_filter_or_a_fault(text: str) -> None:
    try:
        asked = parse(text)
    except FilterFault as fault:
        assert 0 <= fault.start < fault.end <= len(text) and str(fault)
    else:
        assert isinstance(asked.matches(EMPTY), bool)
    found = completions(text, [EMPTY])
    assert 0 <= found.start <= len(text)


@given(st.sampled_from(names_known()), st.text("abc1 .-", min_size=1, max_size=9))
def test_a_quoted_value_is_one_value(name: str, value: str) -> None:
    try:
        parse(f'{name}:"{value}"')
    except FilterFault as fault:
        assert fault.end == len(name) + len(value) + 3


def test_names_and_values_complete(shelf: list[Entry]) -> None:
    start, texts = completions("algo:maml al", shelf)
    assert (start, texts[0]) == (10, "algo:") and "val:" in texts and "tag:" not in texts
    assert completions("-ta", shelf).start == 1
    assert completions("tag:", shelf) == (4, ["paper", "Figure-2"])
    assert completions("algo:maml|pro", shelf) == (10, ["protonet"])
    assert completions("status:f", shelf).texts[:2] == ["unfinished", "failed"]
    assert completions("α:", shelf) == (2, ["0.4", "0.1"])
    assert completions("", shelf).texts == [] and completions("inner_rate", shelf).start == 0
