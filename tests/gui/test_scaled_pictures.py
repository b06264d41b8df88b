"""A person sees pictures as they are, also where a model meets them scaled."""

from __future__ import annotations

import torch
from pytestqt.qtbot import QtBot

from tests.tiny import prepared, tiny_config
from workbench.gui.kinds.pictures.face import PicturesFace
from workbench.gui.kinds.pictures.sheet import EpisodeSheet


def test_pictures_of_scaled_inputs_are_those_of_plain_ones(qtbot: QtBot) -> None:
    values = {"name": "glyphs", "ways": 2, "queries": 2}
    tasks = [
        prepared(tiny_config(task={**values, "normalisation": how}, model={"name": "conv4"})).draw(
            "test", 0
        )
        for how in ("meta_train", "none")
    ]
    scaled, plain = (task.episode() for task in tasks)
    assert not torch.equal(scaled.query.x, plain.query.x)
    face, sheets = PicturesFace(), []
    for task, episode in zip(tasks, (scaled, plain), strict=True):
        sheets.append(EpisodeSheet())
        qtbot.addWidget(sheets[-1])
        sheets[-1].show_task(task, episode)
    for row in range(len(plain.query.x)):
        shown = [
            face.image(task, episode.query.x[row])
            for task, episode in zip(tasks, (scaled, plain), strict=True)
        ]
        assert shown[0] == shown[1]
    pixels = [[image for column in sheet._query for image in column] for sheet in sheets]
    assert pixels[0] == pixels[1]
