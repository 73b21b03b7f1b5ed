"""Look for text that is burned into the pixels: in some images of every set, and in all of one in which much is found.

The look takes several times as long as all else that is done with an image; most sets have no text anywhere, and a
machine that burns it in does so in all its images.
"""

from __future__ import annotations

import dataclasses
import math
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.parallel import ordered_map
from core.datasets.tones import tone_of
from core.images import TEXT_LIKELY, Decoded, decode, text_hint, thumbnail
from core.settings import Settings
from core.sources.originals import Originals
from core.sources.progress import Report, ShouldStop, Ticker

if TYPE_CHECKING:
    import pandas as pd

AT_FIRST = 300
"""Files of a set that are looked at, evenly spread; text in one file of fifty escapes them once in 430 sets."""
FALSE_ALARMS = 0.05
"""Of the images looked at; where more seem to have text, all others are looked at as well."""


def is_looked_at(number: int, files: int, plane: int, planes: int) -> bool:
    """Whether an image is one of those that are looked at in every set.

    Args:
        number: of its file, from 0.
        files: how many there are.
        plane: its place in the file, from 0.
        planes: how many images the file holds; the middle one is looked at.
    """
    return number % math.ceil(files / AT_FIRST) == 0 and plane == planes // 2


def hint_of(decoded: Decoded) -> float:
    """How sure it is that there is text in an image, 0 to 1."""
    shown = decoded.shown
    return text_hint(thumbnail(shown, max(shown.shape[:2])))  # in 8 bits, as large as it is


def looked_through(
    items: pd.DataFrame, originals: Originals, settings: Settings, report: Report, should_stop: ShouldStop
) -> pd.DataFrame:
    """The table with `text_hint` of every image, if there seems to be text in more than a few; else as it is.

    Raises:
        Stopped: `should_stop` said so.
    """
    hints = items["text_hint"].to_numpy(copy=True)
    left = np.flatnonzero(np.isnan(hints) & (items["format"] != "NIfTI").to_numpy())  # slices of a volume have no text
    if not len(left) or (hints >= TEXT_LIKELY).sum() <= FALSE_ALARMS * (~np.isnan(hints)).sum():
        return items

    def look(place: int) -> float:
        data = originals.path(str(items["file"].iat[place])).read_bytes()
        image = decode(data, name=str(items["name"].iat[place]), max_pixels=settings.max_image_pixels)
        return hint_of(dataclasses.replace(image, tone=tone_of(items, place)))

    ticker = Ticker(report, should_stop, "Looking for text in the pixels", len(left), "images")
    with closing(ordered_map(look, left.tolist())) as found:
        for place, hint in zip(left, found, strict=True):
            ticker.step()
            hints[place] = hint
    return items.assign(text_hint=hints)
