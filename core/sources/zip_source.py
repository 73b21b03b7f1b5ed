"""A zip as a source: checked as a whole before anything is unpacked, each file counted as its bytes really come."""

from __future__ import annotations

import hashlib
import lzma
import sys
import zipfile
from array import array
from collections.abc import Iterator, Sequence

from core.errors import BadArchive, BadImage
from core.settings import Settings
from core.sources.reader import files_in_words
from core.sources.salt import salted
from core.sources.source import Kind, SourceFile, require_small
from core.sources.wording import folded
from core.sources.zip_checks import DAMAGE, Members, check_members
from core.specs import Finding, Severity

_PIECE = 64 * 1024
_PIECE_OTHER = 4096  # for bzip2 and LZMA Python unpacks a whole piece at once, whatever it grows to


class ZipSource:
    """A checked zip.

    Args:
        archive: open; closed by `close`.
        settings: the limits.
        kind: "npz" for a zip of arrays.

    Raises:
        BadArchive, TooLarge: see `check_members`.
    """

    files: Sequence[SourceFile]

    def __init__(self, archive: zipfile.ZipFile, settings: Settings, kind: Kind = "zip") -> None:
        self.kind, self.archive, self._settings = kind, archive, settings
        members = check_members(archive, settings)
        self._entries = _Entries([member.info for member in members.files])
        self.files = [SourceFile(member.name, member.info.file_size, at) for at, member in enumerate(members.files)]
        self.findings = tuple(_findings(members))
        if kind != "npz":  # whose reader asks for its arrays by name
            archive.filelist.clear()
            archive.NameToInfo.clear()

    def close(self) -> None:
        """Close the zip."""
        self.archive.close()

    def fingerprint(self) -> str:
        """Of names, sizes and checksums, in whatever order they lie."""
        rows = sorted(f"{file.name}\0{file.size}\0{self._entries.checksum(file.key)}" for file in self.files)
        return salted(hashlib.sha256("\1".join(rows).encode()).digest(), self._settings.salt_file)

    def pieces(self, file: SourceFile) -> Iterator[bytes]:
        """The bytes of a file, counted as they really come.

        Python would cut a file off at the size that its header tells, whatever follows. Here the first byte beyond
        is noticed; so no file, and no archive, unpacks to more than what was checked before.
        """
        require_small(file, self._settings)
        size = 0
        for piece in _read(self.archive, self._entries.unbound(file.key), file.name):
            size += len(piece)
            if size > file.size:
                raise BadArchive(
                    f"The file {file.name!r} in the zip is larger than the zip says.",
                    "Do not trust this zip; make it anew from the images themselves.",
                )
            yield piece


class _Entries:
    """What the table of contents says of each file, in a tenth of the memory that Python's objects take."""

    def __init__(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        self._names = [info.orig_filename for info in infos]
        self._offsets = array("Q", [info.header_offset for info in infos])
        self._sizes = array("Q", [info.compress_size for info in infos])
        self._checksums = array("I", [info.CRC for info in infos])
        self._methods = array("H", [info.compress_type for info in infos])
        self._flags = array("H", [info.flag_bits for info in infos])

    def checksum(self, key: int) -> int:
        """Of the bytes of a file."""
        return self._checksums[key]

    def unbound(self, key: int) -> zipfile.ZipInfo:
        """The entry of a file, without the size at which Python would cut it off."""
        info = zipfile.ZipInfo()
        info.orig_filename, info.header_offset = self._names[key], self._offsets[key]
        info.compress_size, info.file_size = self._sizes[key], sys.maxsize
        info.CRC, info.compress_type, info.flag_bits = self._checksums[key], self._methods[key], self._flags[key]
        return info


def _read(archive: zipfile.ZipFile, unbound: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    plain = unbound.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    try:
        with archive.open(unbound) as file:
            while piece := file.read(_PIECE if plain else _PIECE_OTHER):
                yield piece
    except (*DAMAGE, lzma.LZMAError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise BadImage(
            f"The file {name!r} is damaged inside the zip.", "Put it into the zip again, or leave it out."
        ) from error


def _findings(members: Members) -> Iterator[Finding]:
    if members.links:
        what = f"{files_in_words(len(members.links))} in the zip left out: a link or a device instead of a file."
        remedy = "Put the files themselves into the zip instead of links to them."
        yield folded(Severity.WARNING, "link", members.links, what, remedy)
    if members.strays:
        what = f"{files_in_words(len(members.strays))} in the zip left out: a path that leaves its folder."
        remedy = "Make the zip anew from a plain folder; if it is not yours, do not trust it."
        yield folded(Severity.WARNING, "stray_path", members.strays, what, remedy)
