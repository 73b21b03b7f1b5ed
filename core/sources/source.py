"""What every source offers, whatever it is: its files by name and size, and the bytes of each, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from core.errors import BadImage
from core.settings import Settings
from core.sources.disk import in_words
from core.specs import Finding

Kind: TypeAlias = Literal["zip", "folder", "files", "npz"]

WORDS: dict[Kind, str] = {"zip": "zip", "folder": "folder", "files": "upload", "npz": "NPZ"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source.

    Attributes:
        name: readable, with forward slashes (hostile text; never a path).
        size: bytes, as the source tells.
        key: how the source itself finds it.
    """

    name: str
    size: int
    key: int


class Source(Protocol):
    """Files that may be images, tables or anything; checked, open, nothing unpacked.

    `findings` say what was left out because it could do harm (a link, a path that leaves its folder).
    """

    kind: Kind
    files: Sequence[SourceFile]
    findings: tuple[Finding, ...]

    def pieces(self, file: SourceFile) -> Iterator[bytes]:
        """The bytes of a file, never more than it told; to be called in one thread at a time.

        Raises:
            BadImage: the file is damaged, gone, or larger than an image may be.
            BadArchive: the source itself does not hold.
        """

    def fingerprint(self) -> str:
        """The same content gives the same; salted, so that it tells nothing outside this home."""

    def close(self) -> None:
        """Let go of it."""


def contents(source: Source, file: SourceFile) -> bytes:
    """A whole file in memory, as large as an image may be; raises as `Source.pieces`."""
    return b"".join(source.pieces(file))


def require_small(file: SourceFile, settings: Settings) -> None:
    """Raise before a file is read that is larger than an image may be.

    Raises:
        BadImage: it is.
    """
    if file.size > settings.max_image_bytes:
        raise BadImage(
            f"The file {file.name!r} takes {in_words(file.size)}, more than an image may.",
            "Save it smaller, or raise the limit LIGHTBOX_MAX_IMAGE_BYTES.",
        )
