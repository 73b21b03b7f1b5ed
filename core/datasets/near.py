"""Near-duplicates: images that are one another turned, mirrored, saved again or resized, found by fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from core.datasets.look import BRIGHT_WAVES, COLOUR_WAVES, FINGERPRINT

FARTHEST = 4.0
"""Two images of a pair differ by at most so many of 255 grey levels (root mean square of the low frequencies)."""
FARTHEST_OF_CONTRAST = 0.2
"""And by at most this part of their own contrast, so that images of little contrast are not all called the same."""
LEAST_CONTRAST = 1.0
"""Images of fewer grey levels of contrast show nothing by which to tell them apart, and are left alone."""
ALONE = -1
_BLOCK = 4096
_ROWS, _COLUMNS = 256, 16_384
_PAIRS = 16_384
_ROUNDING = 0.1  # of the sums in single precision

Waves = NDArray[np.float32]
Halves = NDArray[np.float16]  # as fingerprints come; widened a block at a time, for half the memory
Indices = NDArray[np.int64]


def near_groups(fingerprints: Collection[bytes]) -> Indices:
    """The group of near-duplicates of each image: what is connected by close pairs.

    All pairs are considered, but few of them in full. Images are sorted by brightness, and each meets only those
    about as bright; of these, only the ones whose frequencies are about as strong, whichever way they are turned; and
    of these, all eight turns and mirrors. Neither step can miss a close pair. 10,000 images take about a second.

    Args:
        fingerprints: as `look_of` gives them.

    Returns:
        `(N,)`: the number of the group, counted from 0 by the first image of each, or -1.
    """
    waves = _numbers_of(fingerprints)
    contrast = _contrast(waves)
    shown = np.flatnonzero(contrast >= LEAST_CONTRAST)
    shown = shown[np.argsort(waves[shown, 0], kind="stable")]
    waves, contrast = waves[shown], contrast[shown]
    labels = np.arange(len(fingerprints))
    for one, other in _candidates(waves):
        apart = labels[shown[one]] != labels[shown[other]]
        one, other = one[apart], other[apart]
        allowed = np.minimum(FARTHEST, FARTHEST_OF_CONTRAST * np.sqrt(contrast[one] * contrast[other]))
        close = _distances(waves[one].astype(np.float32), waves[other].astype(np.float32)) <= allowed
        if close.any():
            labels = _joined(labels, shown[one[close]], shown[other[close]])
    return _numbered(labels)


def _candidates(waves: Halves) -> Iterator[tuple[Indices, Indices]]:
    """Pairs of rows, a limited number at a time, with all that are within `FARTHEST` in any of the eight ways.

    Args:
        waves: `(N, FINGERPRINT)`, sorted by the first column, the mean brightness.
    """
    brightness = waves[:, 0].astype(np.float32)
    strengths = _strengths(waves)
    squares = _by_blocks(_squares, strengths)
    for start in range(0, len(waves), _ROWS):
        rows = slice(start, start + _ROWS)
        mine = strengths[rows].astype(np.float32)
        end = int(np.searchsorted(brightness, brightness[rows][-1] + FARTHEST, "right"))
        for left in range(start, end, _COLUMNS):
            columns = slice(left, min(left + _COLUMNS, end))
            apart = mine @ strengths[columns].astype(np.float32).T
            apart *= -2
            apart += squares[rows, None]
            apart += squares[None, columns]
            one, other = np.nonzero(apart <= FARTHEST**2 + _ROUNDING)
            one, other = one + start, other + left
            one, other = one[one < other], other[one < other]
            for first in range(0, len(one), _PAIRS):
                pairs = slice(first, first + _PAIRS)
                yield one[pairs], other[pairs]


def _numbers_of(fingerprints: Collection[bytes]) -> Halves:
    """`(N, FINGERPRINT)`; the bytes are taken a block at a time, as a column of a table makes them on demand."""
    numbers, coming = np.empty((len(fingerprints), FINGERPRINT), np.float16), iter(fingerprints)
    for start in range(0, len(numbers), _BLOCK):
        block = np.frombuffer(b"".join(islice(coming, _BLOCK)), np.float16)
        numbers[start : start + _BLOCK] = block.reshape(-1, FINGERPRINT)
    return numbers


def _by_blocks(function: Callable[[Waves], Waves], waves: Halves) -> Waves:
    """A number of each row, a block of them at a time: what it needs on the way would be several times the whole."""
    blocks = [function(waves[start : start + _BLOCK].astype(np.float32)) for start in range(0, len(waves), _BLOCK)]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def _contrast(waves: Halves) -> Waves:
    """Of each row, in grey levels: the root of the mean square of all but the means."""
    return np.sqrt(_by_blocks(lambda block: _squares(block[:, ~_MEANS]), waves))


def _squares(waves: Waves) -> Waves:
    """Of each row, their sum."""
    return np.asarray(np.square(waves).sum(axis=1))


def _strengths(waves: Halves) -> Halves:
    """What no turn or mirror changes: the size of each frequency, and of each pair that a turn swaps in order."""
    strengths = np.empty_like(waves)
    for start in range(0, len(waves), _BLOCK):
        sizes = np.abs(waves[start : start + _BLOCK])
        swapped = sizes[:, _TRANSPOSED]
        strengths[start : start + _BLOCK] = np.where(_ABOVE, np.maximum(sizes, swapped), np.minimum(sizes, swapped))
    return strengths


def _distances(one: Waves, other: Waves) -> Waves:
    """Of each pair of rows, in grey levels, in the closest of the eight ways."""
    best = np.full(len(one), np.inf, np.float32)
    for source in (other, other[:, _TRANSPOSED]):
        for signs in _MIRRORS:
            np.minimum(best, np.square(one - source * signs).sum(axis=1), out=best)
    return np.sqrt(best)


def _joined(labels: Indices, one: Indices, other: Indices) -> Indices:
    """The labels after these pairs were put together.

    The label of an image is the first image of its group. In each round the label of a pair's later group is set to
    the earlier one, and all who carried it follow; so every round leaves fewer groups.
    """
    while not np.array_equal(labels[one], labels[other]):
        low = np.minimum(labels[one], labels[other])
        following = labels.copy()
        np.minimum.at(following, np.maximum(labels[one], labels[other]), low)
        while not np.array_equal(following, labels):
            labels, following = following, following[following]
    return labels


def _numbered(labels: Indices) -> Indices:
    """Groups of two or more counted from 0 in the order of their first images; the others `ALONE`."""
    _, firsts, members, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    grouped = np.flatnonzero(sizes > 1)
    numbers = np.full(len(sizes), ALONE, np.int64)
    numbers[grouped[np.argsort(firsts[grouped])]] = np.arange(len(grouped))
    return numbers[members]


def _places() -> tuple[Indices, Indices, Indices]:
    """Of each number of a fingerprint: its plane, and its frequency down and across."""
    sides = (BRIGHT_WAVES, COLOUR_WAVES, COLOUR_WAVES)
    plane = np.repeat(np.arange(3), np.square(sides))
    down, across = np.concatenate([np.indices((side, side)).reshape(2, -1) for side in sides], axis=1)
    return plane, down, across


_PLANE, _DOWN, _ACROSS = _places()
_MEANS = (_DOWN == 0) & (_ACROSS == 0)
_ABOVE = _DOWN <= _ACROSS
_TRANSPOSED = np.lexsort((_DOWN, _ACROSS, _PLANE))
_MIRRORS = [
    np.where((down * _DOWN + across * _ACROSS) % 2, -1, 1).astype(np.float32) for down in (0, 1) for across in (0, 1)
]
