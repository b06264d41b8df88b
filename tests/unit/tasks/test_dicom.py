"""DICOM in grey: values, window and polarity as the standard says; what else there is, is told."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.unit.tasks.conftest import Prepare, fill
from workbench.tasks.image_bytes import MAX_PIXELS
from workbench.tasks.pictures import ImageStyle, decode

SIDE = 8
CLASSES = [f"kind {number}" for number in range(6)]
SIZES = {"ways": 2, "queries": 1, "image_size": SIDE}


@pytest.fixture
def dicom() -> Any:
    return pytest.importorskip("pydicom", reason="the extra dicom is not installed")


def ramp(low: int = 0, high: int = 4095) -> np.ndarray:
    return np.linspace(low, high, SIDE * SIDE).round().astype(np.int16).reshape(SIDE, SIDE)


def written(dicom: Any, stored: np.ndarray, syntax: str = "", **tags: Any) -> bytes:
    """A file of one grey frame in 16 bits; ``tags`` lie over what it says of itself."""
    from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

    said = dicom.Dataset()
    said.SOPClassUID = SecondaryCaptureImageStorage
    said.SOPInstanceUID = "1.2.3.4"
    said.Rows, said.Columns = stored.shape[-2:]
    said.SamplesPerPixel, said.PhotometricInterpretation = 1, "MONOCHROME2"
    said.BitsAllocated, said.BitsStored, said.HighBit, said.PixelRepresentation = 16, 16, 15, 1
    said.PixelData = stored.astype("<i2").tobytes()
    for name, value in tags.items():
        setattr(said, name, value)
    said.file_meta = dicom.dataset.FileMetaDataset()
    said.file_meta.TransferSyntaxUID = syntax or ExplicitVRLittleEndian
    stream = io.BytesIO()
    dicom.dcmwrite(stream, said, enforce_file_format=True)
    return stream.getvalue()


def grey(data: bytes) -> np.ndarray:
    return decode(data, ImageStyle(SIDE))[0].numpy().astype(int)


def test_without_a_window_it_is_scaled_by_its_own_range(dicom: Any) -> None:
    stored = ramp(-1000, 3000)
    expected = (stored.astype(float) + 1000) / 4000 * 255
    assert abs(grey(written(dicom, stored)) - expected).max() <= 0.51


@pytest.mark.parametrize(
    ("tags", "low", "high"),
    [
        ({"WindowCenter": 40, "WindowWidth": 400}, 39.5 - 199.5, 39.5 + 199.5),
        ({"WindowCenter": [40, 500], "WindowWidth": [400, 2000]}, 39.5 - 199.5, 39.5 + 199.5),
        (
            {"WindowCenter": 40, "WindowWidth": 400, "VOILUTFunction": "LINEAR_EXACT"},
            40 - 200,
            40 + 200,
        ),
    ],
)
def test_slope_intercept_and_window_are_those_of_the_standard(
    dicom: Any, tags: dict[str, Any], low: float, high: float
) -> None:
    """A CT: stored numbers from 0, Hounsfield units from -1024."""
    stored = ramp(0, 4000)
    data = written(dicom, stored, RescaleSlope=0.5, RescaleIntercept=-1024, **tags)
    units = stored * 0.5 - 1024
    expected = ((units - low) / (high - low)).clip(0, 1) * 255
    assert abs(grey(data) - expected).max() <= 0.51


def test_a_sigmoid_window_is_that_of_the_standard(dicom: Any) -> None:
    stored = ramp(0, 1000)
    tags = {"WindowCenter": 500, "WindowWidth": 300, "VOILUTFunction": "SIGMOID"}
    expected = 255 / (1 + np.exp(-4 * (stored - 500.0) / 300))
    assert abs(grey(written(dicom, stored, **tags)) - expected).max() <= 0.51


@pytest.mark.parametrize("tags", [{}, {"WindowCenter": 2000, "WindowWidth": 1000}])
def test_in_monochrome1_the_lowest_is_white(dicom: Any, tags: dict[str, Any]) -> None:
    data = written(dicom, ramp(), PhotometricInterpretation="MONOCHROME1", **tags)
    assert (grey(data) == 255 - grey(written(dicom, ramp(), **tags))).all()
    assert grey(data)[0, 0] == 255


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"NumberOfFrames": 3, "PixelData": bytes(6 * SIDE * SIDE)}, "has 3 frames"),
        ({"PhotometricInterpretation": "RGB"}, "is RGB, and DICOM is read in grey"),
        ({"Rows": 20_000, "Columns": 20_000}, f"more than {MAX_PIXELS // 10**6} million"),
        ({"PixelData": bytes(10)}, "less than expected"),
        ({"WindowCenter": 1, "WindowWidth": 0}, "Window Width"),
    ],
)
def test_what_is_not_one_grey_frame_is_told(dicom: Any, tags: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        grey(written(dicom, ramp(), **tags))


def test_compressed_pixels_name_their_syntax(dicom: Any) -> None:
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEGLSLossless

    pixels = encapsulate([b"no decoder comes with the package"])
    data = written(dicom, ramp(), syntax=JPEGLSLossless, PixelData=pixels)
    with pytest.raises(ValueError, match=r"cannot be decoded \(JPEG-LS Lossless"):
        grey(data)


def test_deflated_and_cut_files_are_refused(dicom: Any) -> None:
    whole = written(dicom, ramp())
    marked = whole.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99", 1)
    with pytest.raises(ValueError, match="is deflated DICOM"):
        grey(marked)
    for cut in (132, 200, len(whole) // 2, len(whole) - 3):
        with pytest.raises((ValueError, OSError)):
            grey(whole[:cut])


def test_a_folder_of_them_beside_others_is_a_task(
    dicom: Any, tmp_path: Path, prepare: Prepare
) -> None:
    for number, name in enumerate(CLASSES):
        (tmp_path / name).mkdir()
        for item in range(2):
            stored = ramp(100 * number, 2000 + 100 * item)
            (tmp_path / name / f"{item}.dcm").write_bytes(written(dicom, stored))
    frames = written(dicom, ramp(), NumberOfFrames=2, PixelData=bytes(4 * SIDE * SIDE))
    (tmp_path / CLASSES[0] / "film.dicom").write_bytes(frames)
    family = prepare("image_folder", root=tmp_path, **SIZES)
    assert family.pool.images.shape == (12, 1, SIDE, SIDE)
    assert any("film.dicom: has 2 frames" in note for note in family.notes())
    x = family.episodes("test", 2, torch.Generator().manual_seed(0)).support.x
    assert float(x.min()) == 0 and float(x.max()) == 1


def test_without_the_package_each_file_is_listed_with_the_way_to_install_it(
    tmp_path: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pydicom", None)
    file = fill(tmp_path, CLASSES, 2) / CLASSES[1] / "scan.dcm"
    file.write_bytes(bytes(128) + b"DICM" + bytes(20))
    told = prepare("image_folder", root=tmp_path, **SIZES).notes()
    assert any(
        "scan.dcm: is DICOM, which is read after pip install 'maml-workbench[dicom]'" in line
        for line in told
    )
    with pytest.raises(ValueError, match=r"pip install 'maml-workbench\[dicom\]'"):
        decode(file.read_bytes(), ImageStyle(SIDE))
