"""Pixels: decoding, the steps of a recipe built into one function, augmentation, thumbnails. No Keras, no scipy.

May import: specs, errors. Promises: a file is decoded or refused in words, nothing else; the same recipe gives the
same array, bit for bit, for training and prediction; no function changes the array it is given; safe in threads.
"""

from core.images.augmenting import augment
from core.images.decoding import Decoded, Opened, decode, opened, planes
from core.images.geometry import Geometry
from core.images.recipe import Prepare, build
from core.images.tone import Tone, shown
from core.images.view import encode_png, histogram, thumbnail

__all__ = [
    "Decoded",
    "Geometry",
    "Opened",
    "Prepare",
    "Tone",
    "augment",
    "build",
    "decode",
    "encode_png",
    "histogram",
    "opened",
    "planes",
    "shown",
    "thumbnail",
]
