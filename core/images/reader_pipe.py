"""What a reader process and the program that asks it say to each other: a JSON header, and raw bytes behind it.

Never pickle: what comes back was made by libraries that had a stranger's file in their hands, so it may be anything.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import os
import select
import struct
import time
import typing
from typing import Any, TypeVar

import numpy as np

_LENGTHS = struct.Struct("<QQ")  # of the header, and of all that follows it
_MOST_HEADER = 2**26
_CHUNK = 2**20
_TYPES = {"uint8": np.uint8, "uint16": np.uint16}
T = TypeVar("T")


class Late(Exception):
    """The other side did not speak, or listen, in time."""


class Gone(Exception):
    """The other side has ended, or says what nobody of ours would say."""


def write(file: int, header: dict[str, Any], raw: memoryview | bytes = b"", until: float = math.inf) -> None:
    """Say something.

    Args:
        file: the pipe's end, non-blocking if `until` is given.
        header: what JSON can hold.
        raw: bytes, any number.
        until: the moment on the clock `time.monotonic` at which to give up.

    Raises:
        Late, Gone.
    """
    words = json.dumps(header).encode()
    raw = memoryview(raw).cast("B")
    head = _LENGTHS.pack(len(words), raw.nbytes) + words
    if raw.nbytes < _CHUNK:  # one call of the system, and one awakening on the other side
        head, raw = head + raw, raw[:0]
    _write_all(file, memoryview(head), until)
    _write_all(file, raw, until)


def read(file: int, until: float = math.inf) -> tuple[dict[str, Any], bytearray]:
    """Hear what the other side says: the header and the bytes.

    Raises:
        Late, Gone.
    """
    words, more = _LENGTHS.unpack(_read_all(file, _LENGTHS.size, until))
    if words > _MOST_HEADER:
        raise Gone
    try:
        header = json.loads(_read_all(file, words, until))
    except ValueError as error:
        raise Gone from error
    if not isinstance(header, dict):
        raise Gone
    return header, _read_all(file, more, until)


def packed(value: Any) -> tuple[dict[str, Any], memoryview]:
    """A dataclass as a header and bytes: at most one of its fields is an array, which becomes the bytes."""
    header, raw = dict[str, Any](), memoryview(b"")
    for field in dataclasses.fields(value):
        held = getattr(value, field.name)
        if isinstance(held, np.ndarray):
            header[field.name] = {"shape": held.shape, "dtype": str(held.dtype)}
            raw = np.ascontiguousarray(held).reshape(-1).view(np.uint8).data
        elif dataclasses.is_dataclass(held) and not isinstance(held, type):
            header[field.name] = dataclasses.asdict(held)
        else:
            header[field.name] = held
    return header, raw


def unpacked(kind: type[T], header: dict[str, Any], raw: bytearray) -> T:
    """The dataclass again.

    Raises:
        Gone: this is none.
    """
    hints = _hints(typing.cast(typing.Hashable, kind))
    try:
        return kind(**{name: _field(hints[name], held, raw) for name, held in header.items()})
    except (TypeError, ValueError, KeyError) as error:
        raise Gone from error


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _field(hint: Any, held: Any, raw: bytearray) -> Any:
    if not isinstance(held, dict):
        return held
    inner = next((one for one in (hint, *typing.get_args(hint)) if dataclasses.is_dataclass(one)), None)
    if isinstance(inner, type):
        return inner(**held)
    return np.frombuffer(raw, _TYPES[held["dtype"]]).reshape(held["shape"])


def _write_all(file: int, rest: memoryview, until: float) -> None:
    while rest:
        try:
            rest = rest[os.write(file, rest[:_CHUNK]) :]
        except BlockingIOError:
            _wait(file, select.POLLOUT, until)
        except BrokenPipeError as error:
            raise Gone from error


def _read_all(file: int, length: int, until: float) -> bytearray:
    try:
        whole = bytearray(length)
    except (MemoryError, OverflowError) as error:
        raise Gone from error
    rest = memoryview(whole)
    while rest:
        try:
            count = os.readv(file, [rest[:_CHUNK]])
        except BlockingIOError:
            _wait(file, select.POLLIN, until)
            continue
        if not count:
            raise Gone
        rest = rest[count:]
    return whole


def _wait(file: int, what: int, until: float) -> None:
    """Until a pipe that does not block can be used, for as long as may be."""
    poll = select.poll()
    poll.register(file, what)
    left = until - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise Late
