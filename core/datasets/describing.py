"""The card of a data set from its table of images: written at import, and anew whenever the images change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.findings import CONTENT, DERIVED, contents, derived
from core.datasets.groups import units
from core.datasets.near import near_groups
from core.datasets.split import PARTS, complete_split, draw_split
from core.datasets.split_groups import Names
from core.datasets.table import TONE, completed
from core.specs import DatasetCard, Finding, Split, SplitConfig

if TYPE_CHECKING:
    import pandas as pd


def described(
    items: pd.DataFrame,
    classes: Sequence[str],
    *,
    split: SplitConfig | None = None,
    findings: Iterable[Finding] = (),
    near: bool = True,
    **told: Any,
) -> tuple[DatasetCard, pd.DataFrame]:
    """The card and the finished table of a data set, whether it was just read or its images were changed.

    Item ids are counted anew, near-duplicates are looked for anew, the images are divided, and everything that follows
    from the images is found anew.

    Args:
        items: one row an image as `table` tells; without `split`, or with one that is replaced.
        classes: the names by `class_index`; each must have an image.
        split: how to divide; None: as the source brought it, else drawn.
        findings: of the source. Those among them that follow from the images are dropped and looked for anew, so those
            of an earlier card may be given as they are.
        near: look for near-duplicates anew; not needed where images were only left out or labelled.
        told: other fields of the card that the images do not tell (`source`, `unreadable`, `revision` ...).

    Returns:
        The card, and the table with `item_id`, `near_group` and `split`.
    """
    items = completed(items).reset_index(drop=True)
    groups = _near(items) if near else items["near_group"]
    items = items.assign(item_id=np.arange(len(items), dtype=np.int64), near_group=groups)
    if split is None:
        split = SplitConfig(source="given" if _has_given_split(items) else "drawn")
    items = split_items(items, split)
    kept = [finding for finding in findings if finding.rule not in DERIVED | CONTENT]
    card = DatasetCard(
        classes=tuple(classes),
        split=split,
        findings=(
            *kept,
            *contents(items, classes, synthetic=bool(told.get("synthetic"))),
            *derived(items, classes),
        ),
        content_digest=content_digest(items, classes),
        **_image_facts(items),
        **split_facts(items, len(classes)),
        **told,
    )
    return card, items


def _image_facts(items: pd.DataFrame) -> dict[str, Any]:
    """The fields of a card that follow from the images themselves."""
    widths, heights = items["width"], items["height"]
    return {
        "has_given_split": _has_given_split(items),
        "images": len(items),
        "grey": bool((items["channels"] == 1).all()),
        "bit_depth": 16 if items["bit_depth"].max() > 8 else 8,
        "median_width_px": round(float(widths.median())),
        "median_height_px": round(float(heights.median())),
        "min_side_px": int(min(widths.min(), heights.min())),
        "max_side_px": int(max(widths.max(), heights.max())),
        "bytes_on_disk": int(items.drop_duplicates("file")["bytes"].sum()),
        "windowed": bool(items["tone_slope"].notna().any()),
    }


def _has_given_split(items: pd.DataFrame) -> bool:
    return bool((items["given_split"] != "").any())


def split_items(items: pd.DataFrame, config: SplitConfig) -> pd.DataFrame:
    """The same table with its column `split` as the config says; what was placed by hand takes its unit with it."""
    class_indices, groups = items["class_index"].to_numpy(), units(items, config.by)
    together = groups if len(items) and groups.max() + 1 < len(items) else None  # by images, shares are kept exactly
    placed = _placed_units(items["placed"].to_numpy(dtype=PARTS.dtype), groups)
    if config.source == "given":
        given = items["given_split"].to_numpy(dtype=PARTS.dtype)
        split = complete_split(np.where(given == "", PARTS[0], given), class_indices, config, together, placed)
    else:
        split = draw_split(class_indices, config, together, placed)
    return items.assign(split=split)


def _placed_units(placed: Names, groups: NDArray[np.int64]) -> Names | None:
    """Where each image's unit was put by hand, "" for nowhere; None if nothing was."""
    by_hand = np.flatnonzero(placed != "")
    if not len(by_hand):
        return None
    of_unit = np.zeros(int(groups.max()) + 1, PARTS.dtype)
    of_unit[groups[by_hand]] = placed[by_hand]
    whole: Names = of_unit[groups]
    return whole


def split_facts(items: pd.DataFrame, classes: int) -> dict[str, Any]:
    """The fields of a card that follow from the split: images per class and split, patients, patients per split."""
    sizes = items.groupby(["class_index", "split"]).size()
    known = items[items["patient"] != ""]
    patients = known.groupby("split")["patient"].nunique()
    counts = [{split: int(sizes.get((index, split.value), 0)) for split in Split} for index in range(classes)]
    return {
        "counts": tuple(counts),
        "patients": int(known["patient"].nunique()) if len(known) else None,
        "patients_per_split": {split: int(patients.get(split.value, 0)) for split in Split} if len(known) else {},
    }


def content_digest(items: pd.DataFrame, classes: Sequence[str]) -> str:
    """SHA-256 over names, labels, image digests and the values that pixels stand for, in order."""
    hasher = hashlib.sha256()
    tones = items[list(TONE)].to_numpy(np.float64)
    valued = ~np.isnan(tones[:, 0])
    rows = zip(items["name"], items["class_index"], items["digest"], strict=True)
    for place, (name, index, digest) in enumerate(rows):
        row = [name, classes[index], digest]
        hasher.update(json.dumps([*row, tones[place].tobytes().hex()] if valued[place] else row).encode())
    return hasher.hexdigest()


def _near(items: pd.DataFrame) -> Any:
    """Groups of near-duplicates; those of a table of an earlier version, which has no fingerprints, stay."""
    prints = items["fingerprint"]
    return near_groups(prints) if (prints != b"").all() else items["near_group"]
