"""TIFF by tifffile: every page, and the numbers that Pillow and OpenCV cannot read (float, signed, 24 bits and more).

Values: unsigned numbers of up to 16 bits are the picture, spread by their depth (8 and 16 bits stay as they are). All
others are kept as numbers if the page is grey, and shown from its lowest to its highest; colours are made a picture by
that range at once, all channels together. Pages are taken in the order of the file, an OME-TIFF's planes too; its XML
is not read, as it may name other files.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import tifffile

from core.errors import LightboxError
from core.images import refusals
from core.images.flatten import over_black, upright
from core.images.pixels import Pixels, top
from core.images.quiet import quiet_readers, without_a_log
from core.images.tone import Stored, Tone
from core.images.values import Numbers, full_range, own_range, stored

_KIND = "TIFF"
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_SAMPLES = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _CMYK: 4, _YCBCR: 3}
_JPEG = (6, 7)
_ORIENTATION, _STRAIGHT_ALPHA = 274, 2
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_AGAIN = "Save it as 8-bit or 16-bit TIFF or PNG, grey or RGB, and use that."
FAILS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RuntimeError,  # also what imagecodecs raises
    AssertionError,
    struct.error,
    zlib.error,
    tifffile.TiffFileError,
)
without_a_log("tifffile")


class Opened:
    """A TIFF file whose pages are counted.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Attributes:
        planes: how many pages it has, thumbnails and masks of others left out.

    Raises:
        BadImage: damaged.
    """

    def __init__(self, data: bytes, name: str, _axis: int) -> None:
        self._name = name
        with _in_words(name):
            self._file = _opened(data)
            self._pages = _pictures(self._file)
        self.planes = len(self._pages)
        if not self.planes:
            raise refusals.damaged(name, _KIND)

    def read(self, plane: int, max_pixels: int) -> Stored:
        """One page.

        Args:
            plane: 0 for the first page.
            max_pixels: the most that one page may have.

        Returns:
            `(H, W)` or `(H, W, 3)`, uint8 or uint16, upright, and what its values mean.

        Raises:
            BadImage: damaged, without such a page, or with values that are no numbers.
            TooLarge: a page, or one of its tiles, beyond the limit.
            NotHandledYet: colours or compressions that are not decoded faithfully here.
        """
        with _in_words(self._name):
            page = _page(self._file, self._pages, plane, self._name)
            _limit(page, self._name, max_pixels)
            _refuse_odd(page, self._name)
            values = page.asarray(maxworkers=1)
            if page.samplesperpixel > 1 and page.axes.startswith("S"):
                values = np.moveaxis(values, 0, -1)
            if values.shape[:2] != (page.imagelength, page.imagewidth) or values.ndim > 3:
                raise refusals.damaged(self._name, _KIND)
            pixels, tone = _kept(values, page, self._name)
            return Stored(upright(pixels, _turned(page)), tone)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


@contextlib.contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        with quiet_readers():
            yield
    except LightboxError:
        raise
    except FAILS:
        raise refusals.damaged(name, _KIND) from None


def _opened(data: bytes) -> tifffile.TiffFile:
    return tifffile.TiffFile(io.BytesIO(data), is_ome=False)


def _pictures(file: tifffile.TiffFile) -> list[int]:
    """The numbers of the pages that are images of their own, and not another one made smaller, or its mask."""
    return [k for k, page in enumerate(file.pages) if k == 0 or not _of_another(page)]


def _of_another(page: tifffile.TiffPage | tifffile.TiffFrame) -> bool:
    return isinstance(page, tifffile.TiffPage) and bool(int(page.subfiletype) & (_REDUCED | _MASK))


def _page(file: tifffile.TiffFile, pages: list[int], plane: int, name: str) -> tifffile.TiffPage:
    if not 0 <= plane < len(pages):
        raise refusals.no_plane(name, plane, len(pages))
    page = file.pages[pages[plane]]
    if not isinstance(page, tifffile.TiffPage):
        raise refusals.damaged(name, _KIND)
    return page


def _limit(page: tifffile.TiffPage, name: str, max_pixels: int) -> None:
    pixels = page.imagewidth * page.imagelength * page.imagedepth
    if max(pixels, page.tilewidth * page.tilelength * max(1, page.tiledepth)) > max_pixels:
        raise refusals.too_large(name, page.imagewidth, page.imagelength, max_pixels)


def _refuse_odd(page: tifffile.TiffPage, name: str) -> None:
    """Refuse what tifffile gives as it stands in the file, but whose meaning as a picture we do not know."""
    colours, samples = int(page.photometric), page.samplesperpixel
    what = ""
    if colours not in _SAMPLES or (colours == _YCBCR and page.compression not in _JPEG):
        what = f"an unusual colour space (photometric interpretation {colours})"
    elif int(page.compression) != 1 and page.compression not in tifffile.TIFF.DECOMPRESSORS:
        what = f"an unusual compression (number {int(page.compression)})"
    elif page.dtype is None or page.dtype.kind not in "buif":
        what = "numbers that are not real"
    elif page.imagedepth != 1 or not _SAMPLES[colours] <= samples <= _SAMPLES[colours] + 1:
        what = f"{samples} channels" if page.imagedepth == 1 else "volumes as pages"
    elif colours in (_PALETTE, _CMYK) and (page.dtype.kind != "u" or page.bitspersample > 16):
        what = f"{page.bitspersample}-bit colours of an unusual kind"
    if what:
        raise refusals.not_yet(name, f"a TIFF image with {what}", _AGAIN)


def _kept(values: Numbers, page: tifffile.TiffPage, name: str) -> Stored:
    colours = int(page.photometric)
    if colours in (_WHITE_IS_ZERO, _BLACK_IS_ZERO) and not _is_picture(values, page):
        grey = values[..., 0] if values.ndim == 3 else values
        return stored(grey, Tone(1.0, 0.0), name, inverted=colours == _WHITE_IS_ZERO)
    return Stored(_picture(values, page, name), None)


def _picture(values: Numbers, page: tifffile.TiffPage, name: str) -> Pixels:
    colours = int(page.photometric)
    if colours == _PALETTE:
        return _looked_up(values if values.ndim == 2 else values[..., 0], page)
    count = _SAMPLES[colours]
    picture = values[..., :count] if values.ndim == 3 else values
    pixels = _in_range(picture[..., 0] if values.ndim == 3 and count == 1 else picture, page, name)
    if colours == _WHITE_IS_ZERO:
        pixels = top(pixels) - pixels
    if colours == _CMYK:
        pixels = _rgb_of_cmyk(pixels)
    if _STRAIGHT_ALPHA in page.extrasamples[:1] and values.dtype.kind == "u" and values.ndim == 3:
        return over_black(np.ascontiguousarray(pixels), full_range(values[..., count], page.bitspersample))
    return pixels


def _is_picture(values: Numbers, page: tifffile.TiffPage) -> bool:
    """Whether the numbers are shades by their depth; all others have a scale of their own."""
    return values.dtype.kind == "b" or (values.dtype.kind == "u" and page.bitspersample <= 16)


def _in_range(values: Numbers, page: tifffile.TiffPage, name: str) -> Pixels:
    if values.dtype.kind == "b":
        return full_range(values.astype(np.uint8), 1)
    return full_range(values, page.bitspersample) if _is_picture(values, page) else own_range(values, name)


def _looked_up(values: Numbers, page: tifffile.TiffPage) -> Pixels:
    """Colours of 16 bits cut to 8, as Pillow does: almost all palettes hold 8 bits times 256 or 257."""
    table = np.asarray(np.asarray(page.colormap).T >> 8, np.uint8)
    return np.asarray(table[values])


def _rgb_of_cmyk(pixels: Pixels) -> Pixels:
    """What the four inks leave of white light."""
    white = top(pixels)
    left = (white - pixels).astype(np.float64)
    return np.asarray(np.rint(left[..., :3] * left[..., 3:] / white), pixels.dtype)


def _turned(page: tifffile.TiffPage) -> int:
    tag = page.tags.get(_ORIENTATION)
    return tag.value if tag is not None and tag.value in range(1, 9) else 1
