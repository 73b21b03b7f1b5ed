"""Look at a zip's table of contents before anything is unpacked: what would do harm is refused as a whole."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from core.datasets.disk import in_words
from core.errors import BadArchive, TooLarge
from core.settings import Settings

DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OverflowError, ValueError)
"""What Python's zip reader raises for a zip that is damaged or of a kind it does not know."""

_REPACK = "Make the zip anew from a plain folder of class folders."
_OTHER_KINDS = (
    (b"\x1f\x8b", "gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"BZh", "bzip2 file"),
    (b"\xfd7zXZ", "xz file"),
    (b"\x93NUMPY", "single NPY array"),
)


@dataclass(frozen=True)
class Member:
    """A file in a zip under a readable name: forward slashes, no control characters (still hostile text)."""

    info: zipfile.ZipInfo
    name: str


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a file that should be a zip or an NPZ, by its content.

    Raises:
        BadArchive: it is something else, empty, or damaged.
    """
    if not zipfile.is_zipfile(path):
        _refuse_other(path)
    try:
        return zipfile.ZipFile(path)
    except DAMAGE as error:
        raise damaged() from error


def damaged() -> BadArchive:
    """The error for an archive whose structure does not hold."""
    return BadArchive("The archive is damaged or was cut off on its way.", "Copy or upload it again, or make it anew.")


def check_members(archive: zipfile.ZipFile, settings: Settings) -> list[Member]:
    """The files of a zip, once it is clear that unpacking them can do no harm.

    Raises:
        BadArchive: it is empty, is encrypted, holds a link, a path that leaves its folder, or files in one another.
        TooLarge: it holds more files or more bytes than the settings allow.
    """
    members = [Member(info, _readable_name(info)) for info in archive.infolist() if not info.filename.endswith("/")]
    if not members:
        raise BadArchive("The zip is empty.", "Put one folder for each class into it, with the images inside.")
    _check_size(members, settings)
    for member in members:
        _check_kind(member)
        _check_path(member.name)
    _check_overlap(members)
    return members


def _refuse_other(path: Path) -> NoReturn:
    with path.open("rb") as file:
        head = file.read(300)
    if not head:
        raise BadArchive("The file is empty.", "Copy or upload it again.")
    if head.startswith(b"PK"):
        raise damaged()
    kind = next((words for mark, words in _OTHER_KINDS if head.startswith(mark)), "")
    kind = kind or ("tar archive" if head[257:262] == b"ustar" else "")
    raise BadArchive(
        f"The file is {'a ' + kind + ', not' if kind else 'neither'} a zip of class folders"
        f" {'or' if kind else 'nor'} an NPZ.",
        "Put the class folders into an ordinary zip and import that.",
    )


def _check_size(members: list[Member], settings: Settings) -> None:
    if len(members) > settings.max_files:
        raise TooLarge(
            f"The zip holds {len(members):,} files; at most {settings.max_files:,} are allowed.",
            "Divide it, or raise the limit LIGHTBOX_MAX_FILES.",
        )
    unpacked = sum(member.info.file_size for member in members)
    if unpacked > settings.max_unpacked_bytes:
        raise beyond_limit(settings)


def beyond_limit(settings: Settings) -> TooLarge:
    """The error for an archive that is larger than allowed, as it says or as it turns out."""
    return TooLarge(
        f"The archive would unpack to more than {in_words(settings.max_unpacked_bytes)}.",
        "Divide it, make the images smaller, or raise the limit LIGHTBOX_MAX_UNPACKED_BYTES.",
    )


def _check_kind(member: Member) -> None:
    if member.info.flag_bits & 0x2041:  # encrypted, strongly encrypted, or with a masked table of contents
        raise BadArchive("The zip is protected with a password.", "Make it anew without a password.")
    mode = member.info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise BadArchive(f"The zip holds a link or a device instead of a file: {member.name!r}.", _REPACK)


def _check_path(name: str) -> None:
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        raise BadArchive(f"The zip holds a path that leaves its folder: {name!r}.", _REPACK)


def _check_overlap(members: list[Member]) -> None:
    """Files that share their bytes are how 40 KiB unpack to gigabytes (Fifield 2019)."""
    spans = sorted((member.info.header_offset, member.info.compress_size) for member in members)
    if spans[0][0] < 0:
        raise damaged()
    for (start, size), (following, _) in pairwise(spans):
        if start + 30 + size > following:  # 30 bytes: the smallest header of a file
            raise BadArchive("The zip holds files that lie inside one another.", _REPACK)


def _readable_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it.

    Without the UTF-8 flag Python reads names as code page 437; macOS writes UTF-8 and does not set the flag.
    """
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.orig_filename
    return "".join(map(_visible, unicodedata.normalize("NFC", name.replace("\\", "/"))))


def _visible(letter: str) -> str:
    """Control characters and those that turn the direction of text become a question mark of their own."""
    turning = unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    hidden = turning or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
    return "\ufffd" if hidden else letter
