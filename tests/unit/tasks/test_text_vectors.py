"""Word vectors and encoders from the user's disk."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch

from tests.unit.tasks.text_kit import CLASSES, own, pairs, write_csv
from workbench.core import vision
from workbench.core.errors import BadInput
from workbench.tasks.text import OwnText


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "a.csv", pairs())


def vectors(path: Path, header: str = "", size: int = 4) -> Path:
    words = ["say", "class", "number", *(str(n) for n in range(10))]
    lines = [
        " ".join([word, *(f"{((at + 1) * (k + 3)) % 7 - 3}.5" for k in range(size))])
        for at, word in enumerate(words)
    ]
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_vectors(file: Path, path: Path, size: int = 4) -> OwnText:
    return own(file, representation="vectors", vectors=str(path), vector_size=size)


def test_vectors_with_and_without_a_first_line(file: Path, tmp_path: Path) -> None:
    plain = with_vectors(file, vectors(tmp_path / "v.txt"))
    headed = with_vectors(file, vectors(tmp_path / "v.vec", "13 4\n"))
    assert plain.spec.input_shape == (4,)
    one, other = (family.draw("test", 0).episode().support.x for family in (plain, headed))
    assert torch.equal(one, other) and torch.allclose(one.norm(dim=1), torch.ones(len(one)))


def test_a_sentence_is_the_sum_of_its_words(file: Path, tmp_path: Path) -> None:
    task = with_vectors(file, vectors(tmp_path / "v.txt")).draw("test", 0)
    shares = task.word_features("Say unknown 3")  # type: ignore[attr-defined]
    assert shares.shape == (3, 4) and not shares[1].any()
    torch.testing.assert_close(shares.sum(0), task.vector("Say unknown 3"))  # type: ignore[attr-defined]
    assert not task.vector("Nothing known").any()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "size", "message"),
    [
        ("", 4, r"task\.vectors: .*no word vectors"),
        ("2 4\n", 4, r"task\.vectors: .*no word vectors"),
        ("say 1 2 3\n", 4, r"task\.vector_size: is 4, and .*line 1, has 3 numbers. Set it to 3"),
        ("say 1 2 x 4\n", 4, r"line 1, is no word with its numbers"),
        ("say 1 2 nan 4\n", 4, r"not finite"),
        ("say 1 2 3 4\nclass 1 2\n", 4, r"line 2, has 2 numbers"),
        ("x" * 2**21, 4, r"longer than a million"),
    ],
)
def test_vectors_that_cannot_be(
    file: Path, tmp_path: Path, text: str, size: int, message: str
) -> None:
    path = tmp_path / "v.vec"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        with_vectors(file, path, size)


def test_places_that_hold_none(file: Path, tmp_path: Path) -> None:
    for place, message in ((tmp_path / "gone", "cannot be read"), (tmp_path, "is a folder")):
        with pytest.raises(BadInput, match=rf"task\.vectors: .*{message}"):
            with_vectors(file, place)
    with pytest.raises(BadInput, match=r"task\.vectors: nothing is chosen"):
        own(file, representation="vectors")


def encoder_folder(
    tmp_path: Path, kind: object = "sentence_transformers.models.Transformer"
) -> Path:
    folder = tmp_path / "encoder"
    folder.mkdir()
    (folder / "modules.json").write_text(json.dumps([{"type": kind}]), encoding="utf-8")
    return folder


def test_folders_that_are_no_encoder(file: Path, tmp_path: Path) -> None:
    def encoded(folder: Path) -> OwnText:
        return own(file, representation="encoder", encoder=str(folder))

    with pytest.raises(BadInput, match=r"task\.encoder: nothing is chosen"):
        own(file, representation="encoder")
    with pytest.raises(BadInput, match=r"task\.encoder: .*no folder with a modules\.json"):
        encoded(tmp_path)
    with pytest.raises(BadInput, match=r"task\.encoder: .*holds no \.safetensors"):
        encoded(encoder_folder(tmp_path))
    (tmp_path / "encoder" / "modules.json").write_text("[]", encoding="utf-8")
    with pytest.raises(BadInput, match=r"task\.encoder: .*lists no parts"):
        encoded(tmp_path / "encoder")
    held = json.dumps([{"type": "os.system"}])
    (tmp_path / "encoder" / "modules.json").write_text(held, encoding="utf-8")
    with pytest.raises(BadInput, match=r"'os\.system', which is no part of sentence-transformers"):
        encoded(tmp_path / "encoder")


def test_without_the_package_the_remedy_is_said(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = encoder_folder(tmp_path)
    (folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(BadInput, match=r"task\.representation: .*maml-workbench\[encoder\]"):
        own(file, representation="encoder", encoder=str(folder))


def small_encoder(folder: Path) -> Path:
    """A transformer of two layers with random weights, saved as a sentence encoder."""
    if vision.state().kind != "absent":
        vision.torchvision()
    models = pytest.importorskip(
        "sentence_transformers.models", reason="the extra encoder is not installed"
    )
    import tqdm
    import transformers

    transformers.utils.logging.disable_progress_bar()
    tqdm.tqdm.monitor_interval = 0  # its thread never ends
    from sentence_transformers import SentenceTransformer

    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "say",
        "class",
        "number",
        *"0123456789",
    ]
    parts = folder / "parts"
    parts.mkdir(parents=True)
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    transformers.BertTokenizerFast(str(parts / "vocab.txt")).save_pretrained(parts)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.BertConfig(
        vocab_size=len(vocabulary), intermediate_size=32, max_position_embeddings=64, **sizes
    )
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(parts)
    first = models.Transformer(str(parts))
    SentenceTransformer(modules=[first, models.Pooling(16)], device="cpu").save(
        str(folder / "made")
    )
    return folder / "made"


@pytest.mark.filterwarnings("default")
def test_a_small_encoder_is_run_once_and_kept(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = small_encoder(tmp_path / "encoder")
    given = {"representation": "encoder", "encoder": str(folder), "vector_size": 16}
    first = own(file, **given)
    task = first.draw("test", 0)
    assert first.spec.input_shape == (16,) and len(first.pool.corpus.class_names) == len(CLASSES)
    assert task.word_features("Say class 3") is None  # type: ignore[attr-defined]
    text = task.support_texts[0][0]  # type: ignore[attr-defined]
    torch.testing.assert_close(task.vector(text), task.episode().support.x[0])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    again = own(file, **given).draw("test", 0).episode()
    assert torch.equal(again.support.x, task.episode().support.x)
    with pytest.raises(BadInput, match=r"task\.vector_size|task\.representation"):
        own(file, **{**given, "vector_size": 8})
