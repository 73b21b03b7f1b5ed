"""What a data set's card says, in sentences that a clinician reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from core.specs import DatasetCard
from pages.parts import numbers

KINDS = {
    "": "without an ending",
    "none": "without an ending",
    "jpg": "JPEG",
    "tif": "TIFF",
    "dcm": "DICOM",
    "dicom": "DICOM",
    "nii": "NIfTI",
    "nii.gz": "NIfTI",
    "webp": "WebP",
    "ome.tif": "OME-TIFF",
    "ome.tiff": "OME-TIFF",
}
"""What kinds of files are called, where it is not their ending in capitals."""


def summary(card: DatasetCard) -> str:
    """What came in, in two or three plain sentences; plain text, to be escaped before it is shown."""
    images = numbers.count(card.images, "image")
    classes = numbers.count(len(card.classes), "class", "classes")
    patients = f" of {numbers.count(card.patients, 'patient')}" if card.patients else ""
    words = [f"{images}{patients} in {classes}. Source: {card.source}.", f"{sizes(card)} {colours(card)}"]
    if card.unreadable:
        words.append(
            f"{numbers.count(card.unreadable, 'file')} could not be read and {_were(card.unreadable)} left out."
        )
    return " ".join(words)


def sizes(card: DatasetCard) -> str:
    """How large the images are."""
    width, height = f"{card.median_width_px:,}", f"{card.median_height_px:,}"
    if card.min_side_px == card.max_side_px:
        return f"Every image is {width} × {height} px."
    return f"The middle size is {width} × {height} px; sides run from {card.min_side_px:,} to {card.max_side_px:,} px."


def colours(card: DatasetCard) -> str:
    """Grey or colour, and how fine the values are where that is unusual."""
    deep = " with 16 bits (65,536 values) per pixel" if card.bit_depth == 16 else ""
    return f"All are grey{deep}." if card.grey else f"At least some are in colour{deep}."


def kinds(formats: Mapping[str, int]) -> str:
    """Kinds of files by their endings: `PNG` where all are alike, else `40 PNG, 2 DICOM, 1 without an ending`."""
    found: Counter[str] = Counter()
    for ending, count in formats.items():
        bare = ending.strip(".").lower()
        found[KINDS.get(bare, bare.upper())] += count
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{numbers.count(count)} {kind}" for kind, count in found.most_common())


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
