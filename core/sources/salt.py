"""The secret of a home: what patients and sources are hashed with, so that nobody can guess a hash from outside."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

_BYTES = 32


def salt(path: Path) -> bytes:
    """The 32 bytes of a salt file; made at the first call, readable by this user alone, and never changed again.

    Args:
        path: `Settings.salt_file`.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    with suppress(FileExistsError):  # the first of several processes wins, and none ever sees half a file
        os.link(part, path)
    part.unlink()
    return path.read_bytes()


def salted(text: str | bytes, path: Path) -> str:
    """A hash of a text that only this home can make: HMAC-SHA256 under its salt, in hexadecimal."""
    return hmac.new(salt(path), text.encode() if isinstance(text, str) else text, hashlib.sha256).hexdigest()
