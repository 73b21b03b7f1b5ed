"""The originals of a data set: files kept under the hash of their content, never under a name from outside."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

_HELD_BYTES = 4 * 2**20  # of one file, in memory; several are on their way at a time


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
            target = self.path(file_of(digest))
            target.parent.mkdir(exist_ok=True)
            os.replace(arriving, target)
        finally:
            arriving.unlink(missing_ok=True)
        return Stored(file_of(digest), digest, size)

    def keep(self, data: bytes) -> Stored:
        """Keep a file that is whole already; much quicker than `put` where there are many.

        Raises:
            OSError: the disk is full or cannot be written; half of the file may be left.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = f"{self._folder}/{file_of(digest)}"
        try:
            _write_new(path, data)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write_new(path, data)
        return Stored(file_of(digest), digest, len(data))

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


class Arrivals(Originals):
    """Files as they come, until they are read: small ones in memory, large ones in a folder; none stays.

    Readers put them here as they would put them on the shelf; only what is reduced to pixels gets there.

    Args:
        folder: for the large ones; made if need be, and deleted by `close`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._held: dict[str, bytes] = {}
        self._tokens = map(str, count())

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Hold a file that comes in pieces; its `digest` is not known yet.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        token, held, size, coming = next(self._tokens), [], 0, iter(chunks)
        for chunk in coming:
            held.append(chunk)
            size += len(chunk)
            if size > _HELD_BYTES:
                size = self._write_down(token, chain(held, coming))
                return Stored(token, "", size)
        self._held[token] = b"".join(held)
        return Stored(token, "", size)

    def take(self, stored: Stored) -> bytes:
        """The content of a file that was put, once; it is gone then."""
        held = self._held.pop(stored.file, None)
        if held is None:
            path = self.path(stored.file)
            held = path.read_bytes()
            path.unlink()
        return held

    def close(self) -> None:
        """Forget what was not taken."""
        self._held.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write_down(self, token: str, chunks: Iterable[bytes]) -> int:
        try:
            with self.path(token).open("xb") as file:
                return sum(map(file.write, chunks))
        except BaseException:
            self.path(token).unlink(missing_ok=True)
            raise


def _write_new(path: str, data: bytes) -> None:
    try:
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return  # the same content, or another thread is about to have written it
    try:  # bare calls of the system: a file of Python's asks for more of them than a small image needs
        written = os.write(place, data)
        while written < len(data):
            written += os.write(place, data[written:])
    finally:
        os.close(place)


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    hasher, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            hasher.update(chunk)
            size += file.write(chunk)
    return hasher.hexdigest(), size


def file_of(digest: str) -> str:
    """The path below the originals of the content that has this SHA-256."""
    return f"{digest[:2]}/{digest[2:]}"
