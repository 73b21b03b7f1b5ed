"""Look at a zip's table of contents before anything is unpacked: what would do harm is refused as a whole."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from core.errors import BadArchive, TooLarge
from core.settings import Settings
from core.sources.disk import in_words
from core.sources.names import readable
from core.sources.zip_end import ZipEnd, zip_end

DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OverflowError, ValueError)
"""What Python's zip reader raises for a zip that is damaged or of a kind it does not know."""

_REPACK = "Make the zip anew from a plain folder of class folders."
_ENTRY_BYTES, _FEW = 1024, 100  # of an entry in the table of contents; entries that are always let in
_OTHER_KINDS = (
    (b"\x1f\x8b", "gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"BZh", "bzip2 file"),
    (b"\xfd7zXZ", "xz file"),
    (b"\x93NUMPY", "single NPY array"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip under a readable name: forward slashes, no control characters (still hostile text)."""

    info: zipfile.ZipInfo
    name: str


@dataclass(frozen=True)
class Members:
    """What a zip holds: files that may be unpacked; names of links and devices, and of paths that leave the folder."""

    files: list[Member]
    links: list[str]
    strays: list[str]


def open_archive(path: Path, settings: Settings) -> zipfile.ZipFile:
    """Open a file that should be a zip or an NPZ, by its content.

    Raises:
        BadArchive: it is something else, empty, or damaged.
        TooLarge: its table of contents, which is loaded as a whole, is larger than that of any zip allowed.
    """
    end = zip_end(path) if zipfile.is_zipfile(path) else None
    if end is None:
        _refuse_other(path)
    _check_contents(end, settings)
    try:
        return zipfile.ZipFile(path)
    except DAMAGE as error:
        raise damaged() from error


def _check_contents(end: ZipEnd, settings: Settings) -> None:
    if end.entries > 2 * settings.max_files + _FEW:  # the folders have entries, too; `check_members` counts the files
        raise _too_many(end.entries, settings)
    if end.size > _ENTRY_BYTES * (end.entries + _FEW):
        raise TooLarge("The zip has a table of contents that is far larger than its files need.", _REPACK)


def damaged() -> BadArchive:
    """The error for an archive whose structure does not hold."""
    return BadArchive("The archive is damaged or was cut off on its way.", "Copy or upload it again, or make it anew.")


def check_members(archive: zipfile.ZipFile, settings: Settings) -> Members:
    """The files of a zip, once it is clear that unpacking them can do no harm.

    Links, devices and paths that leave the folder are never unpacked and do not stop the others.

    Raises:
        BadArchive: it is empty, is encrypted, holds files in one another, or nothing but links and such paths.
        TooLarge: it holds more files or more bytes than the settings allow.
    """
    members = [Member(info, _readable_name(info)) for info in archive.infolist() if not info.filename.endswith("/")]
    if not members:
        raise BadArchive("The zip is empty.", "Put one folder for each class into it, with the images inside.")
    _check_size(members, settings)
    _check_password(members)
    _check_overlap(members)
    links = [member for member in members if _is_link(member)]
    strays = [member for member in members if _leaves(member.name) and not _is_link(member)]
    files = [member for member in members if not _leaves(member.name) and not _is_link(member)]
    if not files:
        raise BadArchive(
            f"The zip holds only links, or paths that leave its folder, such as {members[0].name!r}.", _REPACK
        )
    return Members(files, [link.name for link in links], [stray.name for stray in strays])


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
        raise _too_many(len(members), settings)
    unpacked = sum(member.info.file_size for member in members)
    if unpacked > settings.max_unpacked_bytes:
        raise beyond_limit(settings)


def _too_many(files: int, settings: Settings) -> TooLarge:
    return TooLarge(
        f"The zip holds {files:,} files; at most {settings.max_files:,} are allowed.",
        "Divide it, or raise the limit LIGHTBOX_MAX_FILES.",
    )


def beyond_limit(settings: Settings) -> TooLarge:
    """The error for an archive that is larger than allowed, as it says or as it turns out."""
    return TooLarge(
        f"The archive would unpack to more than {in_words(settings.max_unpacked_bytes)}.",
        "Divide it, make the images smaller, or raise the limit LIGHTBOX_MAX_UNPACKED_BYTES.",
    )


def _check_password(members: list[Member]) -> None:
    # encrypted, strongly encrypted, or with a masked table of contents
    if any(member.info.flag_bits & 0x2041 for member in members):
        raise BadArchive("The zip is protected with a password.", "Make it anew without a password.")


def _is_link(member: Member) -> bool:
    """Whether it is anything but an ordinary file: a link, a pipe, a device."""
    return stat.S_IFMT(member.info.external_attr >> 16) not in (0, stat.S_IFREG)


def _leaves(name: str) -> bool:
    return name.startswith("/") or re.match(r"[A-Za-z]:", name) is not None or ".." in name.split("/")


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
    if not info.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.orig_filename
    return readable(name)
