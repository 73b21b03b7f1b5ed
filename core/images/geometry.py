"""Where pixels go: 3x3 matrices from the image as it came to the prepared one, and the way back for maps and masks.

Coordinates are `(x, y)` of pixel centres: the centre of the upper left pixel is `(0, 0)`, its outer corner
`(-0.5, -0.5)`. A scale by `s` therefore takes `x` to `(x + 0.5) s - 0.5`, as OpenCV's resize does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float64]
"""`(3, 3)`; takes `(x, y, 1)` to `(x', y', 1)`."""


_TOLERANCE = 1e-6  # of a pixel: rounding in the matrices must not move an edge


class Box(NamedTuple):
    """A rectangle of whole pixels: the first column and row, and how many of them."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Move:
    """What one geometric step does to an image of a certain size: where its pixels go, and the size it has then."""

    matrix: Matrix
    height: int
    width: int


@dataclass(frozen=True, eq=False)
class Geometry:
    """From the pixels of one image as it came to those of the prepared one, and back.

    Attributes:
        matrix: `(3, 3)`, forward: original `(x, y, 1)` to prepared.
        height, width: the original's size in pixels.
        side_px: the prepared image's width and height.
        seen: the part of the original that the prepared image shows; a crop leaves the rest out.
    """

    matrix: Matrix
    height: int
    width: int
    side_px: int
    seen: Box

    def carry_back(self, prepared: npt.NDArray[Any], *, nearest: bool = False) -> npt.NDArray[Any]:
        """A map over the prepared image, laid onto the image as it came.

        Args:
            prepared: `(side_px, side_px)`, float32, float64 or uint8: a heat map or a mask.
            nearest: take the nearest value instead of interpolating, as labels of a mask demand.

        Returns:
            `(height, width)`, the type of `prepared`; 0 where a crop left nothing to know.

        Raises:
            ValueError: a map of another size.
        """
        if prepared.shape != (self.side_px, self.side_px):
            raise ValueError(f"The map measures {prepared.shape}, expected {(self.side_px, self.side_px)}.")
        how = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
        laid = cv2.warpAffine(
            np.ascontiguousarray(prepared),
            self.matrix[:2],
            (self.width, self.height),
            flags=how | cv2.WARP_INVERSE_MAP,  # the matrix already leads from the result's pixels to the map's
            borderMode=cv2.BORDER_REPLICATE,
        )
        left, top, width, height = self.seen
        rows, columns = slice(top, top + height), slice(left, left + width)
        carried = np.zeros((self.height, self.width), prepared.dtype)
        carried[rows, columns] = laid[rows, columns]
        return carried


def follow(moves: Iterable[Move], height: int, width: int) -> Geometry:
    """The geometry of steps one after another.

    Args:
        moves: what each step does to the size that it is given; the last leaves a square.
        height, width: the original's size in pixels.
    """
    matrix, side_px = np.eye(3), width
    seen = np.array([[-0.5, -0.5], [width - 0.5, height - 0.5]])  # outer corners, in the original
    for move in moves:
        matrix, side_px = then(matrix, move.matrix), move.width
        ends = np.array([[-0.5, -0.5], [move.width - 0.5, move.height - 0.5]])
        first, last = np.sort(apply(np.asarray(np.linalg.inv(matrix), np.float64), ends), axis=0)
        seen = np.stack([np.maximum(seen[0], first), np.minimum(seen[1], last)])
    whole = np.ceil(seen - _TOLERANCE).astype(int)  # pixels whose centre is seen
    (left, top), (right, bottom) = np.clip(whole, 0, (width, height)).tolist()
    return Geometry(matrix, height, width, side_px, Box(left, top, max(0, right - left), max(0, bottom - top)))


def apply(matrix: Matrix, points: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Points `(N, 2)` of `(x, y)` where the matrix takes them."""
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2], np.float64)


def then(*matrices: Matrix) -> Matrix:
    """One matrix that does what these do one after another, the first first."""
    return reduce(lambda done, following: following @ done, matrices, np.eye(3))


def shift(x: float, y: float) -> Matrix:
    """Move by `(x, y)` pixels."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def scale(x: float, y: float) -> Matrix:
    """Enlarge by `x` and `y` about the outer corner `(-0.5, -0.5)`, as a resize does."""
    return np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2], [0.0, 0.0, 1.0]])


def quarter_turns(turns: int, height: int, width: int) -> Move:
    """Turn an image counter-clockwise by multiples of 90 degrees."""
    if turns % 4 == 1:
        return Move(np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, width - 1.0], [0.0, 0.0, 1.0]]), width, height)
    if turns % 4 == 2:
        return Move(np.array([[-1.0, 0.0, width - 1.0], [0.0, -1.0, height - 1.0], [0.0, 0.0, 1.0]]), height, width)
    if turns % 4 == 3:
        return Move(np.array([[0.0, -1.0, height - 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), width, height)
    return Move(np.eye(3), height, width)


def about(x: float, y: float, linear: npt.NDArray[np.float64]) -> Matrix:
    """A linear change `(2, 2)` that leaves the point `(x, y)` where it is."""
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    return then(shift(-x, -y), matrix, shift(x, y))
