"""One set of pictures, whatever form its boxes are written in; and what is bad in each form."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.unit.tasks import boxes_kit as kit
from workbench.core.errors import BadInput
from workbench.core.task import SPLITS, unheard
from workbench.tasks.boxes import Boxes, BoxesParams
from workbench.tasks.own.recognised import Brought, recognised

WRITERS = {"voc": kit.as_voc, "coco": kit.as_coco, "yolo": kit.as_yolo}


def family(root: Path, **params: Any) -> Boxes:
    made = Boxes(BoxesParams(root=root, **{"shots": 1, "queries": 2, **params}))
    made.prepare(unheard)
    return made


def told(made: Boxes) -> str:
    return "\n".join(made.notes())


@pytest.mark.parametrize("form", ["coco", "yolo"])
def test_the_same_pictures_give_the_same_tasks_in_every_form(form: str, tmp_path: Path) -> None:
    pictures = kit.shown()
    voc = family(kit.as_voc(tmp_path / "voc", pictures))
    other = family(WRITERS[form](tmp_path / form, pictures))
    assert voc.held.class_names == other.held.class_names == kit.CLASSES
    for split in SPLITS:
        for seed in range(3):
            one, same = voc.draw(split, seed), other.draw(split, seed)
            names = [[s.name for s in (*t.support, *t.query)] for t in (one, same)]
            assert names[0] == names[1] and one.title == same.title
            one, same = one.episode(), same.episode()
            assert torch.equal(one.support.x, same.support.x)
            # YOLO's six decimals are rounded once more.
            assert torch.allclose(one.support.y, same.support.y, atol=2e-4)
            assert torch.allclose(one.query.y, same.query.y, atol=2e-4)


@pytest.mark.parametrize("form", WRITERS)
def test_a_zip_reads_like_its_folder(form: str, tmp_path: Path) -> None:
    import shutil

    root = WRITERS[form](tmp_path / form, kit.shown(3))
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", root))
    assert family(packed).draw("test", 0).to_json() == family(root).draw("test", 0).to_json()


def test_a_picture_of_a_held_out_class_is_kept_out_of_meta_training(tmp_path: Path) -> None:
    pictures = kit.shown(6)
    plain = family(kit.as_voc(tmp_path / "plain", pictures))
    held_out = plain.held.class_names[plain.classes["test"][0]]
    trained = plain.held.class_names[plain.classes["train"][0]]
    both = kit.Shown("both.png", ((trained, (5, 5, 20, 20)), (held_out, (40, 20, 60, 40))))
    mixed = family(kit.as_voc(tmp_path / "mixed", [*pictures, both]))
    train, test = (mixed.held.class_names.index(name) for name in (trained, held_out))
    with pytest.raises(BadInput):
        mixed.scene_named("train", train, "both.png")
    assert mixed.scene_named("test", test, "both.png").boxes
    assert "1 pictures show a held-out class and are kept out of meta-training" in told(mixed)


def edited_voc(tmp_path: Path, boxes: Any, **more: Any) -> str:
    """What is said of one more picture with these boxes."""
    root = kit.as_voc(tmp_path / "own", kit.shown())
    kit.paint(root / "JPEGImages", [kit.Shown("odd.png", ())])
    text = kit.voc_text("odd.png", boxes, **more)
    (root / "Annotations" / "odd.xml").write_text(text, encoding="utf-8")
    return told(family(root))


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((-10, 5, 30, 30), "1 boxes that reach out of their picture, cut at its edge (JPEGImages"),
        ((90, 5, 120, 30), "1 boxes outside of their picture, left out"),
        ((10, 10, 10, 30), "1 boxes of no size, left out"),
        ((30, 10, 10, 30), "1 boxes of no size, left out"),
        (("x", 10, 10, 30), "1 boxes whose numbers are none, left out"),
        (("1e999", 10, 10, 30), "1 boxes whose numbers are none, left out"),
    ],
)
def test_odd_boxes_are_counted(box: Any, said: str, tmp_path: Path) -> None:
    assert said.split(" (")[0] in edited_voc(tmp_path, [("ant", box)])


def test_names_that_differ_in_capitals_are_one_class(tmp_path: Path) -> None:
    found = edited_voc(tmp_path, [("ANT", (1, 1, 20, 20)), (" ant ", (30, 30, 60, 50))])
    assert "classes are spelt in several ways and count as one each (ANT = ant)" in found


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<annotation><object><name>&b;&c;</name></object></annotation>"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "declares entities, which are not followed"),
        ("<annotation><object>", "is not XML (line 1)"),
        ("<annotation>" + "<a>" * 40 + "</a>" * 40 + "</annotation>", "has too many elements"),
        ("", "is not XML"),
        ('<?xml version="1.0" encoding="foo-8"?><annotation/>', "is in no known encoding"),
    ],
)
def test_bad_xml_is_named_and_the_rest_used(text: str, said: str, tmp_path: Path) -> None:
    root = kit.as_voc(tmp_path / "own", kit.shown())
    (root / "Annotations" / "ant0.xml").write_text(text, encoding="utf-8")
    found = told(family(root))
    assert said in found and "ant0.xml" in found
    assert "1 pictures without an annotation, left out (ant0.png)" in found


def test_annotation_and_picture_that_lack_each_other(tmp_path: Path) -> None:
    root = kit.as_voc(tmp_path / "own", kit.shown())
    (root / "JPEGImages" / "bee0.png").unlink()
    (root / "Annotations" / "cat0.xml").unlink()
    found = told(family(root))
    assert "1 annotations without a picture, left out (bee0.png)" in found
    assert "1 pictures without an annotation, left out (cat0.png)" in found


def coco_with(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    root = kit.as_coco(tmp_path / "own", kit.shown())
    held = kit.coco_of(kit.shown())
    change(held)
    (root / "annotations.json").write_text(json.dumps(held), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda h: h["annotations"][0].update(iscrowd=1), "1 regions of crowds, left out"),
        (
            lambda h: h["annotations"][1].update(id=0),
            "1 boxes whose number another one has, left out",
        ),
        (
            lambda h: h["images"].append(h["images"][0]),
            "1 pictures whose number another one has, left out",
        ),
        (
            lambda h: h["annotations"][0].update(image_id=9999),
            "1 boxes of pictures that are not listed, left out",
        ),
        (
            lambda h: h["annotations"][0].update(category_id=9999),
            "1 boxes of classes that are not listed, left out",
        ),
        (lambda h: h["annotations"][0].update(bbox=[1, 2]), "1 boxes whose numbers are none"),
        (
            lambda h: h["annotations"][0].update(bbox=[1, 2, 10**400, 4]),
            "1 boxes whose numbers are none",
        ),
        (
            lambda h: h["annotations"][0].update(bbox=[1, 2, math.nan, 4]),
            "1 boxes whose numbers are none",
        ),
        (lambda h: h["annotations"].append(7), "1 annotations that are no objects, left out"),
        (
            lambda h: h["images"][0].update(width=0),
            "1 pictures without a file name or a size, left out",
        ),
        (
            lambda h: h["annotations"].append({**h["annotations"][0], "id": 777}),
            "1 boxes that stand twice, left out once",
        ),
    ],
)
def test_odd_coco_is_counted(
    change: Callable[[dict[str, Any]], None], said: str, tmp_path: Path
) -> None:
    assert said in told(family(coco_with(tmp_path, change)))


def test_numbers_that_nobody_reads_may_be_none(tmp_path: Path) -> None:
    """As `json.dump` of Python writes them."""
    plain = family(kit.as_coco(tmp_path / "plain", kit.shown()))
    odd = family(coco_with(tmp_path, lambda h: h["annotations"][0].update(area=math.inf)))
    assert odd.fingerprint == plain.fingerprint and odd.notes() == plain.notes()


@pytest.mark.parametrize(
    "text", ['{"images": [', '{"images": [nan], "annotations": []}', "[" * 9999]
)
def test_broken_json_alone_is_refused_by_name(text: str, tmp_path: Path) -> None:
    root = kit.as_coco(tmp_path / "own", kit.shown())
    (root / "annotations.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"task\.root: holds pictures without .*annotations\.json"):
        family(root)


def yolo_with(tmp_path: Path, line: str) -> Path:
    root = kit.as_yolo(tmp_path / "own", kit.shown())
    file = root / "labels" / "ant0.txt"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("77 0.5 0.5 0.2 0.2", "1 boxes whose class has a number and no name (ant0"),
        ("0 0.5 0.5 0.2", "1 lines that are no boxes, left out"),
        ("ant 0.5 0.5 0.2 0.2", "1 lines that are no boxes, left out"),
        ("0 0.9 0.5 0.4 0.2", "1 boxes that reach out of their picture, cut at its edge"),
        ("0 nan 0.5 0.4 0.2", "1 boxes whose numbers are none, left out"),
    ],
)
def test_odd_yolo_is_counted(line: str, said: str, tmp_path: Path) -> None:
    assert said.split(" (")[0] in told(family(yolo_with(tmp_path, line)))


def test_an_outline_becomes_the_box_round_it(tmp_path: Path) -> None:
    root = yolo_with(tmp_path, "0 0.5 0.5 0.75 0.5 0.75 0.875")
    made = family(root)
    shown = made.held.names.index("ant0.png")
    assert made.held.boxes[shown][1] == ((0.625, 0.6875, 0.25, 0.375),)


@pytest.mark.parametrize(
    "text",
    [
        "names: [ant, 'Bee', \"cat\"]",
        "names:\n- ant\n- Bee\n- cat\n",
        "names: {0: ant, 1: 'Bee', 2: cat}",
        "names:\n  0: ant\n  1: Bee\n  2: cat",
    ],
)
def test_names_of_yolo_in_every_way(text: str) -> None:
    from workbench.tasks.annotated.yolo import names_of_yaml

    assert names_of_yaml(f"nc: 3\n{text}\n") == {0: "ant", 1: "Bee", 2: "cat"}


def test_a_huge_picture_and_a_broken_one_are_skipped_by_name(tmp_path: Path) -> None:
    root = kit.as_voc(tmp_path / "own", kit.shown())
    Image.new("1", (12_000, 5_000)).save(root / "JPEGImages" / "dog0.png")
    (root / "JPEGImages" / "elk0.png").write_bytes(b"no picture")
    found = told(family(root))
    assert "dog0.png" in found and "more than 50 million" in found
    assert "elk0.png: is no image of a known format" in found


def test_classes_of_too_few_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    pictures = [one for one in kit.shown(8) if one.name[:3] != "fox" or one.name == "fox0.png"]
    found = told(family(kit.as_voc(tmp_path / "own", pictures), split_seed=3))
    assert "1 classes of fewer than 3 pictures left out (fox)" in found


def test_too_many_shots_are_refused_with_what_would_do(tmp_path: Path) -> None:
    root = kit.as_voc(tmp_path / "own", kit.shown(5))
    with pytest.raises(BadInput, match="no class of the train split has 11 pictures") as refused:
        family(root, queries=10)
    assert next((mend.where, mend.value) for mend in refused.value.mends) == ("task.queries", 4)


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (lambda root: None, "holds no pictures"),
        (lambda root: kit.paint(root, kit.shown(2)), "holds pictures without annotations"),
        (
            lambda root: kit.as_voc(root, kit.shown(5, ("ant", "cat"))),
            "has too few classes for splits",
        ),
        (
            lambda root: kit.as_voc(root, [kit.Shown("a.png", (("ant", (5, 5, 5, 5)),))]),
            "holds no picture with a box that can be used .* boxes of no size",
        ),
    ],
)
def test_what_cannot_be_used_at_all_is_refused(
    fill: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    root = tmp_path / "own"
    root.mkdir()
    fill(root)
    with pytest.raises(BadInput, match=rf"task\.root: {said}"):
        family(root)


def test_a_run_keeps_which_class_was_in_which_split(tmp_path: Path) -> None:
    root = kit.as_voc(tmp_path / "own", kit.shown())
    before = family(root)
    record = before.settled()["record"]
    more = kit.as_voc(tmp_path / "more", kit.shown(5, (*kit.CLASSES, "gnu")))
    after = family(more, record=record)
    names = {split: [after.held.class_names[c] for c in after.classes[split]] for split in SPLITS}
    assert names == {s: [before.held.class_names[c] for c in before.classes[s]] for s in SPLITS}
    assert "1 class is new and in no split" in after.departures()


def test_own_support_pictures_with_annotations_beside(tmp_path: Path) -> None:
    made = family(kit.as_voc(tmp_path / "own", kit.shown()))
    task = made.draw("test", 0)
    kit.paint(tmp_path / "new", [kit.Shown("new.png", ())])
    new = tmp_path / "new" / "new.png"
    with pytest.raises(BadInput, match="has no annotation beside it"):
        task.with_support_files([new])
    new.with_suffix(".txt").write_text("0 0.5 0.5 0.25 0.5", encoding="utf-8")
    brought = task.with_support_files([new])
    assert brought.support[0].boxes == ((0.5, 0.5, 0.25, 0.5),)
    again = made.task_from_json(brought.to_json(), "test")
    assert torch.equal(again.episode().support.x, brought.episode().support.x)
    assert again.to_json() == brought.to_json()


@pytest.mark.parametrize("form", WRITERS)
def test_a_folder_is_recognised_by_what_lies_in_it(form: str, tmp_path: Path) -> None:
    root = WRITERS[form](tmp_path / form, kit.shown(2))
    assert recognised(root) == Brought("boxes", {"root": str(root)})


def test_pictures_with_other_files_beside_them_are_pictures(tmp_path: Path) -> None:
    root = tmp_path / "own"
    kit.paint(root / "ant", kit.shown(2))
    (root / "ant" / "ant0.txt").write_text("a caption of it", encoding="utf-8")
    (root / "splits.json").write_text('{"train": ["ant"]}', encoding="utf-8")
    (root / "meta.xml").write_text("<doc/>", encoding="utf-8")
    assert recognised(root).family == "image_folder"
