"""The last touches on decoded pixels: alpha flattened over black, grey in one channel, upright."""

from __future__ import annotations

import cv2
import numpy as np

from core.images.pixels import Pixels, top


def over_black(colour: Pixels, alpha: Pixels) -> Pixels:
    """Each pixel times its opacity; unchanged where alpha says nothing: opaque, or empty, everywhere."""
    if alpha.min() == top(alpha) or alpha.max() == 0:
        return colour
    planes = cv2.split(colour) if colour.ndim == 3 else (colour,)
    opacity = np.ascontiguousarray(alpha)
    shown = [cv2.multiply(np.ascontiguousarray(plane), opacity, scale=1 / top(colour)) for plane in planes]
    return np.asarray(cv2.merge(shown)) if colour.ndim == 3 else np.asarray(shown[0])


def in_one_channel_if_grey(pixels: Pixels) -> Pixels:
    """A colour image whose three channels are equal as the grey image that it is."""
    if pixels.ndim == 2:
        return pixels
    few = pixels[::16, ::16]  # they settle it for most
    if (few[..., 0] != few[..., 1]).any() or (few[..., 0] != few[..., 2]).any():
        return pixels
    red, green, blue = cv2.split(pixels)
    differ = cv2.norm(red, green, cv2.NORM_INF) or cv2.norm(red, blue, cv2.NORM_INF)
    return pixels if differ else np.asarray(red)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """The image as it is meant to be seen (EXIF 2.32, tag 274)."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels[::-1] if orientation in (3, 4, 7, 8) else pixels
