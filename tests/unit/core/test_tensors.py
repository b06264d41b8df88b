"""A file of tensors from elsewhere: read within limits, or refused at once."""

from __future__ import annotations

import json
import random
import struct
import time

import pytest
import torch
from safetensors.torch import save

from workbench.core.errors import BadInput
from workbench.core.tensors import load_tensors

SOUND = save({"a": torch.arange(6.0).view(2, 3), "b": torch.ones(2, dtype=torch.int64)})


def framed(header: bytes, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header + data


def of_many(count: int) -> bytes:
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return framed(json.dumps({f"t{number}": entry for number in range(count)}).encode())


HOSTILE = {
    "empty": b"",
    "short": SOUND[:5],
    "cut": SOUND[:-1],
    "longer": SOUND + b"x",
    "200,000 tensors": of_many(200_000),
    "20,000 short names": of_many(10_001)[:8] + of_many(10_001)[8:],
    "100 MB of header": framed(b'{"a":"' + b" " * 100_000_000 + b'"}'),
    "a length beyond the file": struct.pack("<Q", 2**63) + SOUND[8:],
    "no object": framed(b"[]"),
    "no JSON": framed(b"{"),
    "deep": framed(b"[" * 100_000),
    "an unknown dtype": framed(b'{"a":{"dtype":"X9","shape":[1],"data_offsets":[0,1]}}', b"x"),
    "a shape beyond numbers": framed(
        b'{"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,0]}}'
    ),
    "a hole": framed(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}', b"abcde"),
    "a pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(name: str) -> None:
    start = time.process_time()
    with pytest.raises(BadInput) as caught:
        load_tensors(HOSTILE[name], "a.safetensors")
    assert time.process_time() - start < 1
    assert caught.value.where == "a.safetensors" and caught.value.remedy


def test_a_sound_file_is_read() -> None:
    found = load_tensors(SOUND, "a")
    assert torch.equal(found["a"], torch.arange(6.0).view(2, 3))
    assert set(found) == {"a", "b"}


def test_any_flipped_bit_is_an_error_or_other_tensors_and_nothing_else() -> None:
    draws = random.Random(0)
    for _ in range(400):
        data = bytearray(SOUND)
        data[draws.randrange(len(data))] ^= 1 << draws.randrange(8)
        try:
            found = load_tensors(bytes(data), "a")
        except BadInput:
            continue
        assert all(isinstance(tensor, torch.Tensor) for tensor in found.values())
