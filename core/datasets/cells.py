"""Draw one microscope-like image of a fluorescing cell among its neighbours: practice data of Lightbox's own making.

Three kinds that a person tells apart by shape: a round cell with a small round nucleus, an elongated spindle cell, a
cell whose nucleus has lobes. Their stain differs a little as well. The ranges of the kinds meet (a spindle may be
short, lobes may lie close together, stains vary), so that no network gets every image right.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX = 64
_FINE = 3  # drawn three times larger, then averaged: smooth edges
_SIDE = SIDE_PX * _FINE
_BACKGROUND = (16, 20, 26)
_NUCLEUS = (90, 120, 245)
_STAIN_VARIES = 8  # standard deviation, of 255; with 0 a network learns the colour alone, with 18 it gets stuck at .75

Pixels = NDArray[np.uint8]
Canvas = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Kind:
    """How a kind of cell looks: length by width, the mean colour of its body, whether its nucleus has lobes."""

    name: str
    aspect: tuple[float, float]
    body: tuple[int, int, int]
    lobed: bool = False


_KINDS = (
    _Kind("lobed cell", (1.0, 1.35), (75, 135, 75), lobed=True),
    _Kind("round cell", (1.0, 1.35), (35, 150, 80)),
    _Kind("spindle cell", (1.4, 3.2), (25, 140, 120)),
)
KINDS = tuple(kind.name for kind in _KINDS)


def draw_cell(kind: int, rng: np.random.Generator) -> Pixels:
    """An image whose middle shows a cell of one kind.

    Args:
        kind: index into `KINDS`.
        rng: the only source of chance; the same state gives the same image.

    Returns:
        `(64, 64, 3)` uint8, RGB.
    """
    canvas = np.empty((_SIDE, _SIDE, 3), np.float32)
    canvas[:] = np.array(_BACKGROUND) + rng.normal(0, 3, 3)
    stain = rng.normal(0, _STAIN_VARIES, 3)
    for _ in range(rng.integers(0, 4)):
        _draw_one(canvas, _KINDS[int(rng.integers(len(_KINDS)))], _beside(rng), stain, rng)
    middle = _SIDE / 2 + rng.uniform(-3, 3, 2) * _FINE
    _draw_one(canvas, _KINDS[kind], middle, stain, rng)
    return _photograph(canvas, rng)


def _beside(rng: np.random.Generator) -> Numbers:
    """A centre near the border, so that the neighbour only touches the cell in the middle."""
    angle, distance = rng.uniform(0, 2 * np.pi), rng.uniform(34, 42) * _FINE
    return _SIDE / 2 + distance * np.array([np.cos(angle), np.sin(angle)])


def _draw_one(canvas: Canvas, kind: _Kind, centre: Numbers, stain: Numbers, rng: np.random.Generator) -> None:
    """One cell; `stain` is how this slide's colours differ from the usual, and each body differs once more."""
    radius, aspect, angle = rng.uniform(15, 20) * _FINE, rng.uniform(*kind.aspect), rng.uniform(0, np.pi)
    body = _blob(centre, radius, aspect, angle, rng)
    colour = np.array(kind.body) + stain + rng.normal(0, _STAIN_VARIES, 3)
    _fill(canvas, body, colour, rng.uniform(0.55, 0.8))
    centre = centre + rng.uniform(-0.2, 0.2, 2) * radius
    if kind.lobed:
        nuclei = _lobes(centre, radius, rng)
    else:
        nuclei = [_blob(centre, radius * rng.uniform(0.38, 0.6), 1 + (aspect - 1) * 0.8, angle, rng)]
    for nucleus in nuclei:
        _fill(canvas, nucleus, np.array(_NUCLEUS) + stain, rng.uniform(0.6, 0.85))


def _lobes(centre: Numbers, radius: float, rng: np.random.Generator) -> list[Numbers]:
    """Two to four outlines on a bow."""
    count, turn, spread = int(rng.integers(2, 5)), rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.5)
    bow = turn + np.linspace(-1.4, 1.4, count)
    places = centre + spread * radius * np.stack([np.cos(bow), np.sin(bow)], axis=1)
    return [_blob(place, radius * rng.uniform(0.27, 0.4), 1.15, turn, rng) for place in places]


def _blob(centre: Numbers, radius: float, aspect: float, angle: float, rng: np.random.Generator) -> Numbers:
    """A closed outline `(72, 2)`: an ellipse of the same area as the circle, with a soft wobble."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    waves = [rng.normal(0, 0.035) * np.cos(count * turn + rng.uniform(0, 6.3)) for count in (2, 3, 4)]
    along, across = radius * np.sqrt(aspect) * np.cos(turn), radius / np.sqrt(aspect) * np.sin(turn)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    outline: Numbers = np.stack([along, across], axis=1) * (1 + np.sum(waves, axis=0))[:, None]
    return np.asarray(centre + outline @ rotation)


def _fill(canvas: Canvas, outline: Numbers, colour: Numbers, opacity: float) -> None:
    """Colour the inside of an outline; what lies below shines through."""
    corners = np.rint(outline).astype(np.int32)
    (left, top), (right, bottom) = np.clip(corners.min(axis=0), 0, _SIDE), np.clip(corners.max(axis=0) + 1, 0, _SIDE)
    if left >= right or top >= bottom:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    cv2.fillPoly(mask, [corners - (left, top)], 1)
    window = canvas[top:bottom, left:right]
    window += (colour.astype(np.float32) - window) * (mask * np.float32(opacity))[..., None]


def _photograph(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Uneven light, a little out of focus, then the grain of the camera."""
    small = cv2.resize(canvas, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.6, 1.3))
    across, down = np.meshgrid(np.linspace(-1, 1, SIDE_PX), np.linspace(-1, 1, SIDE_PX))
    light = 1 + rng.uniform(-0.15, 0.15) * across + rng.uniform(-0.15, 0.15) * down - 0.12 * (across**2 + down**2)
    grain = rng.normal(0, rng.uniform(6, 14), small.shape)
    image = np.rint(small * light[..., None] * rng.uniform(0.92, 1.05) + grain)
    return np.asarray(np.clip(image, 0, 255).astype(np.uint8))
