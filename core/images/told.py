"""What a file says beside its pixels: the few words that may be kept, and names, never values, of all others.

For JPEG, PNG, WebP, GIF and BMP nothing is kept. Values leave this file only as `patient_id` and `labels`, for whoever
asked for them, and as `kept`, where the standard says which values there are.
"""

from __future__ import annotations

import importlib
import struct
from collections.abc import Iterator
from typing import Any, Protocol, cast

from PIL import ExifTags, Image

from core.images.parts import Part, parts_of
from core.images.quiet import quiet_readers
from core.images.sniff import kind_of
from core.specs import Told

LABEL_TAGS = (
    "Modality",
    "BodyPartExamined",
    "ViewPosition",
    "Laterality",
    "ImageLaterality",
    "PatientPosition",
    "PatientSex",
    "StudyDescription",
    "SeriesDescription",
    "ProtocolName",
    "ContrastBolusAgent",
    "ScanningSequence",
    "ImageType",
    "PhotometricInterpretation",
    "Manufacturer",
)

_OF_THE_PICTURE = frozenset(("JFIF", "Adobe"))  # stay, cut to their numbers
_OTHERS = {"DICOM": "told_dicom", "NIfTI": "told_volume", "TIFF": "told_tiff"}
_EXIF_FAILS = (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error, AttributeError, RuntimeError)
_EXIF_TECHNICAL = frozenset((0x0112, 0x8769, 0x8825, 0xA005))  # the orientation stays, the others lead to more
_EXIF_FURTHER = ((ExifTags.IFD.Exif, "EXIF {}"), (ExifTags.IFD.GPSInfo, "EXIF GPS position"))


class _Teller(Protocol):
    """What a module has that knows what one kind of file says."""

    def told(self, data: bytes, name: str) -> Told:
        """What a file says; nothing where it is damaged."""


def told(data: bytes, name: str) -> Told:
    """What a file says of itself and of its patient.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Returns:
        Names of what is said, in the order of the alphabet. Of a damaged file, what can be read.

    Raises:
        BadImage, NotHandledYet: it is no image, as `kind` says.
        TooLarge: it is compressed as a whole and unpacks to more than we care to hold.
    """
    kind = kind_of(data, name)
    if kind in _OTHERS:
        teller = cast(_Teller, importlib.import_module(f"core.images.{_OTHERS[kind]}"))
        with quiet_readers():
            return teller.told(data, name)
    return told_of_parts(data, parts_of(data, kind))


def told_of_elements(elements: Any) -> Told:
    """What the elements of a DICOM file say, as pydicom reads them."""
    from core.images import told_dicom  # loads pydicom, as whoever has elements did

    return told_dicom.told_of(elements)


def told_of_parts(data: bytes, parts: list[Part] | None) -> Told:
    """What the parts of a file say, as `parts_of` finds them."""
    return Told(dropped=tuple(sorted(set(_words(data, parts or [])))))


def _words(data: bytes, parts: list[Part]) -> Iterator[str]:
    for part in parts:
        if part.what == "EXIF":
            yield from _exif_words(_exif_of(data, part))
        elif part.what and part.what not in _OF_THE_PICTURE:
            yield part.what


def _exif_of(data: bytes, part: Part) -> bytes:
    """The EXIF data in a part, from their byte order mark on."""
    within = data[part.start : part.end]
    starts = [at for mark in (b"II*\0", b"MM\0*") if (at := within.find(mark, 0, 32)) >= 0]
    return within[min(starts) :] if starts else b""


def _exif_words(raw: bytes) -> Iterator[str]:
    """Names of what EXIF data say (CIPA DC-008), from the one list of names that there is."""
    try:
        with quiet_readers():
            exif = Image.Exif()
            exif.load(raw)
            found = [_exif_name(tag) for tag in exif if tag not in _EXIF_TECHNICAL]
            for place, words in _EXIF_FURTHER:
                found += [words.format(_exif_name(tag)[5:]) for tag in exif.get_ifd(place)]
            if exif.get_ifd(ExifTags.IFD.IFD1):
                found.append("EXIF thumbnail")
    except _EXIF_FAILS:
        found = ["EXIF"]
    yield from found


def _exif_name(tag: int) -> str:
    return f"EXIF {ExifTags.TAGS[tag]}" if tag in ExifTags.TAGS else "EXIF of an unknown kind"
