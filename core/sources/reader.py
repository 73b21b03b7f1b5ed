"""What every reader of a source offers, whatever the source: its images with their classes and splits, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.sources.originals import Originals, Stored
from core.specs import Finding

Deposit: TypeAlias = Callable[[], Stored]
"""Puts one image among the originals; called in a thread; raises `RefusedInput` for a file that cannot be read."""

MAX_CLASSES = 1000
MAX_CLASS_NAME = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a source; everything in it is hostile text.

    Attributes:
        name: its name inside the source.
        label: the name of its class; "" where only the file itself says (the reader's `label_tag`).
        split: "train", "val", "test", or "" where the source has none for it.
        patient: whose it is, as the source has it; "" where nothing says (or only the reader's `patient_tag`).
    """

    name: str
    label: str
    split: str = ""
    patient: str = ""


class Reader(Protocol):
    """A source that was checked and is open; `entries` and `deposits` go together, in the same order.

    `classes` are the labels of the entries in the order of their indices; () where a DICOM tag has the labels, which
    are known once the files are read. `label_tag` and `patient_tag` are keywords of those tags, or "".
    `patient_name` is what keeps images together where it comes from (a column, "PatientID"), or "". `source_digest` is
    the source's fingerprint, by which it is recognised when it comes again.
    """

    source: str
    synthetic: bool
    classes: tuple[str, ...]
    entries: Sequence[Entry]
    findings: tuple[Finding, ...]
    bytes_needed: int
    label_tag: str
    patient_tag: str
    patient_name: str

    @property
    def source_digest(self) -> str:
        """Salted; "" for a source that has none."""

    def deposits(self, originals: Originals) -> Iterator[Deposit]:
        """One for each entry. Raises `BadArchive` where the source itself breaks off."""

    def close(self) -> None:
        """Let go of the source."""


def natural_key(name: str) -> tuple[str, str]:
    """For sorting as people do: "class 2" before "class 10"; digits are compared by length, then as text."""
    return _DIGITS.sub(_lengthened, name.casefold()), name


_DIGITS = re.compile("[0-9]+")


def _lengthened(digits: re.Match[str]) -> str:
    """A number behind its length, between signs that come before every letter."""
    plain = digits.group().lstrip("0")
    return f"\0{len(plain):06d}{plain}\0"


def images_in_words(count: int) -> str:
    """A count: "1 image", "2,233 images"."""
    return f"{count:,} image{'' if count == 1 else 's'}"


def files_in_words(count: int) -> str:
    """A count: "1 file", "2,233 files"."""
    return f"{count:,} file{'' if count == 1 else 's'}"
