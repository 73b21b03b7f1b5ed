"""What is written down about one image when it is brought in, and the data set's table and card made from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.datasets.look import Look, look_of
from core.datasets.near import near_groups
from core.datasets.originals import Stored
from core.datasets.reader import Entry
from core.images import Decoded
from core.specs import DatasetCard, Finding, Split, SplitConfig

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Facts:
    """One readable image; sizes in px; `planes` is how many images its file holds, of which the first came in."""

    entry: Entry
    stored: Stored
    width: int
    height: int
    channels: int
    bit_depth: Literal[8, 16]
    grey: bool
    pixel_digest: str
    look: Look
    planes: int


def facts_of(entry: Entry, stored: Stored, decoded: Decoded, planes: int = 1) -> Facts:
    """What is known of an image from its decoded pixels."""
    pixels = decoded.pixels
    hasher = hashlib.sha256(f"{pixels.shape} {pixels.dtype}".encode())
    hasher.update(pixels.data)
    return Facts(
        entry=entry,
        stored=stored,
        width=pixels.shape[1],
        height=pixels.shape[0],
        channels=1 if decoded.grey else 3,
        bit_depth=decoded.bit_depth,
        grey=decoded.grey,
        pixel_digest=hasher.hexdigest(),
        look=look_of(decoded),
        planes=planes,
    )


def items_of(facts: Sequence[Facts], class_indices: Sequence[int]) -> pd.DataFrame:
    """The table of a data set, one row an image, without the split in force (column `split` comes later).

    `given_split` is the split that the source brought, "" where it brought none; `near_group` the number of the
    group of near-duplicates, -1 for an image without any.
    """
    import pandas as pd  # half a second that the first page need not wait for

    return pd.DataFrame(
        {
            "item_id": np.arange(len(facts), dtype=np.int64),
            "name": [fact.entry.name for fact in facts],
            "class_index": np.asarray(class_indices, dtype=np.int64),
            "given_split": [fact.entry.split for fact in facts],
            "width": np.array([fact.width for fact in facts], dtype=np.int64),
            "height": np.array([fact.height for fact in facts], dtype=np.int64),
            "channels": np.array([fact.channels for fact in facts], dtype=np.int64),
            "bit_depth": np.array([fact.bit_depth for fact in facts], dtype=np.int64),
            "bytes": np.array([fact.stored.size for fact in facts], dtype=np.int64),
            "digest": [fact.stored.digest for fact in facts],
            "pixel_digest": [fact.pixel_digest for fact in facts],
            "file": [fact.stored.file for fact in facts],
            "brightness": np.array([fact.look.brightness for fact in facts], dtype=np.float64),
            "contrast": np.array([fact.look.contrast for fact in facts], dtype=np.float64),
            "sharpness": np.array([fact.look.sharpness for fact in facts], dtype=np.float64),
            "near_group": near_groups([fact.look.fingerprint for fact in facts]),
        }
    )


def counts_of(items: pd.DataFrame, classes: int) -> tuple[dict[Split, int], ...]:
    """Images per class and split, as the card has them."""
    sizes = items.groupby(["class_index", "split"]).size()
    return tuple({split: int(sizes.get((index, split.value), 0)) for split in Split} for index in range(classes))


def content_digest(items: pd.DataFrame, classes: Sequence[str]) -> str:
    """SHA-256 over names, labels and image digests in order."""
    hasher = hashlib.sha256()
    for name, index, digest in zip(items["name"], items["class_index"], items["digest"], strict=True):
        hasher.update(json.dumps([name, classes[index], digest]).encode())
    return hasher.hexdigest()


def card_of(
    items: pd.DataFrame,
    *,
    source: str,
    synthetic: bool,
    classes: tuple[str, ...],
    split: SplitConfig,
    grey: bool,
    unreadable: int,
    bytes_on_disk: int,
    findings: tuple[Finding, ...],
) -> DatasetCard:
    """The card of a data set whose table is complete."""
    widths, heights = items["width"], items["height"]
    return DatasetCard(
        source=source,
        synthetic=synthetic,
        classes=classes,
        counts=counts_of(items, len(classes)),
        split=split,
        has_given_split=bool((items["given_split"] != "").any()),
        images=len(items),
        unreadable=unreadable,
        grey=grey,
        bit_depth=16 if items["bit_depth"].max() > 8 else 8,
        median_width_px=round(float(widths.median())),
        median_height_px=round(float(heights.median())),
        min_side_px=int(min(widths.min(), heights.min())),
        max_side_px=int(max(widths.max(), heights.max())),
        bytes_on_disk=bytes_on_disk,
        content_digest=content_digest(items, classes),
        findings=findings,
    )
