"""PNG, JPEG, BMP, WebP, GIF and the common TIFF by OpenCV or Pillow, as their header says which of them suits."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from PIL.ImageFile import ImageFile

from core.images import refusals
from core.images.flatten import over_black
from core.images.headers import Header
from core.images.pixels import Pixels, top
from core.images.quiet import quiet_readers

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


def by_header(data: bytes, header: Header, name: str, max_pixels: int) -> Pixels:
    """The pixels of a file, not yet turned upright.

    Args:
        data: the whole file.
        header: as `headers.read_header` has it.
        name: what to call it in an error.
        max_pixels: the most that it, and each of its tiles, may have.

    Raises:
        BadImage: damaged.
        TooLarge: beyond the limit; nothing was decoded.
        NotHandledYet: a mode that has no meaning as a picture here.
    """
    tile = header.tiff.tile_pixels if header.tiff else 0
    if header.width * header.height > max_pixels or tile > max_pixels:  # a decoder allocates a tile whole
        raise refusals.too_large(name, header.width, header.height, max_pixels)
    return _by_opencv(data, header, name) if header.reader == "opencv" else _by_pillow(data, header, name, max_pixels)


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
