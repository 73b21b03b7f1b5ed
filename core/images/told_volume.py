"""What the header of a NIfTI volume says in words: its free texts, and the extensions behind it."""

from __future__ import annotations

import gzip
import io
import zlib

from core.specs import Told

_TEXTS = {  # by the header's length; name, place and length of its texts (nifti1.h, nifti2.h)
    348: (
        ("data_type", 4, 10),
        ("db_name", 14, 18),
        ("descrip", 148, 80),
        ("aux_file", 228, 24),
        ("intent_name", 328, 16),
    ),
    540: (("descrip", 240, 80), ("aux_file", 320, 24), ("intent_name", 508, 16)),
}


def told(data: bytes, _name: str) -> Told:
    """What the header says; of a damaged one, what can be read."""
    head = _head(data)
    size = next((n for n in _TEXTS for order in ("little", "big") if int.from_bytes(head[:4], order) == n), 0)
    texts = _TEXTS.get(size, ())
    found = [f"NIfTI {field}" for field, at, length in texts if head[at : at + length].strip(b"\0 ")]
    if size and head[size : size + 1].strip(b"\0"):
        found.append("NIfTI extension")
    return Told(dropped=tuple(sorted(found)))


def _head(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data[:544]
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(544)
    except (OSError, EOFError, zlib.error):
        return b""
