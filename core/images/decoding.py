"""An image file becomes pixels: the header is checked first, then the pixels are decoded, turned upright, flattened.

What is seen through is shown over black, as everything that Lightbox adds is black; an alpha channel that is opaque or
empty everywhere hides nothing and is dropped. Of several pages or frames the first is taken.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from PIL.ImageFile import ImageFile

from core.images import refusals
from core.images.headers import Header, read_header
from core.images.pixels import Pixels, top
from core.images.quiet import quiet_pillow
from core.images.sniff import kind_of

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
        pixels: `(H, W)` grey or `(H, W, 3)` RGB, uint8 or uint16, upright, C-contiguous.
        bit_depth: bits per channel of `pixels`; 10 to 14 bits are spread over 16.
        grey: whether `pixels` has one channel; three equal channels become one.
        format: "PNG", "JPEG", "BMP", "WebP", "TIFF" or "GIF".
    """

    pixels: Pixels
    bit_depth: Literal[8, 16]
    grey: bool
    format: str


def decode(data: bytes, *, name: str, max_pixels: int) -> Decoded:
    """Decode a PNG, JPEG, BMP, WebP, TIFF or GIF, told by its content.

    Args:
        data: the whole file.
        name: what to call it in an error (hostile text: escape the error before showing it).
        max_pixels: the most pixels it may say to have; more is refused before any is decoded.

    Returns:
        The image in its own depth, with EXIF orientation applied, palettes resolved and alpha flattened.

    Raises:
        BadImage: no image, or one that is damaged.
        TooLarge: more than `max_pixels`.
        NotHandledYet: a kind of image that is known and not read in this version.
    """
    kind = kind_of(data, name)
    header = read_header(data, kind, name)
    tile = header.tiff.tile_pixels if header.tiff else 0
    if header.width * header.height > max_pixels or tile > max_pixels:  # a decoder allocates a tile whole
        raise refusals.too_large(name, header.width, header.height, max_pixels)
    pixels = _by_opencv(data, header, name) if header.reader == "opencv" else _by_pillow(data, header, name, max_pixels)
    pixels = np.ascontiguousarray(_upright(_in_one_channel_if_grey(pixels), header.orientation))
    return Decoded(pixels, 16 if pixels.dtype == np.uint16 else 8, pixels.ndim == 2, kind)


def _by_opencv(data: bytes, header: Header, name: str) -> Pixels:
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
    return _over_black(colour, pixels[..., 3])


def _full_range(pixels: Pixels, bits: int, inverted: bool) -> Pixels:
    """Spread 10 to 14 bits, which OpenCV puts in the upper bits, over all 16; neither library inverts these depths."""
    if bits in (10, 12, 14):
        pixels = pixels | pixels >> bits
    return top(pixels) - pixels if inverted else pixels


def _by_pillow(data: bytes, header: Header, name: str, max_pixels: int) -> Pixels:
    try:
        with quiet_pillow(), _PILLOW[header.kind](io.BytesIO(data)) as image:
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
        return _over_black(shown[..., 0] if shown.shape[2] == 2 else shown[..., :3], shown[..., -1])
    if mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB")) if mode in ("P", "RGB", "RGBX", "CMYK", "YCbCr") else None


def _over_black(colour: Pixels, alpha: Pixels) -> Pixels:
    """Each pixel times its opacity; unchanged where alpha says nothing: opaque, or empty, everywhere."""
    if alpha.min() == top(alpha) or alpha.max() == 0:
        return colour
    planes = cv2.split(colour) if colour.ndim == 3 else (colour,)
    opacity = np.ascontiguousarray(alpha)
    shown = [cv2.multiply(np.ascontiguousarray(plane), opacity, scale=1 / top(colour)) for plane in planes]
    return np.asarray(cv2.merge(shown)) if colour.ndim == 3 else np.asarray(shown[0])


def _in_one_channel_if_grey(pixels: Pixels) -> Pixels:
    """A colour image whose three channels are equal as the grey image that it is."""
    if pixels.ndim == 2:
        return pixels
    few = pixels[::16, ::16]  # they settle it for most
    if (few[..., 0] != few[..., 1]).any() or (few[..., 0] != few[..., 2]).any():
        return pixels
    red, green, blue = cv2.split(pixels)
    differ = cv2.norm(red, green, cv2.NORM_INF) or cv2.norm(red, blue, cv2.NORM_INF)
    return pixels if differ else np.asarray(red)


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """The image as it is meant to be seen (EXIF 2.32, tag 274)."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels[::-1] if orientation in (3, 4, 7, 8) else pixels
