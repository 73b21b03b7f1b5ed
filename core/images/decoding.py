"""An image file becomes pixels: the header is checked first, then the pixels are decoded, turned upright, flattened.

What is seen through is shown over black, as everything that Lightbox adds is black; an alpha channel that is opaque or
empty everywhere hides nothing and is dropped. Of several pages, frames or slices one is taken, the first unless asked
otherwise. DICOM, NIfTI and the rarer TIFF have readers of their own, loaded only when such a file comes.
"""

from __future__ import annotations

import importlib
import io
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, cast

import cv2
import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from PIL.ImageFile import ImageFile

from core.errors import NotHandledYet
from core.images import refusals
from core.images.flatten import in_one_channel_if_grey, over_black, upright
from core.images.headers import Header, read_header
from core.images.pixels import Pixels, top
from core.images.quiet import quiet_readers
from core.images.sniff import kind_of
from core.images.tone import Tone, shown

_PILLOW: dict[str, type[ImageFile]] = {
    # the classes themselves: `Image.open` adds a limit of its own that is one for the whole process
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
}
_PILLOW_FAILS = (  # what its decoders raise on hostile bytes
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)
_FLAGS = {
    "grey": cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION,
    "rgb": cv2.IMREAD_COLOR_RGB | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION,
    "stored": cv2.IMREAD_UNCHANGED,
}


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
    """What a module that reads files of several planes has."""

    def planes(self, data: bytes, name: str) -> int:
        """How many there are."""

    def read(self, data: bytes, name: str, max_pixels: int, plane: int) -> Pixels:
        """One of them, upright."""


