"""Image files for the tests: small, made here, in every kind that is read."""

import io
import struct

import cv2
import numpy as np
from PIL import Image


def by_pillow(pixels, kind, **options):
    """The file that Pillow writes of an array or a Pillow image."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def by_opencv(pixels, suffix, *options):
    """The file that OpenCV writes of an array in RGB or grey; it also writes 16-bit colour."""
    if pixels.ndim == 3:
        pixels = pixels[..., [2, 1, 0, 3][: pixels.shape[2]]]
    return cv2.imencode(suffix, np.ascontiguousarray(pixels), list(options))[1].tobytes()


def turned(orientation):
    """EXIF data that ask for an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def tiff(pixels, photometric=1, *, order="<", bits=None, more=(), size=None):
    """An uncompressed TIFF of one strip, with whatever tags are asked for; `more` holds (tag, values)."""
    height, width = pixels.shape[:2]
    samples = pixels.shape[2] if pixels.ndim == 3 else 1
    raw = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    tags = {256: [width], 257: [height], 258: [bits or pixels.dtype.itemsize * 8] * samples, 259: [1]}
    tags |= {262: [photometric], 273: [8], 277: [samples], 278: [height], 279: [len(raw)]}
    tags |= dict(more)
    if size:
        tags |= {256: [size[0]], 257: [size[1]]}
    start = 8 + len(raw)
    beyond, entries, outside = start + 2 + 12 * len(tags) + 4, b"", b""
    for tag, values in sorted(tags.items()):
        code = "I" if max(values) > 65535 or tag in (256, 257, 273, 278, 279) else "H"
        packed = struct.pack(order + code * len(values), *values)
        entries += struct.pack(order + "HHI", tag, 4 if code == "I" else 3, len(values))
        if len(packed) > 4:
            entries += struct.pack(order + "I", beyond + len(outside))
            outside += packed
        else:
            entries += packed.ljust(4, b"\0")
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(order + "I", start)
    return head + raw + struct.pack(order + "H", len(tags)) + entries + b"\0\0\0\0" + outside


def ramp(height=40, width=60):
    """A smooth colour image, kind to JPEG."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 4, y * 6, 255 - x * 2 - y]).astype(np.uint8)


def noise(height, width, channels=None, dtype=np.uint8, seed=0):
    """Pixels of every value."""
    shape = (height, width) if channels is None else (height, width, channels)
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def values_of(image):
    """The numbers that a decoded image stands for."""
    tone = image.tone
    return image.pixels if tone is None else image.pixels * tone.slope + tone.intercept
