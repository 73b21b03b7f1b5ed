"""Pictures as PNG and folders of them, made on the spot; and the findings of a card by rule."""

import cv2
import numpy as np

from core.specs import Labelling

KEEP_NAMES = Labelling(keep_names=True)
"""As the folders say, with the names of files as they are: for tests of which a name is the point."""


def picture(seed, height=8, width=8, channels=3):
    """A PNG of random pixels; the same seed gives the same bytes."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return cv2.imencode(".png", pixels)[1].tobytes()


def class_folders(counts, prefix=""):
    """`{"cat": 3}` as `{"cat/0.png": ..., "cat/1.png": ..., "cat/2.png": ...}`, every picture another one."""
    names = [f"{prefix}{name}/{number}.png" for name, count in counts.items() for number in range(count)]
    return {name: picture([sum(prefix.encode()), index]) for index, name in enumerate(names)}


def rules(card):
    """The findings of a card by rule."""
    return {finding.rule: finding for finding in card.findings}
