"""A recipe becomes one function: what training, prediction and the page's preview all call, so that they agree.

To add a step: its spec in `core.specs.recipe`, its function in `photometric` or `geometric`, its row in `KINDS`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.images import geometric, photometric
from core.images.geometry import Geometry, Move, follow
from core.images.pixels import Pixels, to_8bit
from core.images.tone import Tone, shown
from core.images.window import window
from core.specs import (
    Clahe,
    Colour,
    CropBox,
    CropCentre,
    Denoise,
    Equalize,
    IntensityRange,
    Recipe,
    Resize,
    Rotate,
    Spec,
    Window,
)


@dataclass(frozen=True)
class Kind:
    """How one kind of step is done.

    Attributes:
        change: from an image and the step's settings to a new image; never changes the one it is given.
        move: for a geometric step, from its settings and an image's height and width to where the pixels go.
    """

    change: Callable[[Pixels, Any], Pixels]
    move: Callable[[Any, int, int], Move] | None = None


KINDS: dict[type[Spec], Kind] = {
    Window: Kind(window),
    Colour: Kind(photometric.colour),
    IntensityRange: Kind(photometric.intensity_range),
    Equalize: Kind(photometric.equalize),
    Clahe: Kind(photometric.clahe),
    Denoise: Kind(photometric.denoise),
    Rotate: Kind(geometric.rotate, geometric.rotate_move),
    CropCentre: Kind(geometric.crop_centre, geometric.crop_centre_move),
    CropBox: Kind(geometric.crop_box, geometric.crop_box_move),
    Resize: Kind(geometric.resize, geometric.resize_move),
}


@dataclass(frozen=True)
class Prepare:
    """A built recipe. Call it with an image, or ask it for the stages or the geometry; safe in threads."""

    recipe: Recipe

    def __call__(self, pixels: Pixels, tone: Tone | None = None) -> npt.NDArray[np.uint8]:
        """The image as the network sees it.

        Args:
            pixels: `(H, W)`, `(H, W, 1)` or `(H, W, 3)` RGB, uint8 or uint16; any size from 1x1. Not changed.
            tone: what their values mean, where the file says; `Decoded.tone`.

        Returns:
            `recipe.shape`, `(side, side, C)` uint8, C-contiguous and its own memory.

        Raises:
            ValueError: another shape. TypeError: another type.
        """
        _, image = deque(self._images(_checked(pixels), tone), maxlen=1).pop()
        prepared = np.ascontiguousarray(to_8bit(image)).reshape(self.recipe.shape)
        return prepared.copy() if np.may_share_memory(prepared, pixels) else prepared

    def stages(self, pixels: Pixels, tone: Tone | None = None) -> list[tuple[str, npt.NDArray[np.uint8]]]:
        """The image after each step, to be looked at.

        Args:
            pixels, tone: as for a call.

        Returns:
            For each step its title and `(H, W)` or `(H, W, 3)` uint8; the last is the prepared image.
        """
        return [(title, to_8bit(image).copy()) for title, image in self._images(_checked(pixels), tone)]

    def geometry(self, height: int, width: int) -> Geometry:
        """Where the pixels of an image of this size go, and the way back.

        Args:
            height, width: the original's size in pixels.
        """
        moves = (kind.move(step, h, w) for _, kind, step, h, w in self._sized(height, width) if kind.move)
        return follow(moves, height, width)

    def _images(self, image: Pixels, tone: Tone | None) -> Iterator[tuple[str, Pixels]]:
        """The title of each step and the image after it; the window sees stored values, all others what is shown."""
        height, width = image.shape[:2]
        if not isinstance(self.recipe.steps[0], Window):
            image = shown(image, tone)
        for title, kind, step, *_ in self._sized(height, width):
            image = window(image, step, tone) if isinstance(step, Window) else kind.change(image, step)
            yield title, image

    def _sized(self, height: int, width: int) -> Iterator[tuple[str, Kind, Spec, int, int]]:
        """The steps in the recipe's order, with the size of the image that each is given.

        A crop after the resize leaves less than the promised square; the resize is then done once more at the end.
        """
        resize = next(step for step in self.recipe.steps if isinstance(step, Resize))
        for step in self.recipe.steps:
            kind = KINDS[type(step)]
            yield step.title, kind, step, height, width
            if kind.move:
                move = kind.move(step, height, width)
                height, width = move.height, move.width
        if (height, width) != (resize.side_px, resize.side_px):
            yield f"{resize.title} (again, after the crop)", KINDS[Resize], resize, height, width


def build(recipe: Recipe) -> Prepare:
    """The function of a recipe."""
    return Prepare(recipe)


def _checked(pixels: Pixels) -> Pixels:
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    if pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,)) or 0 in pixels.shape:
        raise ValueError(f"An image is (H, W) or (H, W, 3). Received: {pixels.shape}.")
    if pixels.dtype not in (np.uint8, np.uint16):
        raise TypeError(f"Pixels are uint8 or uint16. Received: {pixels.dtype}.")
    return np.ascontiguousarray(pixels)
