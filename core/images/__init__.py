"""Pixels: decoding, the steps of a recipe built into one function, augmentation, thumbnails. No Keras, no scipy.

May import: specs, errors. Promises: a file is decoded or refused in words, nothing else; the same recipe gives the
same array, bit for bit, for training and prediction; no function changes the array it is given; safe in threads.
"""

from core.images.apart import decode_apart, open_apart
from core.images.augmenting import augment
from core.images.burned_text import TEXT_LIKELY, text_hint
from core.images.decoding import Decoded, Opened, decode, opened, planes
from core.images.geometry import Geometry
from core.images.readers import RISKY, OpenFile, Readers
from core.images.recipe import Prepare, build
from core.images.reduced import reduced
from core.images.sniff import kind_of as kind
from core.images.told import LABEL_TAGS, told
from core.images.tone import Tone, shown
from core.images.view import encode_png, histogram, thumbnail

__all__ = [
    "LABEL_TAGS",
    "RISKY",
    "TEXT_LIKELY",
    "Decoded",
    "Geometry",
    "OpenFile",
    "Opened",
    "Prepare",
    "Readers",
    "Tone",
    "augment",
    "build",
    "decode",
    "decode_apart",
    "encode_png",
    "histogram",
    "kind",
    "open_apart",
    "opened",
    "planes",
    "reduced",
    "shown",
    "text_hint",
    "thumbnail",
    "told",
]
