"""What an image looks like, in a few numbers: its light and its sharpness, and a fingerprint that copies share.

The fingerprint holds the lowest cosine frequencies of a small version of the image, as the hashes pHash and PDQ do,
but their values, not one bit of each: a turn or a mirror only swaps them and changes signs, so one fingerprint stands
for all eight, and the difference of two is the difference of the images in grey levels. The 64 bits of the imagehash
package, which cleanvision compares for equality, know no turns and call most red blood cells the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.images import Decoded

BRIGHT_WAVES, COLOUR_WAVES = 8, 4  # frequencies kept along each side: of the brightness, of each colour difference
FINGERPRINT = BRIGHT_WAVES**2 + 2 * COLOUR_WAVES**2
BORDER = 0.04  # of the width and of the height, on each side
_SIDE_PX = 32
_SHARPNESS_SIDE_PX = 256
# Brightness and the two colour differences of ITU-R BT.601, as JPEG has them, from red, green and blue.
_FROM_RGB = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]],
    np.float32,
)


@dataclass(frozen=True)
class Look:
    """One image in numbers.

    `brightness` is the mean and `contrast` the standard deviation of its grey values, 0 to 1 of the range of its bit
    depth; `sharpness` the mean square of its Laplacian over the variance of its grey values, 0 for one even colour;
    `border` is the mean of the outermost `BORDER` of the image, 0 to 1; `fingerprint` holds `FINGERPRINT` numbers,
    float16.
    """

    brightness: float
    contrast: float
    sharpness: float
    border: float
    fingerprint: bytes


def look_of(decoded: Decoded) -> Look:
    """The numbers of one decoded image as it is shown; safe in threads."""
    pixels = decoded.shown
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    mean, deviation = cv2.meanStdDev(grey)
    white = float(np.iinfo(pixels.dtype).max)
    return Look(
        brightness=float(mean[0, 0]) / white,
        contrast=float(deviation[0, 0]) / white,
        sharpness=_sharpness(grey, float(deviation[0, 0])),
        border=_border(grey) / white,
        fingerprint=_fingerprint(pixels).astype(np.float16).tobytes(),
    )


def _sharpness(grey: NDArray[np.generic], deviation: float) -> float:
    """Of the image at 256 px at most: the finest detail of a large image is its noise."""
    scale = _SHARPNESS_SIDE_PX / max(grey.shape)
    if scale < 1:
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        deviation = float(cv2.meanStdDev(grey)[1][0, 0])
    spread = deviation**2 * grey.size
    depth = cv2.CV_16S if grey.dtype == np.uint8 else cv2.CV_32F
    return cv2.norm(cv2.Laplacian(grey, depth)) ** 2 / spread if spread else 0.0


def _border(grey: NDArray[np.generic]) -> float:
    """The mean of the frame, in grey levels; of an image of one row, of all of it."""
    height, width = grey.shape
    down, across = max(1, round(BORDER * height)), max(1, round(BORDER * width))
    inner = grey[down : height - down, across : width - across]
    if not inner.size:
        return float(cv2.mean(grey)[0])
    frame = grey.size - inner.size
    return (float(cv2.mean(grey)[0]) * grey.size - float(cv2.mean(inner)[0]) * inner.size) / frame


def _fingerprint(pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    small = cv2.resize(pixels, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    if pixels.dtype != np.uint8:  # most 16-bit images use a small part of the range
        low, high = float(small.min()), float(small.max())
        small = (small - low) * (255 / max(1.0, high - low))
    if small.ndim == 2:
        empty = np.zeros(2 * COLOUR_WAVES**2, np.float32)
        return np.concatenate([(_COSINES @ small @ _COSINES.T).ravel(), empty])
    planes = (small.reshape(-1, 3) @ _FROM_RGB.T).T.reshape(3, _SIDE_PX, _SIDE_PX)
    waves = _COSINES @ planes @ _COSINES.T
    return np.concatenate([waves[0].ravel(), waves[1:, :COLOUR_WAVES, :COLOUR_WAVES].ravel()])


def _cosines() -> NDArray[np.float32]:
    """The first rows of the DCT-II, scaled so that the sum of squares of all waves is the mean square of the image."""
    places = (np.arange(_SIDE_PX) + 0.5) / _SIDE_PX
    rows = np.cos(np.pi * np.arange(BRIGHT_WAVES)[:, None] * places[None, :]) * np.sqrt(2)
    rows[0] = 1
    return np.asarray(rows / _SIDE_PX, np.float32)


_COSINES = _cosines()
