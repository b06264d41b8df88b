"""Pictures that ask for much: within 2 s and 512 MB each, or refused."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image, ImageOps

from benchmarks.fuzzing import bombs, samples
from workbench.tasks import image_bytes
from workbench.tasks.pictures import ImageStyle, decode, without_warnings

STYLE = ImageStyle(28)
REFUSED = {
    "60000 x 60000": "more than 50 million pixels",
    "text of 40 MB": "too large",
    "a profile of 400 MB": "too large",
    "a million chunks": "too many pieces",
    "a million comments": "too many pieces",
    "4 million strips": "has a table of 4,000,000 entries",
    "4 million orientations": "more than 1 MB of Exif",
}


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return bombs.images()


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_at_once(hostile: dict[str, bytes], name: str) -> None:
    start = time.process_time()
    with without_warnings(), pytest.raises(ValueError, match=REFUSED[name]):
        decode(hostile[name], STYLE)
    assert time.process_time() - start < 2


def test_large_pictures_are_read(hostile: dict[str, bytes]) -> None:
    for name in sorted(hostile.keys() - REFUSED.keys()):
        start = time.process_time()
        with without_warnings():
            assert decode(hostile[name], STYLE).shape == (1, 28, 28)
        assert time.process_time() - start < 4, name  # benchmarks/fuzz.py holds it to 2


def test_a_large_jpeg_is_not_drawn_over_without_end() -> None:
    data = samples.encoded(Image.new("L", (2000, 2000)), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(ValueError, match="is drawn over 20"):
        decode(data[:-2] + scan * 200 + b"\xff\xd9", STYLE)


@pytest.mark.parametrize("frames", [1, 3])
def test_of_an_animation_the_first_picture_counts(frames: int) -> None:
    first = samples.picture(1, 28)
    more = [samples.picture(n, 28) for n in range(2, frames + 1)]
    data = samples.encoded(first, "GIF", save_all=True, append_images=more)
    assert decode(data, STYLE)[0].tolist() == _rows(first)


def _rows(image: Image.Image) -> list[list[int]]:
    data = list(image.tobytes())
    return [data[start : start + image.width] for start in range(0, len(data), image.width)]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1", "CMYK"])
def test_a_picture_made_smaller_first_looks_the_same(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = Image.linear_gradient("L").resize((3000, 2500)).convert("RGB").convert(mode)
    data = samples.encoded(image, "TIFF" if mode == "CMYK" else "PNG")
    small = decode(data, STYLE).int()
    monkeypatch.setattr("workbench.tasks.pictures.LARGE", 10**9)
    assert (small - decode(data, STYLE).int()).abs().max() <= 3


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_turned_as_its_exif_says(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    data = samples.encoded(samples.picture(3, 28), "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert decode(data, STYLE)[0].tolist() == _rows(upright)


def test_limits_of_bytes_hold_for_members_of_archives_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_bytes, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match="larger than 64 MB"):
        decode(samples.encoded(samples.picture(1), "PNG"), STYLE)
