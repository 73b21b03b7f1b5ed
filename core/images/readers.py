"""Reading strangers' files in safety: the risky kinds in processes of their own, with limits of time and memory.

DICOM, NIfTI and TIFF hold so much that their readers can be made to run for ever, to fill the memory or to crash. All
that happens then is that one process is replaced and one file refused in words. The processes are kept warm: a frame
costs its way through a pipe, not the start of an interpreter.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from core.errors import WorkFailed, error_from
from core.images import refusals
from core.images.decoding import Decoded, decode
from core.images.parts import Part, parts_of
from core.images.reader_child import Child
from core.images.reader_pipe import Gone, Late, unpacked
from core.images.reduced import reduced, reduced_to_parts
from core.images.sniff import kind_of
from core.images.told import told_of_parts
from core.specs import Told

RISKY = frozenset({"DICOM", "NIfTI", "TIFF"})
_MEMORY_BYTES = 4 * 2**30
_SMALL_BYTES = 2**20
_PROGRAM = (sys.executable, "-B", "-P", "-m", "core.images.reader_process")


class OpenFile:
    """One image file, open for reading; a context manager's value, good until it is left.

    Attributes:
        kind: as `kind` says.
        planes: how many images it holds.
        told: what it says beside its pixels.
    """

    def __init__(self, data: bytes, name: str, max_pixels: int, kind: str) -> None:
        self._data, self._name, self._max_pixels = data, name, max_pixels
        self.kind = kind
        self.planes = 1

    @cached_property
    def _parts(self) -> list[Part] | None:
        return parts_of(self._data, self.kind)

    @cached_property
    def told(self) -> Told:
        """What it says beside its pixels."""
        return told_of_parts(self._data, self._parts)

    @property
    def reduced(self) -> bytes:
        """As `core.images.reduced` gives it; for kinds that are not risky."""
        small = reduced_to_parts(self._data, self.kind, self._name, self._parts)
        return reduced(self._data, self._name, self._max_pixels) if small is None else small

    def decode(self, plane: int = 0) -> Decoded:
        """One of its images, as `core.images.decode` gives it.

        Raises:
            BadImage, TooLarge, NotHandledYet: as `decode` does; also where reading takes too long, needs too much
                memory or makes the reader crash.
        """
        return decode(self._data, name=self._name, max_pixels=self._max_pixels, plane=plane)


class Readers:
    """A few processes that read files; a context manager, safe in threads.

    A thread must not open a file while it holds another: it might wait for itself.

    Args:
        processes: the most at a time; by default one for each core.
        limit_s: the longest that one answer about a file (its planes, the pixels of one of them) may take.
        memory_bytes: the most that one process may take beyond what it has at its start.
        command: another program in place of our own, to be given the memory limit as its last argument; for tests.
    """

    def __init__(
        self,
        processes: int | None = None,
        limit_s: float = 30.0,
        *,
        memory_bytes: int = _MEMORY_BYTES,
        command: Sequence[str] = _PROGRAM,
    ) -> None:
        self.limit_s = limit_s
        self.memory_bytes = memory_bytes
        self._command = command
        self._free = threading.Semaphore(processes or len(os.sched_getaffinity(0)))
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._all: set[Child] = set()

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; a read that is still under way is refused."""
        with self._lock:
            idle, busy = self._idle, self._all.difference(self._idle)
            self._all, self._idle = set(), []
        for process in idle:
            process.end()
        for process in busy:
            process.kill()

    @contextlib.contextmanager
    def open(self, data: bytes, name: str, max_pixels: int, axis: int = 2, *, ahead: bool = True) -> Iterator[OpenFile]:
        """A file, open until the block is left.

        Args:
            data: the whole file.
            name: what to call it in an error.
            max_pixels: the most that a plane may have.
            axis: of a volume, the axis along which slices are taken.
            ahead: whether a file's only plane is decoded at once, as it will be asked for.

        Raises:
            BadImage, TooLarge, NotHandledYet: as `core.images.planes` does; also where that takes too long, needs too
                much memory or makes the reader crash.
            WorkFailed: no reader process could be started.
        """
        kind = kind_of(data, name)
        if kind not in RISKY:
            yield OpenFile(data, name, max_pixels, kind)
            return
        with self._free:
            file = _FileApart(self, data, name, max_pixels, kind, axis)
            try:
                file.begin(ahead)
                yield file
            finally:
                file.end()

    def take(self) -> Child:
        """An idle process, or a new one."""
        with self._lock:
            process = self._idle.pop() if self._idle else None
        if process is None:
            process = Child([*self._command, str(self.memory_bytes)])
            with self._lock:
                self._all.add(process)
        return process

    def give_back(self, process: Child) -> None:
        """Let another file have it, unless it was ended meanwhile."""
        with self._lock:
            if process in self._all:
                self._idle.append(process)
                return
        process.end()

    def replace(self, process: Child) -> None:
        """End it; the next file has a new one."""
        with self._lock:
            self._all.discard(process)
        process.end()


class _FileApart(OpenFile):
    """A file that another process has open; if that process ends, the next plane is asked of a new one."""

    def __init__(self, readers: Readers, data: bytes, name: str, max_pixels: int, kind: str, axis: int) -> None:
        super().__init__(data, name, max_pixels, kind)
        self._readers, self._axis = readers, axis
        self._process: Child | None = None
        self._ahead: tuple[dict[str, Any], bytearray] | None = None

    def begin(self, ahead: bool = False) -> None:
        """Hand the file over and hear what it holds."""
        self._process = self._readers.take()
        about = {"name": self._name, "max_pixels": self._max_pixels, "axis": self._axis}
        answer, raw = self._ask({"open": about, "ahead": ahead}, self._data)
        self.planes, self.told = int(answer["planes"]), Told.model_validate(answer["told"])
        self._ahead = (answer["plane"], raw) if "plane" in answer else None

    def end(self) -> None:
        """Let the process go, and a large file out of its memory."""
        if self._process is not None and len(self._data) > _SMALL_BYTES:
            try:
                self._process.forget(self._readers.limit_s)
            except (Late, Gone):
                self._replace()
        if self._process is not None:
            self._readers.give_back(self._process)
            self._process = None

    def decode(self, plane: int = 0) -> Decoded:
        """One of its images."""
        if self._process is None:
            self.begin()
        held, self._ahead = self._ahead, None
        header, raw = self._heard(*held) if held and plane == 0 else self._ask({"plane": plane})
        decoded: Decoded = self._checked(unpacked, Decoded, header, raw)
        return decoded

    def _ask(self, question: dict[str, Any], raw: bytes = b"") -> tuple[dict[str, Any], bytearray]:
        return self._heard(*self._checked(self._exchange, question, raw))

    def _heard(self, header: dict[str, Any], raw: bytearray) -> tuple[dict[str, Any], bytearray]:
        if "memory" in header:
            self._replace()
            raise refusals.needs_memory(self._name, self._readers.memory_bytes // 2**20)
        if "refused" in header:
            raise error_from(*header["refused"])
        return header, raw

    def _exchange(self, question: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytearray]:
        if self._process is None:
            raise Gone
        return self._process.exchange(question, raw, self._readers.limit_s)

    def _checked(self, act: Any, *given: Any) -> Any:
        try:
            return act(*given)
        except Late:
            self._replace()
            raise refusals.takes_too_long(self._name, self._readers.limit_s) from None
        except Gone:
            self._replace()
            raise refusals.breaks_reader(self._name, self.kind) from None
        except WorkFailed:
            self._replace()
            raise

    def _replace(self) -> None:
        if self._process is not None:
            self._readers.replace(self._process)
            self._process = None
