"""A file that may be gzipped, read at any place: unpacked once, in memory while it is small, else on disk."""

from __future__ import annotations

import contextlib
import gzip
import io
import tempfile
import zlib
from typing import IO, Protocol

FURTHEST = 2**32
"""Bytes into a file that are read at most; a small gzip file can be made to unpack for hours."""

_IN_MEMORY = 2**27
_PIECE = 2**20


class Parts(Protocol):
    """The bytes of a file."""

    def head(self, size: int) -> bytes:
        """The first bytes; fewer where there are not so many."""

    def part(self, start: int, size: int) -> bytes | memoryview:
        """These bytes; fewer where the file ends before."""

    def close(self) -> None:
        """Let go of what was unpacked."""


def unzipped(data: bytes) -> Parts:
    """The parts of a file as it was before gzip; nothing is unpacked before it is asked for."""
    return _Gzip(data) if data.startswith(b"\x1f\x8b") else _Plain(data)


class _Plain:
    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)

    def head(self, size: int) -> bytes:
        return bytes(self._data[:size])

    def part(self, start: int, size: int) -> memoryview:
        return self._data[start : start + size]

    def close(self) -> None:
        pass


class _Gzip:
    def __init__(self, data: bytes) -> None:
        self._stream = gzip.GzipFile(fileobj=io.BytesIO(data))
        self._kept: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._size = 0

    def head(self, size: int) -> bytes:
        with contextlib.suppress(OSError, EOFError, zlib.error):  # what came before may do
            self._unpack(size)
        return self._read(0, size)

    def part(self, start: int, size: int) -> bytes:
        """As promised above.

        Raises:
            OSError, EOFError, zlib.error: the file is damaged before that.
        """
        self._unpack(start + size)
        return self._read(start, size)

    def close(self) -> None:
        self._kept.close()

    def _read(self, start: int, size: int) -> bytes:
        self._kept.seek(start)
        return self._kept.read(size)

    def _unpack(self, until: int) -> None:
        self._kept.seek(self._size)
        while self._size < until:
            piece = self._stream.read(_PIECE)
            if not piece:
                return
            self._size += self._kept.write(piece)
