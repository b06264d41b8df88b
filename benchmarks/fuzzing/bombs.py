"""Files that are small and ask for much, or say of themselves what is not so."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

from benchmarks.fuzzing.samples import archive, chunk, configuration, encoded, picture, png, scenes

Cases = dict[str, bytes]


def configs() -> Cases:
    base = configuration().to_json()

    def changed(section: str, field: str, value: Any) -> bytes:
        return json.dumps({**base, section: {**base[section], field: value}}).encode()

    return {
        "160 GB of weights": changed("model", "hidden", [200_000, 200_000]),
        "no width": changed("model", "hidden", [0]),
        "a number for a name": changed("model", "name", 5),
        "null for a name": changed("task", "name", None),
        "a long name": changed("algorithm", "name", "x" * 300),
        "5,000 digits": changed("task", "shots", "9" * 5000),
        "a huge exponent": changed("task", "shots", "1e400000000"),
        "100,000 widths": changed("model", "hidden", [8] * 100_000),
        "100,000 fields": json.dumps({"task": {str(n): 0 for n in range(60_000)}}).encode(),
        "deep": b'{"task":' * 100_000,
        "a megabyte and more": b" " * 1_000_001,
        "a mark of byte order": b"\xef\xbb\xbf" + json.dumps(base).encode(),
    }


def scene_files() -> Cases:
    curve, glyphs = scenes()

    def changed(scene: dict[str, Any], **task: Any) -> bytes:
        return json.dumps({**scene, "task": {**scene["task"], **task}}).encode()

    task = glyphs["task"]
    classes, support, query = task["classes"], task["support"], task["query"]
    own = {**support[1][1], "pixels": "eJwDAAAAAAE="}
    return {
        "10^9 steps": json.dumps({**curve, "steps": 10**9}).encode(),
        "negative steps": json.dumps({**curve, "steps": -1}).encode(),
        "1e999": json.dumps(curve).replace("4", "1e999", 1).encode(),
        "a lock outside": json.dumps({**curve, "locked": [[0, 99]]}).encode(),
        "a class twice": changed(glyphs, classes=[classes[0], *classes[:2]]),
        "a training class": changed(glyphs, classes=[[0, 0], *classes[1:]]),
        "shown and asked": changed(glyphs, support=[[query[0][0]], *support[1:]]),
        "bad zlib": changed(glyphs, support=[[own], *support[1:]]),
        "100,000 pictures": changed(glyphs, support=[[own] * 100_000, *support[1:]]),
        "a million rows": changed(glyphs, query=[[]] * 1_000_000),
        "a million points": changed(curve, query_x=[0.5] * 1_000_000),
        "a huge point": changed(curve, support_x=[1e39] * 5),
    }


def images() -> Cases:
    pixels = chunk(b"IDAT", zlib.compress(bytes(72)))
    gif, jpeg = encoded(picture(1), "GIF"), encoded(picture(1, 64), "JPEG", progressive=True)
    cut, scan = gif.rindex(b",\0\0\0\0"), jpeg[jpeg.rindex(b"\xff\xda") : -2]
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(40_000_000), 9))
    profile = chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(400_000_000), 9))
    many = 4_000_000
    return {
        "60000 x 60000": png(60_000, 60_000, chunk(b"IDAT", b"")),
        "49 megapixels": encoded(
            Image.new("RGBA", (7000, 7000), (9, 9, 9, 9)), "PNG", compress_level=1
        ),
        "49 megapixels, palette": _palette(),
        "25 megapixels, webp": encoded(Image.new("RGB", (5000, 5000)), "WEBP", method=0),
        "49 megapixels, lzw": encoded(
            Image.new("RGB", (7000, 7000)), "TIFF", compression="tiff_lzw"
        ),
        "text of 40 MB": png(8, 8, *[text] * 3, pixels),
        "a profile of 400 MB": png(8, 8, profile, pixels),
        "a million chunks": png(8, 8, chunk(b"abCd", b"") * 1_000_000, pixels),
        "a million comments": gif[:cut] + b"!\xfe\x01a\0" * 1_000_000 + gif[cut:],
        "10,000 scans": jpeg[:-2] + scan * 10_000 + b"\xff\xd9",
        "4 million strips": _tiff(many),
        "4 million orientations": png(8, 8, chunk(b"eXIf", _tiff(many, 0x112)), pixels),
    }


def _palette() -> bytes:
    image = Image.new("P", (7000, 7000))
    return encoded(image, "PNG", transparency=0, compress_level=1)


def _tiff(count: int, tag: int = 273) -> bytes:
    """One whose tag ``tag`` has so many entries."""
    wanted = {256: 100, 257: 100, 258: 8, 259: 1, 262: 1, 277: 1, 278: 1}
    entries = [struct.pack("<HHII", name, 4, 1, value) for name, value in wanted.items()]
    entries.append(struct.pack("<HHII", tag, 4, count, 8))
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries)
    return head + bytes(4) + b"\x08\0\0\0" * count


def archives() -> Cases:
    sound = archive()
    return {
        "a size that lies": lying(),
        "encrypted": _flagged(sound, 1),
        "packed with bzip2": archive(zipfile.ZIP_BZIP2),
        "packed with lzma": archive(zipfile.ZIP_LZMA),
        "out of itself": _named("../../a/b.png"),
        "absolute": _named("/a/b.png"),
        "backslashes": _named("..\\..\\b.png"),
        "a control character": _named("a\x1b[2J/b.png"),
        "deep": _named("a/" * 30_000 + "b.png"),
        "a zip of zips": _named("a/b.zip", sound),
        "300,000 entries": _flooded(300_000),
        "entries that overlap": _overlapping(sound),
        "no end": sound[:-30],
        "half a directory": sound[:-400] + sound[-22:],
    }


def _named(name: str, data: bytes = b"x") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


def lying(pieces: int = 80) -> bytes:
    """A member said to have 1,000 bytes, which unpacks to so many times 16 MB."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packing.compress(bytes(2**24)) + packing.flush(zlib.Z_FULL_FLUSH)
    data = bytearray(_named("a/b.png", piece * pieces + packing.flush()))
    for signature, packed, size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        start = data.rindex(signature)
        data[start + packed : start + packed + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
        data[start + size : start + size + 4] = struct.pack("<I", 1000)
    return bytes(data)


def _flagged(data: bytes, bits: int) -> bytes:
    changed = bytearray(data)
    start = changed.find(b"PK\x01\x02")
    while start >= 0:
        changed[start + 8] |= bits
        start = changed.find(b"PK\x01\x02", start + 1)
    return bytes(changed)


def _overlapping(data: bytes) -> bytes:
    """Every entry of the directory points to the first member."""
    changed = bytearray(data)
    start = changed.find(b"PK\x01\x02")
    while start >= 0:
        changed[start + 42 : start + 46] = bytes(4)
        start = changed.find(b"PK\x01\x02", start + 1)
    return bytes(changed)


def _flooded(count: int) -> bytes:
    """A directory of so many entries, all of one empty member."""
    name = b"a/b.png"
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    head = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), *[0] * 6
    )
    directory = (head + name) * count
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), len(local), 0
    )
    return local + directory + end


def tables() -> Cases:
    return {
        "two million rows": b"1.5,-0.3\n" * 2_000_000,
        "20,000 rows": b"1,2\n" * 20_000,
        "one long cell": b"1," + b"9" * 1_000_000,
        "a million columns": b"1," * 1_000_000,
        "semicolons": b"1,5;0,3\n2,5;0,4\n",
        "decimal commas": b"1,5,0,3\n",
        "not finite": b"1,2\n3,inf\n",
        "no end of quotes": b'"' + b"1,2\n" * 1000,
        "a zero byte": b"1,2\n3,\0004\n",
        "a mark of byte order": b"\xef\xbb\xbfx,y\n1,2\n",
        "ragged": b"1,2\n3\n4,5,6\n",
        "digits of another script": "١,٢\n".encode(),
    }
