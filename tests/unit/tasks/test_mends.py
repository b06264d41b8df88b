"""What a refusal offers to set ends it, and what is only found does not refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.situations import files, sizes, splits
from tests.situations.kit import SIZES, Situation
from tests.unit.tasks.conftest import Prepare
from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Finding, found_in
from workbench.core.params import problems
from workbench.tasks.image_folder import ImageFolderParams

ALL = (*splits.SITUATIONS, *sizes.SITUATIONS, *files.SITUATIONS)
REFUSED = [one for one in ALL if one.classes is None]
SETTABLE = {
    "the same classes in train/, val/, test/", "six classes, 5-way", "two classes",
    "fourteen classes, 5-way", "all classes of 3, 5 queries", "given splits, too few for the ways",
    "val/ and test/ without train/",
}  # fmt: skip


@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.what)
def test_every_mend_of_a_refusal_ends_it(one: Situation, prepare: Prepare, tmp_path: Path) -> None:
    settings = {**SIZES, **one.settings, "root": one.make(tmp_path)}
    with pytest.raises(BadInput) as caught:
        prepare("image_folder", **settings)
    mends = caught.value.mends
    assert mends or one.what not in SETTABLE
    for mend in mends:
        mended = {**settings, mend.where.removeprefix("task."): mend.value}
        try:
            prepare("image_folder", **mended)
        except BadInput as another:  # such as too few pictures for the same classes in all splits
            assert another.problem != caught.value.problem


def test_what_is_left_out_is_found_and_comes_back(prepare: Prepare, tmp_path: Path) -> None:
    one = next(s for s in ALL if s.what.startswith("three small classes of fifteen"))
    settings = {**SIZES, **one.settings, "root": one.make(tmp_path)}
    (finding,) = found_in(prepare("image_folder", **settings).notes())
    assert "3 classes" in finding
    (mend,) = finding.mends
    settings[mend.where.removeprefix("task.")] = mend.value
    (finding,) = found_in(prepare("image_folder", **settings).notes())
    assert "2 classes" in finding


def test_a_file_passed_over_is_a_finding_also_when_pictures_are_kept(
    prepare: Prepare, tmp_path: Path
) -> None:
    one = next(s for s in ALL if s.what == "an empty picture")
    root = one.make(tmp_path)
    for _ in range(2):  # decoded, and then as it was kept
        notes = prepare("image_folder", **{**SIZES, "root": root}).notes()
        assert [isinstance(note, Finding) for note in notes] == [True, False]


def test_a_folder_to_be_chosen_is_no_error(prepare: Prepare) -> None:
    with pytest.raises(Missing):
        prepare("image_folder", **SIZES)


def test_a_number_out_of_bounds_offers_the_nearest() -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError) as caught:
        ImageFolderParams.model_validate({"ways": 1, "shots": 2000, "val_share": "x"})
    found = {p.where: [m.value for m in p.mends] for p in problems(caught.value, "task")}
    assert found == {"task.ways": [2], "task.shots": [1000], "task.val_share": []}