def planes(data: bytes, name: str, axis: int = 2) -> int:
    """How many images a file holds: pages of a TIFF, frames of a DICOM file, slices of a NIfTI volume; else 1.

    Args:
        data: the whole file.
        name: what to call it in an error.
        axis: of a NIfTI volume, along which its slices are taken: 0 sagittal, 1 coronal, 2 axial.

    Raises:
        BadImage, TooLarge, NotHandledYet: as `decode` does, as far as the header tells.
    """
    reader = _reader(kind_of(data, name))
    return reader.planes(data, name) if reader else 1


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
        are not unsigned 8 or 16 bits are spread over these: for DICOM as `dicom_tones` says (the stored window, else
        the plane's own range), for NIfTI as `nifti`, for TIFF as `tiff_pages` (the plane's own range).

    Raises:
        BadImage: no image, or one that is damaged, or without such a plane.
        TooLarge: more than `max_pixels`.
        NotHandledYet: a kind of image that is known and not read in this version.
    """
    kind = kind_of(data, name)
    pixels, orientation = _pixels(data, kind, name, max_pixels, plane)
    pixels = np.ascontiguousarray(upright(in_one_channel_if_grey(pixels), orientation))
    return Decoded(pixels, 16 if pixels.dtype == np.uint16 else 8, pixels.ndim == 2, kind)


class Opened:
    """A file of one or several images, opened once for all of them; close it, or use it in a `with`.

    Attributes:
        planes: how many images it holds.
    """

    def __init__(self, data: bytes, name: str, max_pixels: int, axis: int) -> None:
        self._data, self._name, self._max_pixels, self._axis = data, name, max_pixels, axis
        self.planes = planes(data, name, axis)

    def decode(self, plane: int = 0) -> Decoded:
        """One of them, as `decode` gives it."""
        return decode(self._data, name=self._name, max_pixels=self._max_pixels, plane=plane, axis=self._axis)

    def close(self) -> None:
        """Let go of what was unpacked."""

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def opened(data: bytes, *, name: str, max_pixels: int, axis: int = 2) -> Opened:
    """Open a file whose planes are wanted one after another: headers are read and volumes unpacked once.

    Args and raises: as for `decode`.
    """
    return Opened(data, name, max_pixels, axis)


def _pixels(data: bytes, kind: str, name: str, max_pixels: int, plane: int) -> tuple[Pixels, int]:
    """The plane as stored, and how it must be turned."""
    reader = _reader(kind)
    if reader and (plane or kind != "TIFF"):
        return reader.read(data, name, max_pixels, plane), 1
    if plane:
        raise refusals.no_plane(name, plane, 1)
    try:
        header = read_header(data, kind, name)
    except NotHandledYet:
        if reader is None:
            raise
        return reader.read(data, name, max_pixels, plane), 1
    tile = header.tiff.tile_pixels if header.tiff else 0
    if header.width * header.height > max_pixels or tile > max_pixels:  # a decoder allocates a tile whole
        raise refusals.too_large(name, header.width, header.height, max_pixels)
    decoder = _by_opencv if header.reader == "opencv" else _by_pillow
    return decoder(data, header, name, max_pixels), header.orientation


def _reader(kind: str) -> _Reader | None:
    """The reader of a kind of several planes, loaded when it is first asked for."""
    module = {"DICOM": "dicom", "NIfTI": "nifti", "TIFF": "tiff_pages"}.get(kind)
    return cast(_Reader, importlib.import_module(f"core.images.{module}")) if module else None


def _by_opencv(data: bytes, header: Header, name: str, _max_pixels: int) -> Pixels:
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), _FLAGS[header.layout])
    except cv2.error as error:
        raise refusals.damaged(name, header.kind) from error
    if pixels is None or pixels.dtype not in (np.uint8, np.uint16):
        raise refusals.damaged(name, header.kind)
    if header.layout == "stored" and pixels.ndim == 3:
        pixels = _rgb_of_stored(pixels, header)
    if header.tiff is not None:
        pixels = _full_range(pixels, header.tiff.bits, header.tiff.inverted)
    if header.see_through is not None:
        pixels[pixels == header.see_through * top(pixels) // (2**header.bits - 1)] = 0
    return np.asarray(pixels)


def _rgb_of_stored(pixels: Pixels, header: Header) -> Pixels:
    """RGB of what OpenCV gives as BGR or BGRA; in a TIFF the fourth channel need not be alpha."""
    colour = cv2.cvtColor(pixels[..., :3], cv2.COLOR_BGR2RGB)
    if pixels.shape[2] == 3 or (header.tiff is not None and not header.tiff.has_alpha):
        return np.asarray(colour)
    return over_black(colour, pixels[..., 3])


def _full_range(pixels: Pixels, bits: int, inverted: bool) -> Pixels:
    """Spread 10 to 14 bits, which OpenCV puts in the upper bits, over all 16; neither library inverts these depths."""
    if bits in (10, 12, 14):
        pixels = pixels | pixels >> bits
    return top(pixels) - pixels if inverted else pixels


def _by_pillow(data: bytes, header: Header, name: str, max_pixels: int) -> Pixels:
    try:
        with quiet_readers(), _PILLOW[header.kind](io.BytesIO(data)) as image:
            if image.width * image.height > max_pixels:  # where Pillow reads another size out of the file than we do
                raise refusals.too_large(name, image.width, image.height, max_pixels)
            image.load()
            pixels = _array_of(image)
    except Image.DecompressionBombError as error:  # a limit for the whole process, beyond ours unless ours was raised
        pillows = 2 * (Image.MAX_IMAGE_PIXELS or 0)
        raise refusals.too_large(name, header.width, header.height, pillows) from error
    except _PILLOW_FAILS as error:
        raise refusals.damaged(name, header.kind) from error
    if pixels is None:
        raise refusals.not_yet(name, f"a {header.kind} image of an unusual kind", "Save it as PNG and use that.")
    return pixels


def _array_of(image: Image.Image) -> Pixels | None:
    """The pixels of a loaded Pillow image, flattened; None for a mode that has no meaning as a picture here."""
    mode = image.mode
    if mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)  # also out of big-endian order
    if mode in ("La", "RGBa"):  # colours already multiplied by alpha: as seen over black
        return np.asarray(image)[..., 0] if mode == "La" else np.asarray(image)[..., :3]
    if mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        shown = np.asarray(image.convert("LA" if mode in ("1", "L", "LA") else "RGBA"))
        return over_black(shown[..., 0] if shown.shape[2] == 2 else shown[..., :3], shown[..., -1])
    if mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB")) if mode in ("P", "RGB", "RGBX", "CMYK", "YCbCr") else None
