"""DICOM files, frame by frame: read by pydicom, the size checked before a pixel is decoded.

No error quotes a value out of the file: they may name the patient. Kinds of files and transfer syntaxes are named as
the standard names them, and only if it knows them. For the same reason errors of pydicom are not chained to ours.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.filereader import read_dataset
from pydicom.pixels.decoders.base import Decoder, get_decoder
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from core.errors import LightboxError
from core.images import dicom_jpeg, refusals
from core.images.dicom_tones import toned
from core.images.headers import frame_size
from core.images.inflate import GZIP, RAW_DEFLATE, inflated
from core.images.quiet import quiet_readers, without_a_log
from core.images.tone import Stored
from core.images.values import Span, span_of

_JP2 = b"\x00\x00\x00\x0cjP  "
_KIND = "DICOM"
FAILS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,  # also what the JPEG libraries raise, and pydicom where no plug-in can decode
    AssertionError,
    SyntaxError,
    struct.error,
    zlib.error,
    pydicom.errors.InvalidDicomError,
    pydicom.errors.BytesLengthException,
)
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_CONVERT = "Convert it to an uncompressed DICOM file, for example with dcmdjpeg or gdcmconv, and use that."
_DIRECTORY = "1.2.840.10008.1.3.10"
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE  # it would log the values that it doubts
without_a_log("pydicom", "pylibjpeg", "openjpeg")
dicom_jpeg.register()


class Opened:
    """A DICOM file whose elements are read.

    Args:
        data: the whole file, with or without preamble and meta header; maybe compressed with gzip.
        name: what to call it in an error.

    Attributes:
        elements: what stands in it, as pydicom reads it.
        planes: how many frames it has.

    Raises:
        BadImage: damaged, or a file without an image.
        TooLarge: deflated, and larger than we care to hold.
    """

    def __init__(self, data: bytes, name: str, _axis: int) -> None:
        self._name = name
        with _in_words(name):
            self.elements = _elements(data, name)
            self.planes = _frames(self.elements)

    def read(self, plane: int, max_pixels: int) -> Stored:
        """One frame, as `dicom_tones.toned` keeps it.

        Args:
            plane: 0 for the first frame.
            max_pixels: the most that one frame may have.

        Raises:
            BadImage: damaged, without such a frame, or with values that are no numbers.
            TooLarge: a frame beyond the limit.
            NotHandledYet: a transfer syntax that is not decoded here; it is named.
        """
        if not 0 <= plane < self.planes:
            raise refusals.no_plane(self._name, plane, self.planes)
        with _in_words(self._name):
            _limit(self.elements, int(self.elements.Columns), int(self.elements.Rows), self._name, max_pixels)
            return _decoded(self.elements, self._name, max_pixels, plane, self._span)

    @cached_property
    def _span(self) -> Span | None:
        """The lowest and the highest stored value of all frames, so that each is shown alike.

        None where there is one frame, or each would have to be decompressed for it.
        """
        syntax = _syntax(self.elements)
        if self.planes == 1 or syntax.is_encapsulated or int(self.elements.SamplesPerPixel) != 1:
            return None
        decoder = _decoder(syntax, self._name)
        every = [span_of(decoder.as_array(self.elements, index=plane)[0]) for plane in range(self.planes)]
        return min(low for low, _ in every), max(high for _, high in every)

    def close(self) -> None:
        """Nothing is held that would have to be let go."""


@contextlib.contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        with quiet_readers():
            yield
    except LightboxError:
        raise
    except FAILS:
        raise refusals.damaged(name, _KIND) from None


def _decoded(dataset: Dataset, name: str, max_pixels: int, plane: int, span: Span | None) -> Stored:
    syntax = _syntax(dataset)
    decoder = _decoder(syntax, name)
    if syntax.is_encapsulated:
        frame = get_frame(dataset.PixelData, plane, number_of_frames=_frames(dataset))
        if not _boxes_advance(frame):
            raise refusals.damaged(name, _KIND)
        width, height = frame_size(frame) or (0, 0)
        _limit(dataset, width, height, name, max_pixels)
    values, about = decoder.as_array(dataset, index=plane)
    return toned(values, dataset, plane, str(about["photometric_interpretation"]), name, span)


def _decoder(syntax: UID, name: str) -> Decoder:
    try:
        return get_decoder(syntax)
    except NotImplementedError:
        raise refusals.not_yet(name, f"a DICOM file {_named(syntax, 'transfer syntax')}", _CONVERT) from None


def _boxes_advance(frame: bytes) -> bool:
    """Whether every box of a JP2 header leads on to the next; pydicom follows one of no length for ever."""
    place = 12 if frame.startswith(_JP2) else len(frame)
    while place < len(frame) and frame[place + 4 : place + 8] != b"jp2c":
        length = int.from_bytes(frame[place : place + 4], "big")
        if length < 8:  # shorter than a box's own header
            return False
        place += length
    return True


def _elements(data: bytes, name: str) -> Dataset:
    """The elements of a file that has an image."""
    if data.startswith(b"\x1f\x8b"):
        data = inflated(data, GZIP, name)
    refuse_deflate_bomb(data, name)
    dataset = pydicom.dcmread(io.BytesIO(data), force=True)
    if not any(keyword in dataset for keyword in _PIXELS):
        raise refusals.no_image_in_it(name, _kind_of_file(dataset))
    if "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta.TransferSyntaxUID = _plain_syntax(dataset)
    return dataset


def refuse_deflate_bomb(data: bytes, name: str) -> None:
    """pydicom inflates a deflated file at once, whatever becomes of it; so it is tried here with a limit."""
    if DeflatedExplicitVRLittleEndian.encode() not in data[:4096]:
        return
    stream = io.BytesIO(data)
    stream.seek(132 if data.startswith(b"DICM", 128) else 0)
    read_dataset(stream, False, True, stop_when=lambda tag, _vr, _length: tag.group != 2)
    inflated(data[stream.tell() :], RAW_DEFLATE, name)


def _plain_syntax(dataset: Dataset) -> UID:
    """What an uncompressed file without a meta header was read as."""
    implicit, little = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _syntax(dataset: Dataset) -> UID:
    return UID(str(dataset.file_meta.TransferSyntaxUID))


def _frames(dataset: Dataset) -> int:
    return max(1, int(dataset.get("NumberOfFrames") or 1))


def _limit(dataset: Dataset, width: int, height: int, name: str, max_pixels: int) -> None:
    samples = int(dataset.SamplesPerPixel)
    if width * height > max_pixels:
        raise refusals.too_large(name, width, height, max_pixels)
    if samples not in (1, 3):
        raise refusals.not_yet(name, f"a DICOM image of {samples} channels", "Save it as grey or RGB and use that.")


def _kind_of_file(dataset: Dataset) -> str:
    """What a file without pixels is, as the standard calls it."""
    meta: Any = getattr(dataset, "file_meta", {})
    found = dataset.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or ""
    if found == _DIRECTORY:
        return "the directory of a disc"
    return _named(UID(str(found)), "kind")


def _named(uid: UID, what: str) -> str:
    """The standard's name; never the identifier itself, as anything may stand there."""
    return f"of the {what} {uid.name!r}" if uid.name != uid else f"of an unknown {what}"
