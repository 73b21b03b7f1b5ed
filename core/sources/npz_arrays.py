"""One array inside an NPZ: its shape and type are read first, its rows one at a time. Nothing is ever unpickled."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.errors import BadArchive, BadDataset
from core.sources.zip_checks import DAMAGE, Member, damaged

_NOT_ARRAYS = "Save plain number arrays with numpy.savez or numpy.savez_compressed."


@dataclass(frozen=True)
class StoredArray:
    """Where an array lies and what it is; `size` in bytes without the header."""

    archive: zipfile.ZipFile
    member: Member
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    by_columns: bool

    @property
    def size(self) -> int:
        """Bytes of the values."""
        return math.prod(self.shape) * self.dtype.itemsize

    def load(self) -> NDArray[np.generic]:
        """The whole array.

        Raises:
            BadArchive: it is cut off or damaged.
        """
        with _values(self) as file:
            data = _exactly(file, self.size)
        return (
            np.frombuffer(data, self.dtype)
            .reshape(self.shape, order="F" if self.by_columns else "C")
            .astype(self.dtype.newbyteorder("="), copy=False)
        )

    def rows(self) -> Iterator[NDArray[np.generic]]:
        """The entries along the first axis, one at a time; an array stored by columns has to be loaded for that.

        Raises:
            BadArchive: it is cut off or damaged.
        """
        if self.by_columns:
            yield from self.load()
            return
        row_bytes = self.size // max(1, self.shape[0])
        with _values(self) as file:
            for _ in range(self.shape[0]):
                row = np.frombuffer(_exactly(file, row_bytes), self.dtype)
                yield row.reshape(self.shape[1:]).astype(self.dtype.newbyteorder("="))


def open_array(archive: zipfile.ZipFile, member: Member) -> StoredArray:
    """Read what an array is, without its values.

    Raises:
        BadArchive: it is cut off or damaged.
        BadDataset: it holds Python objects or records instead of numbers.
    """
    name = member.name.removesuffix(".npy")
    with _in_words(), archive.open(member.info) as file:
        shape, by_columns, dtype = _header(file)
        held = member.info.file_size - file.tell()
    if dtype.hasobject:
        raise BadDataset(f"{name} holds Python objects, which are never opened: they could run a program.", _NOT_ARRAYS)
    if dtype.names is not None or dtype.subdtype is not None:
        raise BadDataset(f"{name} holds records instead of plain numbers.", _NOT_ARRAYS)
    array = StoredArray(archive, member, name, shape, dtype, by_columns)
    if min(shape, default=0) < 0 or array.size != held:
        raise BadArchive(
            f"The array {name} is cut off: its header and its size do not agree.", "Download or save it anew."
        )
    return array


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    version = npy.read_magic(file)
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if read is None:
        raise ValueError(f"NPY version {version}")
    shape, by_columns, dtype = read(file)
    return shape, by_columns, dtype


@contextmanager
def _values(array: StoredArray) -> Iterator[IO[bytes]]:
    """The stream of an array's values, behind the header."""
    with _in_words(), array.archive.open(array.member.info) as file:
        _header(file)
        yield file


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise EOFError
    return data


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (*DAMAGE, SyntaxError, TypeError) as error:
        raise damaged() from error
