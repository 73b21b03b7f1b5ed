"""A hint where text seems to be burned into the pixels: a line of small, alike, thin shapes on one base line.

Strokes are what a top hat (bright) or black hat (dark) of two sizes leaves, at two contrasts; their connected shapes of
the size of letters are chained from left to right. Eight figures of a chain, none of which looks at what it spells, are
weighed by a logistic regression. It was fitted on lines of text drawn into chest X-rays, histology, blood cells, MR and
CT (as `tests/core/images/planted_text.py` draws them), and on the same pictures without. A single letter, such as the
L and R of a radiograph, is no line. Text that is turned, or taller than 64 px, is not seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from core.images.pixels import Pixels, to_8bit

TEXT_LIKELY = 0.5
"""From here on a picture is said to hold text."""

_Shapes: TypeAlias = npt.NDArray[np.float32]
"""`(N, 5)`: left, top, width, height, area in px; from left to right."""

_SIDE_PX = 1024  # larger pictures are made smaller
_SMALL_PX = 320  # the larger have letters of thicker strokes
_NARROWEST_PX = 32  # no line of letters fits into less
_STROKES_PX = (7, 15)
_CONTRASTS = (50, 110)
_LETTER_PX = (5, 64)
_LEAST_INK_PX = 20
_MOST_SHAPES, _MOST_LETTERS = 3000, 400  # more is a texture
_SHORTEST, _LINES = 3, 3  # letters of a line; lines looked at in each layer
_BRIGHT_GROUND = 90  # of the darkest channel: colours are dark on it, else bright
_WEIGHTS = np.array((1.351, -22.988, -8.216, 1.32, -1.016, -2.647, -0.107, 1.863))  # of `_figures`, in their order
_BIAS = 3.667


def text_hint(pixels: Pixels) -> float:
    """How sure it is that there is a line of text in a picture.

    Args:
        pixels: as shown, `(H, W)` or `(H, W, 3)`, uint8 or uint16.

    Returns:
        0 to 1; `TEXT_LIKELY` or more where text is likely.
    """
    return max((_sureness(layer, strokes) for layer, strokes in _layers(to_8bit(pixels))), default=0.0)


def _layers(pixels: Pixels) -> Iterator[tuple[Pixels, tuple[int, ...]]]:
    """What stands out in colour, and what in grey alone; with the widths of strokes to look for."""
    height, width = pixels.shape[:2]
    if width < _NARROWEST_PX or height < _LETTER_PX[0]:
        return
    if pixels.ndim == 3:
        red, green, blue = cv2.split(pixels)
        darkest = cv2.min(cv2.min(red, green), blue)
        bright = cv2.mean(darkest)[0] > _BRIGHT_GROUND
        yield _no_larger(darkest if bright else cv2.max(cv2.max(red, green), blue)), _STROKES_PX
        strokes = _STROKES_PX if max(height, width) > _SMALL_PX else _STROKES_PX[:1]
        yield _no_larger(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))), strokes
    else:
        yield _no_larger(pixels), _STROKES_PX


def _no_larger(layer: Pixels) -> Pixels:
    height, width = layer.shape
    longest = max(height, width)
    if longest <= _SIDE_PX:
        return layer
    size = max(1, width * _SIDE_PX // longest), max(1, height * _SIDE_PX // longest)
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA))


def _sureness(layer: Pixels, strokes: tuple[int, ...]) -> float:
    best = -math.inf
    for shapes in _letters(layer, strokes):
        for line in _lines(shapes):
            best = max(best, float(_WEIGHTS @ _figures(shapes[line], len(shapes))) + _BIAS)
    return 1 / (1 + math.exp(-best)) if best > -30 else 0.0


def _letters(layer: Pixels, strokes: tuple[int, ...]) -> Iterator[_Shapes]:
    """Shapes that may be letters, for each width of strokes, dark and bright, and each contrast."""
    for stroke in strokes:
        square = np.ones((stroke, stroke), np.uint8)
        framed = cv2.copyMakeBorder(layer, *(stroke,) * 4, cv2.BORDER_REPLICATE)
        for hat in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
            ink = cv2.morphologyEx(framed, hat, square)[stroke:-stroke, stroke:-stroke]
            for contrast in _CONTRASTS:
                mask = (ink >= contrast).view(np.uint8)
                if cv2.countNonZero(mask) < _LEAST_INK_PX:
                    break
                found = _like_letters(mask)
                if found is not None:
                    yield found


def _like_letters(mask: npt.NDArray[np.uint8]) -> _Shapes | None:
    count, _, shapes, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_GRANA)
    if count > _MOST_SHAPES:
        return None
    left, _, width, height, area = shapes[1:].T
    box, (low, high) = width * height, _LETTER_PX
    drawn = (width <= 3 * height) & (area >= 0.12 * box) & (area <= 0.95 * box)
    found = np.flatnonzero((height >= low) & (height <= high) & (drawn | (width <= 0.35 * height)))
    if not _SHORTEST <= len(found) <= _MOST_LETTERS:
        return None
    return np.asarray(shapes[1:][found[np.argsort(left[found], kind="stable")]], np.float32)


def _lines(shapes: _Shapes) -> list[list[int]]:
    """The longest chains of shapes, each with its nearest follower on the same line."""
    following = _following(shapes)
    lengths = np.ones(len(shapes), np.int64)
    for place in range(len(shapes) - 1, -1, -1):
        if following[place] >= 0:
            lengths[place] = 1 + lengths[following[place]]
    found, taken = list[list[int]](), set[int]()
    for start in np.argsort(-lengths, kind="stable"):
        if lengths[start] < _SHORTEST or len(found) == _LINES:
            break
        line, place = list[int](), int(start)
        while place >= 0 and place not in taken:
            line.append(place)
            taken.add(place)
            place = int(following[place])
        if len(line) >= _SHORTEST:
            found.append(line)
    return found


def _following(shapes: _Shapes) -> npt.NDArray[np.int64]:
    """For each shape the next letter of its line, or -1: close to its right, about as tall, on its base or top line."""
    left, top, width, height, _ = shapes.T
    base = top + height
    taller = np.maximum(height[:, None], height)
    gap = left - (left + width)[:, None]
    apart, above = np.abs(base - base[:, None]), np.abs(top - top[:, None])
    near = (gap >= -0.25 * taller) & (gap <= 1.1 * taller) & (left > left[:, None])
    alike = np.minimum(height[:, None], height) >= 0.55 * taller
    level = (apart <= np.maximum(1, 0.18 * taller)) | (above <= np.maximum(1, 0.12 * taller))
    good = near & alike & level
    nearest = np.where(good, gap + 2 * apart, np.inf).argmin(axis=1)
    return np.where(good.any(axis=1), nearest, -1)


def _figures(line: _Shapes, letters: int) -> npt.NDArray[np.float64]:
    """Letters; unevenness of base line, heights and gaps; mean proportions, fill and height; share of all letters."""
    left, top, width, height, area = line.T
    tall = float(np.median(height))
    base = top + height
    gaps = left[1:] - (left + width)[:-1]
    figures: list[Any] = [
        min(len(line), 12),
        min(np.abs(base - np.median(base)).mean() / tall, 0.4),
        min(height.std() / tall, 0.5),
        min(gaps.std() / tall, 0.6),
        min((width / height).mean(), 2),
        (area / (width * height)).mean(),
        min(tall, 40),
        math.log(len(line) / letters),
    ]
    return np.array(figures, np.float64)
