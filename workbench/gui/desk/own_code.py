"""Whether the model file of the draft may run: it must be the file that was read and trusted."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput

MODEL = "user_module"
MAX_BYTES = 1_000_000


def refusal(model: dict[str, Any]) -> BadInput | None:
    """Why the model of a draft must not run; `Untrusted` carries what there is to decide about."""
    if model.get("name") != MODEL:
        return None
    from workbench.models.user_module import Untrusted

    file = Path(str(model.get("path") or ""))
    try:
        source = _read(file)
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{file.name} cannot be read as text" if file.name else "no file is chosen"
        if isinstance(error, OSError) and error.strerror and file.name:
            problem = f"{file.name} cannot be read ({error.strerror})"
        return BadInput("model.path", problem, "Choose a Python file")
    digest = hashlib.sha256(source.encode()).hexdigest()
    if str(model.get("sha256") or "").strip().lower() == digest:
        return None
    return Untrusted(file, source, digest)


def _read(file: Path) -> str:
    """The text of a file, every line ending as it is; raises what opening it raises."""
    if file.stat().st_size > MAX_BYTES:
        raise OSError(0, "larger than 1 MB")
    return file.read_bytes().decode("utf-8")
