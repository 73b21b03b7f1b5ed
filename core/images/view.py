"""Images made ready to be looked at: smaller, as PNG, as a histogram."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from core.images.pixels import Pixels, to_8bit, value_counts


def encode_png(pixels: Pixels) -> bytes:
    """A PNG file of an image, in its own depth.

    Args:
        pixels: `(H, W)`, `(H, W, 1)` or `(H, W, 3)` RGB, uint8 or uint16.

    Raises:
        TypeError: another type.
    """
    if pixels.dtype not in (np.uint8, np.uint16):
        raise TypeError(f"Pixels are uint8 or uint16. Received: {pixels.dtype}.")
    ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.shape[2:] == (3,) else np.ascontiguousarray(pixels)
    _, encoded = cv2.imencode(".png", ordered)
    return bytes(encoded.tobytes())


def thumbnail(pixels: Pixels, side_px: int) -> npt.NDArray[np.uint8]:
    """The image in 8 bits, no longer than `side_px` on either side; proportions are kept, nothing is enlarged.

    Args:
        pixels: `(H, W)`, `(H, W, 1)` or `(H, W, 3)`, uint8 or uint16.
        side_px: the most pixels along the longer side, from 1.

    Returns:
        `(h, w)` or `(h, w, 3)` uint8.
    """
    flat = pixels[..., 0] if pixels.shape[2:] == (1,) else pixels
    height, width = flat.shape[:2]
    shrink = side_px / max(height, width)
    if shrink >= 1:
        return to_8bit(flat)
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return to_8bit(np.asarray(cv2.resize(np.ascontiguousarray(flat), size, interpolation=cv2.INTER_AREA)))


def histogram(pixels: Pixels) -> npt.NDArray[np.int64]:
    """How many pixels have each of 256 values; 16-bit values are reduced to 8 bits.

    Args:
        pixels: `(H, W)`, `(H, W, 1)` or `(H, W, 3)` RGB, uint8 or uint16.

    Returns:
        `(256,)` int64 for one channel, `(3, 256)` for three.
    """
    image = to_8bit(pixels)
    if image.ndim == 2 or image.shape[2] == 1:
        return value_counts(image)
    return np.stack([value_counts(image[..., channel]) for channel in range(image.shape[2])])
