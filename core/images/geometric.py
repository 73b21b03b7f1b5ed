"""The steps that move pixels: each changes an image, and says for any size where the pixels go (its `Move`).

Each takes `(H, W)` or `(H, W, 3)` in uint8 or uint16 and keeps the type.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.images.geometry import Box, Move, quarter_turns, scale, shift, then
from core.images.pixels import Pixels
from core.specs import CropBox, CropCentre, Resize, Rotate

_TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


def rotate(pixels: Pixels, step: Rotate) -> Pixels:
    """Turn counter-clockwise by quarter turns; no value is changed."""
    return np.asarray(cv2.rotate(pixels, _TURNS[step.quarter_turns]))


def rotate_move(step: Rotate, height: int, width: int) -> Move:
    """Where `rotate` takes the pixels of an image of this size."""
    return quarter_turns(step.quarter_turns, height, width)


def crop_centre(pixels: Pixels, step: CropCentre) -> Pixels:
    """Keep the middle; more than there is means all of it."""
    return _cut(pixels, _centre_box(step, *pixels.shape[:2]))


def crop_centre_move(step: CropCentre, height: int, width: int) -> Move:
    """Where `crop_centre` takes the pixels of an image of this size."""
    return _cut_move(_centre_box(step, height, width))


def crop_box(pixels: Pixels, step: CropBox) -> Pixels:
    """Keep a box; what of it lies outside the image is cut off, and at least one pixel is kept."""
    return _cut(pixels, _given_box(step, *pixels.shape[:2]))


def crop_box_move(step: CropBox, height: int, width: int) -> Move:
    """Where `crop_box` takes the pixels of an image of this size."""
    return _cut_move(_given_box(step, height, width))


def resize(pixels: Pixels, step: Resize) -> Pixels:
    """Bring to `side_px` squared: area means where it shrinks, linear interpolation where it grows.

    Linear and not cubic, as cubic overshoots at edges: dark rims that no detector saw. An axis that shrinks is done
    first, so that a stretch which shrinks one and enlarges the other suits both. Padding is black and centred.
    """
    box = _fitted_box(step, *pixels.shape[:2])
    height, width = pixels.shape[:2]
    if box.width < width or box.height < height:
        smaller = (min(box.width, width), min(box.height, height))
        pixels = cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA)
    if box.width > width or box.height > height:
        pixels = cv2.resize(pixels, (box.width, box.height), interpolation=cv2.INTER_LINEAR)
    right, below = step.side_px - box.left - box.width, step.side_px - box.top - box.height
    if not (box.left or box.top or right or below):
        return pixels
    return np.asarray(cv2.copyMakeBorder(pixels, box.top, below, box.left, right, cv2.BORDER_CONSTANT))


def resize_move(step: Resize, height: int, width: int) -> Move:
    """Where `resize` takes the pixels of an image of this size."""
    box = _fitted_box(step, height, width)
    matrix = then(scale(box.width / width, box.height / height), shift(box.left, box.top))
    return Move(matrix, step.side_px, step.side_px)


def _centre_box(step: CropCentre, height: int, width: int) -> Box:
    kept_width = _length(step.width, step.unit, width)
    kept_height = _length(step.height, step.unit, height)
    return Box((width - kept_width) // 2, (height - kept_height) // 2, kept_width, kept_height)


def _given_box(step: CropBox, height: int, width: int) -> Box:
    left, right = _ends(step.left, step.width, step.unit, width)
    top, bottom = _ends(step.top, step.height, step.unit, height)
    return Box(left, top, right - left, bottom - top)


def _fitted_box(step: Resize, height: int, width: int) -> Box:
    """Where the image comes to lie in the square."""
    side = step.side_px
    if step.fit == "stretch":
        return Box(0, 0, side, side)
    longer = max(height, width)
    new_width, new_height = max(1, _rounded(width * side, longer)), max(1, _rounded(height * side, longer))
    return Box((side - new_width) // 2, (side - new_height) // 2, new_width, new_height)


def _ends(start: int, length: int, unit: str, whole: int) -> tuple[int, int]:
    """First and one past the last pixel of a stretch, within the image and at least one pixel long."""
    first, last = (_in_pixels(value, unit, whole) for value in (start, start + length))
    first = min(first, whole - 1)
    return first, max(first + 1, min(last, whole))


def _length(value: int, unit: str, whole: int) -> int:
    return max(1, min(_in_pixels(value, unit, whole), whole))


def _in_pixels(value: int, unit: str, whole: int) -> int:
    return _rounded(whole * value, 100) if unit == "percent" else value


def _rounded(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, halves up; in whole numbers, so that it is the same everywhere."""
    return (2 * numerator + denominator) // (2 * denominator)


def _cut(pixels: Pixels, box: Box) -> Pixels:
    return np.ascontiguousarray(pixels[box.top : box.top + box.height, box.left : box.left + box.width])


def _cut_move(box: Box) -> Move:
    return Move(shift(-box.left, -box.top), box.height, box.width)
