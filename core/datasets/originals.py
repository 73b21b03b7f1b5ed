"""The originals of a data set: files kept under the hash of their content, never under a name from outside."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stored:
    """One file as it is kept: `file` is its path below the originals, `digest` the SHA-256 of its content."""

    file: str
    digest: str
    size: int


class Originals:
    """A folder of files by content; the same content twice is kept once. Threads may put at the same time.

    Args:
        folder: where they lie; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Keep a file that comes in pieces; when the pieces end in an exception nothing is kept.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        arriving = self._folder / f"arriving-{secrets.token_hex(8)}"
        try:
            digest, size = _write(arriving, chunks)
            target = self.path(_file_of(digest))
            target.parent.mkdir(exist_ok=True)
            os.replace(arriving, target)
        finally:
            arriving.unlink(missing_ok=True)
        return Stored(_file_of(digest), digest, size)

    def path(self, file: str) -> Path:
        """Where a stored file lies."""
        return self._folder / file

    def keep_only(self, files: set[str]) -> int:
        """Delete every file that is not among these; the bytes that remain."""
        remaining = 0
        for path in self._folder.glob("*/*"):
            if f"{path.parent.name}/{path.name}" in files:
                remaining += path.stat().st_size
            else:
                path.unlink()
        return remaining


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    hasher, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            hasher.update(chunk)
            size += file.write(chunk)
    return hasher.hexdigest(), size


def _file_of(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"
