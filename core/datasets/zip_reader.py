"""Read a zip of class folders: which files are images of which class and split, and their bytes, a piece at a time."""

from __future__ import annotations

import copy
import lzma
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from core.datasets.disk import in_words
from core.datasets.folders import Place, places
from core.datasets.originals import Originals, Stored
from core.datasets.reader import (
    MAX_CLASS_NAME,
    MAX_CLASSES,
    Deposit,
    Entry,
    files_in_words,
    natural_key,
)
from core.datasets.wording import folded
from core.datasets.zip_checks import DAMAGE, Member, check_members
from core.datasets.zip_contents import Contents, contents_of
from core.errors import BadArchive, BadDataset, BadImage
from core.settings import Settings
from core.specs import Finding, Severity

_PIECE = 64 * 1024
_PIECE_OTHER = 4096  # for bzip2 and LZMA Python unpacks a whole piece at once, whatever it grows to


class ZipReader:
    """A checked zip of class folders.

    Args:
        archive: open; closed by `close`.
        settings: the limits.

    Raises:
        BadArchive, TooLarge: see `check_members`; or it holds no images.
        BadDataset: no class folders, only one, or far too many.
    """

    source = "zip of class folders"
    synthetic = False
    entries: Sequence[Entry]
    label_tag = patient_tag = patient_name = ""

    def __init__(self, archive: zipfile.ZipFile, settings: Settings) -> None:
        self._archive, self._settings = archive, settings
        files = contents_of(check_members(archive, settings))
        members = sorted(files.images, key=lambda member: natural_key(member.name))
        found = list(zip(members, places([member.name for member in members]), strict=True))
        classed = [(member, place) for member, place in found if place.class_name]
        self.classes = _classes([place for _, place in classed])
        self._members = [member for member, _ in classed]
        self.entries = [Entry(member.name, place.class_name, place.split) for member, place in classed]
        self.findings = _findings(
            files,
            [member.name for member, place in found if not place.class_name],
            [member.name for member in self._members],
        )
        self.bytes_needed = sum(member.info.file_size for member in self._members)

    def close(self) -> None:
        """Close the zip."""
        self._archive.close()

    def deposits(self, originals: Originals) -> Iterator[Deposit]:
        """Each file is unpacked in the caller's thread, in order; a damaged one gives a deposit that raises."""
        for member in self._members:
            yield self._unpack(member, originals)

    def _unpack(self, member: Member, originals: Originals) -> Deposit:
        try:
            return partial(_given, originals.put(self._pieces(member)))
        except BadImage as error:
            return partial(_refused, error)

    def _pieces(self, member: Member) -> Iterator[bytes]:
        """The bytes of a file, counted as they really come.

        Python would cut a file off at the size that its header tells, whatever follows. Here the first byte beyond
        is noticed; so no file, and no archive, unpacks to more than what was checked before.
        """
        if member.info.file_size > self._settings.max_image_bytes:
            raise BadImage(
                f"The file {member.name!r} takes {in_words(member.info.file_size)}, more than an image may.",
                "Save it smaller, or raise the limit LIGHTBOX_MAX_IMAGE_BYTES.",
            )
        size = 0
        for piece in _read(self._archive, member):
            size += len(piece)
            if size > member.info.file_size:
                raise BadArchive(
                    f"The file {member.name!r} in the zip is larger than the zip says.",
                    "Do not trust this zip; make it anew from the images themselves.",
                )
            yield piece


def _given(stored: Stored) -> Stored:
    return stored


def _refused(error: BadImage) -> Stored:
    raise error


def _read(archive: zipfile.ZipFile, member: Member) -> Iterator[bytes]:
    unbound = copy.copy(member.info)
    unbound.file_size = sys.maxsize
    plain = unbound.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    try:
        with archive.open(unbound) as file:
            while piece := file.read(_PIECE if plain else _PIECE_OTHER):
                yield piece
    except (*DAMAGE, lzma.LZMAError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise BadImage(
            f"The file {member.name!r} is damaged inside the zip.", "Put it into the zip again, or leave it out."
        ) from error


def _classes(found: list[Place]) -> tuple[str, ...]:
    names = sorted({place.class_name for place in found}, key=natural_key)
    if not names:
        raise BadDataset(
            "The images in the zip do not lie in class folders, so their classes are not known.",
            "Put the images of each class into a folder with the name of the class.",
        )
    if len(names) == 1:
        raise BadDataset(
            f"The zip holds images of one class only: {names[0]!r}.",
            "Put one folder for each class into it; at least two classes are needed.",
        )
    if len(names) > MAX_CLASSES:
        raise BadDataset(
            f"The images lie in {len(names):,} different folders, and each would be a class; at most"
            f" {MAX_CLASSES:,} are allowed.",
            "Put all images of a class into one folder with the name of the class.",
        )
    longest = max(names, key=len)
    if len(longest) > MAX_CLASS_NAME:
        raise BadDataset(
            f"A class folder has a name of {len(longest):,} letters; at most {MAX_CLASS_NAME} are allowed.",
            "Give the folder a short name.",
        )
    return tuple(names)


def _findings(files: Contents, unclassed: list[str], kept: list[str]) -> tuple[Finding, ...]:
    twice = [name for name, count in Counter(kept).items() if count > 1]
    others = [member.name for member in files.others]
    archives = [member.name for member in files.archives]
    found = []
    if unclassed:
        what = f"{files_in_words(len(unclassed))} left out for not lying in a class folder."
        remedy = "Move them into the folder of their class and import again."
        found.append(folded(Severity.WARNING, "no_class", unclassed, what, remedy))
    if archives:
        what = f"{files_in_words(len(archives))} left closed: an archive inside the zip."
        remedy = "Unpack it and put its images into the class folders."
        found.append(folded(Severity.WARNING, "nested_archive", archives, what, remedy))
    if twice:
        what = f"{files_in_words(len(twice))} in the zip more than once under one name; each was read."
        remedy = "Give every file a name of its own, so that mistakes can be told apart."
        found.append(folded(Severity.NOTE, "same_name", twice, what, remedy))
    if others:
        what = f"{files_in_words(len(others))} left out for being no image."
        found.append(folded(Severity.NOTE, "not_an_image", others, what, "Nothing needs to be done."))
    return tuple(found)
