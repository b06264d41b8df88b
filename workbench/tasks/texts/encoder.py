"""A sentence encoder from a folder on disk, as it stands: what is meta-learned lies behind it.

The vectors of a corpus are computed once and kept in the cache, under a hash of the encoder's files
and of the sentences. Nothing is fetched, and no code that lies in the folder runs: weights are
taken from safetensors alone, parts from the library's own.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from workbench.core import places, vision
from workbench.core.errors import BadInput, brief
from workbench.core.files import parse_json, read_file, read_text, write_atomically
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.core.tensors import load_tensors
from workbench.tasks.texts.representation import DenseRows, Representation

log = logging.getLogger(__name__)
FORMAT = 1
MAX_BYTES = 4 * 2**30
BATCH = 64
LIBRARY = "sentence_transformers."
_WHERE = "task.encoder"
_REMEDY = marked("Choose the folder of a sentence encoder that was saved by sentence-transformers")


class Encoder(Representation):
    """Loaded when a sentence is first asked for that the cache has not; scales vectors to 1."""

    def __init__(self, folder: Path, size: int) -> None:
        _check(folder)
        self._folder, self._size = folder, size
        self._hash = _hash_of(folder)
        self._model: Any = None
        self._known: dict[str, Tensor] = {}

    @property
    def features(self) -> int:
        return self._size

    def rows(self, texts: Sequence[str], report: Report) -> DenseRows:
        listed = hashlib.sha256(repr((FORMAT, self._hash, texts)).encode("utf-8", "surrogatepass"))
        file = places.cache("encoded", f"{listed.hexdigest()[:24]}.safetensors")
        kept = _kept(file)
        if kept is None or kept.shape != (len(texts), self._size):
            parts = []
            for start in range(0, len(texts), BATCH):
                report(f"Encoding: {start:,} of {len(texts):,}", start / len(texts))
                parts.append(self._encoded(texts[start : start + BATCH]))
            kept = torch.cat(parts)
            _keep(file, kept)
        return DenseRows(kept)

    def word_features(self, text: str) -> None:
        """A sentence is more than the sum of its words."""

    def vector(self, text: str) -> Tensor:
        if text not in self._known:
            self._known[text] = self._encoded([text])[0]
        return self._known[text]

    def _encoded(self, texts: Sequence[str]) -> Tensor:
        if self._model is None:
            self._model = _loaded(self._folder)
        with torch.no_grad():
            found = self._model.encode(
                list(texts),
                batch_size=BATCH,
                convert_to_tensor=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        if found.shape[1] != self._size:
            problem = marked("is {0}, and the encoder gives {1} numbers").format(
                self._size, found.shape[1]
            )
            size = int(found.shape[1])
            remedy = marked("Set it to {0}").format(size)
            raise BadInput("task.vector_size", problem, remedy, Mend("task.vector_size", size))
        vectors: Tensor = found.to("cpu", torch.float32).clone()
        return vectors


def _check(folder: Path) -> None:
    """Refuse what is no saved encoder, or would run code of its own."""
    file = folder / "modules.json"
    if not folder.is_dir() or not file.is_file():
        raise BadInput(
            _WHERE, marked("{0} is no folder with a modules.json").format(folder), _REMEDY
        )
    held = parse_json(read_text(file, 2**20, _WHERE, _REMEDY), str(file))
    parts = held if isinstance(held, list) else []
    kinds = [part.get("type") for part in parts if isinstance(part, dict)]
    if not kinds or len(kinds) != len(parts):
        raise BadInput(_WHERE, marked("{0} lists no parts").format(file), _REMEDY)
    for kind in kinds:
        if not isinstance(kind, str) or not kind.startswith(LIBRARY):
            problem = marked("{0} names {1}, which is no part of sentence-transformers").format(
                file, brief(kind)
            )
            raise BadInput(_WHERE, problem, marked("Choose an encoder without code of its own"))
    if not any(folder.rglob("*.safetensors")):
        problem = marked("{0} holds no .safetensors, and other weights could run code").format(
            folder
        )
        raise BadInput(_WHERE, problem, marked("Save the encoder again with safe_serialization"))


def _loaded(folder: Path) -> Any:
    if vision.state().kind != "absent":
        vision.torchvision()  # which the library imports, and cannot where it is half there
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        problem = marked(
            "sentence encoders need the package sentence-transformers, which is not here"
        )
        remedy = marked("Install it with pip install 'maml-workbench[encoder]', or choose hashed")
        hashed = Mend("task.representation", "hashed")
        raise BadInput("task.representation", problem, remedy, hashed) from error
    disable_progress_bar()  # progress is told by `report`; a bar leaves a thread behind
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # whatever a library says of a folder of unknown origin
        raise BadInput(
            _WHERE, marked("{0} cannot be loaded ({1})").format(folder, brief(error, 200)), _REMEDY
        ) from error


def _hash_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(repr(str(file.relative_to(folder))).encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(read_file(file, MAX_BYTES, _WHERE)).digest())
    return digest.hexdigest()


def _kept(file: Path) -> Tensor | None:
    try:
        return load_tensors(read_file(file, MAX_BYTES), str(file)).get("vectors")
    except BadInput as fault:
        if not isinstance(fault.__cause__, FileNotFoundError):
            log.warning("the cache is made again: %s", fault)
        return None


def _keep(file: Path, vectors: Tensor) -> None:
    """A disk that cannot be written costs time, not the run."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, save({"vectors": vectors}))
    except OSError as error:
        log.warning("the cache %s cannot be written (%s)", file, error)
