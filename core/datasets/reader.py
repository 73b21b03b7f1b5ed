"""What every reader of a source offers, whatever the source: its images with their classes and splits, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.datasets.originals import Originals, Stored
from core.specs import Finding

Deposit: TypeAlias = Callable[[], Stored]
"""Puts one image among the originals; called in a thread; raises `RefusedInput` for a file that cannot be read."""

MAX_CLASSES = 1000
MAX_CLASS_NAME = 120


@dataclass(frozen=True)
class Entry:
    """One image of a source: its name inside it (hostile text), its class, its split ("" where there is none)."""

    name: str
    class_index: int
    split: str


class Reader(Protocol):
    """A source that was checked and is open; `entries` and `deposits` go together, in the same order."""

    source: str
    synthetic: bool
    classes: tuple[str, ...]
    entries: Sequence[Entry]
    findings: tuple[Finding, ...]
    bytes_needed: int

    def deposits(self, originals: Originals) -> Iterator[Deposit]:
        """One for each entry. Raises `BadArchive` where the source itself breaks off."""

    def close(self) -> None:
        """Let go of the source."""


def natural_key(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """For sorting as people do: "class 2" before "class 10"; digits are compared by length, then as text."""
    pieces = re.split(r"([0-9]+)", name.casefold())
    numbered = [(len(piece.lstrip("0")), piece.lstrip("0")) if i % 2 else (0, piece) for i, piece in enumerate(pieces)]
    return tuple(numbered), name


def images_in_words(count: int) -> str:
    """A count: "1 image", "2,233 images"."""
    return f"{count:,} image{'' if count == 1 else 's'}"


def files_in_words(count: int) -> str:
    """A count: "1 file", "2,233 files"."""
    return f"{count:,} file{'' if count == 1 else 's'}"
