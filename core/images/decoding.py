"""An image file becomes pixels: the header is checked first, then the pixels are decoded, turned upright, flattened.

What is seen through is shown over black, as everything that Lightbox adds is black; an alpha channel that is opaque or
empty everywhere hides nothing and is dropped. Of several pages, frames or slices one is taken, the first unless asked
otherwise. DICOM, NIfTI and the rarer TIFF have readers of their own, loaded only when such a file comes.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, cast

import numpy as np

from core.errors import NotHandledYet
from core.images import refusals
from core.images.flatten import in_one_channel_if_grey, upright
from core.images.headers import read_header
from core.images.pixels import Pixels
from core.images.plain import by_header
from core.images.quiet import quiet_readers
from core.images.sniff import kind_of
from core.images.told import told, told_of_elements
from core.images.tone import Stored, Tone, shown
from core.specs import Told

_OF_PLANES = {"DICOM": "dicom", "NIfTI": "nifti", "TIFF": "tiff_pages"}  # and the modules that read them


@dataclass(frozen=True, eq=False)
class Decoded:
    """One image file, decoded.

    Attributes:
        pixels: as stored, `(H, W)` grey or `(H, W, 3)` RGB, uint8 or uint16, upright, C-contiguous.
        bit_depth: bits per channel of `pixels`; 10 to 14 bits are spread over 16.
        grey: whether `pixels` has one channel; three equal channels become one.
        format: "PNG", "JPEG", "BMP", "WebP", "TIFF", "GIF", "DICOM" or "NIfTI".
        tone: what the stored values mean, and how they are shown; None where they are shown as they are.
    """

    pixels: Pixels
    bit_depth: Literal[8, 16]
    grey: bool
    format: str
    tone: Tone | None = None

    @cached_property
    def shown(self) -> Pixels:
        """The picture to look at, of the type and shape of `pixels`; they themselves where there is no tone."""
        return shown(self.pixels, self.tone)


class _Reader(Protocol):
    """An opened file of several planes, as the modules that read such files have it."""

    planes: int

    def read(self, plane: int, max_pixels: int) -> Stored:
        """One of them, upright."""

    def close(self) -> None:
        """Let go of what was unpacked."""


def planes(data: bytes, name: str, axis: int = 2) -> int:
    """How many images a file holds: pages of a TIFF, frames of a DICOM file, slices of a NIfTI volume; else 1.

    Args:
        data: the whole file.
        name: what to call it in an error.
        axis: of a NIfTI volume, along which its slices are taken: 0 sagittal, 1 coronal, 2 axial.

    Raises:
        BadImage, TooLarge, NotHandledYet: as `decode` does, as far as the header tells.
    """
    with opened(data, name=name, max_pixels=0, axis=axis) as file:
        return file.planes


def decode(data: bytes, *, name: str, max_pixels: int, plane: int = 0, axis: int = 2) -> Decoded:
    """Decode a PNG, JPEG, BMP, WebP, TIFF, GIF, DICOM or NIfTI file, told by its content.

    Args:
        data: the whole file.
        name: what to call it in an error (hostile text: escape the error before showing it).
        max_pixels: the most pixels a plane may say to have; more is refused before any is decoded.
        plane: which of the file's `planes`, from 0.
        axis: as for `planes`.

    Returns:
        The image in its own depth, with EXIF orientation applied, palettes resolved and alpha flattened. Values that
        are no shades by their depth are kept as numbers of 16 bits with a `tone`: for DICOM as `dicom_tones` says, for
        NIfTI as `nifti`, for TIFF as `tiff_pages`.

    Raises:
        BadImage: no image, or one that is damaged, or without such a plane.
        TooLarge: more than `max_pixels`.
        NotHandledYet: a kind of image that is known and not read in this version.
    """
    with opened(data, name=name, max_pixels=max_pixels, axis=axis) as file:
        return file.decode(plane)


class Opened:
    """A file of one or several images, opened once for all of them; close it, or use it in a `with`. For one thread."""

    def __init__(self, data: bytes, name: str, max_pixels: int, axis: int) -> None:
        self.kind = kind_of(data, name)
        self._data, self._name, self._max_pixels, self._axis = data, name, max_pixels, axis
        self._opened: _Reader | None = None

    @property
    def planes(self) -> int:
        """How many images it holds."""
        reader = self._reader()
        return reader.planes if reader else 1

    @property
    def told(self) -> Told:
        """What it says beside its pixels, as `core.images.told` does; of a DICOM file without reading it again."""
        with quiet_readers():
            elements = getattr(self._opened, "elements", None)
            return told(self._data, self._name) if elements is None else told_of_elements(elements)

    def decode(self, plane: int = 0) -> Decoded:
        """One of them, as `decode` gives it."""
        stored, orientation = self._stored(plane)
        pixels = np.ascontiguousarray(upright(in_one_channel_if_grey(stored.pixels), orientation))
        return Decoded(pixels, 16 if pixels.dtype == np.uint16 else 8, pixels.ndim == 2, self.kind, stored.tone)

    def close(self) -> None:
        """Let go of what was unpacked."""
        if self._opened:
            self._opened.close()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stored(self, plane: int) -> tuple[Stored, int]:
        """The plane as stored, and how it must be turned."""
        data, kind, name, max_pixels = self._data, self.kind, self._name, self._max_pixels
        if plane or kind in ("DICOM", "NIfTI"):
            return self._read(plane), 1
        try:
            header = read_header(data, kind, name)
        except NotHandledYet:
            if kind not in _OF_PLANES:
                raise
            return self._read(plane), 1
        return Stored(by_header(data, header, name, max_pixels), None), header.orientation

    def _read(self, plane: int) -> Stored:
        reader = self._reader()
        if reader is None:
            raise refusals.no_plane(self._name, plane, 1)
        return reader.read(plane, self._max_pixels)

    def _reader(self) -> _Reader | None:
        """The reader of a kind of several planes, loaded when it is first asked for."""
        if self._opened is None and self.kind in _OF_PLANES:
            module = importlib.import_module(f"core.images.{_OF_PLANES[self.kind]}")
            self._opened = cast(_Reader, module.Opened(self._data, self._name, self._axis))
        return self._opened


def opened(data: bytes, *, name: str, max_pixels: int, axis: int = 2) -> Opened:
    """Open a file whose planes are wanted one after another: headers are read and volumes unpacked once.

    Args and raises: as for `decode`.
    """
    return Opened(data, name, max_pixels, axis)
