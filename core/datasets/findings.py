"""What the checks find in a data set, in words: every finding says what, where, and what to do.

Some findings come with the source (a file that cannot be read) and stay as they are. Others follow from the images
and their split, and are looked for again whenever the split is drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.datasets.copies import conflicting_labels, exact_duplicates, near_duplicates
from core.datasets.quality import QUALITY, quality
from core.datasets.reader import images_in_words
from core.datasets.wording import folded, were
from core.specs import Finding, Severity, Split

if TYPE_CHECKING:
    import pandas as pd

FEWEST_IMAGES = 3  # one for each split
FEW_IMAGES = 20
STRONG_IMBALANCE = 3


def unreadable(reasons: Sequence[str], total: int) -> Iterable[Finding]:
    """At most one finding about the files that could not be read; each reason names its file."""
    if reasons:
        yield folded(
            Severity.WARNING,
            "unreadable_file",
            reasons,
            f"{len(reasons):,} of {total:,} files could not be read and {were(len(reasons))} left out.",
            "Look at the reasons; repair or replace the files and import again if they matter.",
        )


def first_planes(names: Sequence[str]) -> Iterable[Finding]:
    """At most one finding about files of several images, of which only the first came in."""
    if names:
        yield folded(
            Severity.WARNING,
            "first_plane_only",
            names,
            f"Of {len(names):,} {'file that holds' if len(names) == 1 else 'files that hold'} several images (pages,"
            " frames or slices) only the first came in.",
            "If others matter, save them as single images, keep those of one patient together, and import again.",
        )


def vanished_classes(names: Sequence[str]) -> Iterable[Finding]:
    """At most one finding about classes of which no image could be read."""
    if names:
        yield folded(
            Severity.ERROR,
            "class_without_images",
            names,
            f"{len(names):,} {'class has' if len(names) == 1 else 'classes have'} no image that can be read and"
            f" {were(len(names))} left out.",
            "Repair the images of this class and import again.",
        )


DERIVED = QUALITY | {
    "few_images",
    "empty_split",
    "conflicting_labels",
    "exact_duplicate",
    "near_duplicate",
    "imbalance",
}
"""The rules that `derived` looks for: replaced as a whole when the split changes."""


def derived(items: pd.DataFrame, classes: Sequence[str]) -> list[Finding]:
    """The findings that follow from the images and their split.

    Args:
        items: one row an image, with `name`, `class_index`, `split`, `pixel_digest`, and what
            `near_duplicates` and `quality` ask for (a data set imported by an earlier version lacks that; then they
            find nothing).
        classes: the class names by index.
    """
    counts = _counts(items, len(classes))
    return [
        *_few(counts.sum(axis=1), classes),
        *_empty(counts, classes),
        *conflicting_labels(items),
        *exact_duplicates(items),
        *near_duplicates(items, classes),
        *quality(items),
        *_imbalance(counts.sum(axis=1), classes),
    ]


def _counts(items: pd.DataFrame, classes: int) -> pd.DataFrame:
    """Images per class (row) and split (column)."""
    import pandas as pd  # half a second that the first page need not wait for

    table = pd.crosstab(items["class_index"], items["split"])
    return table.reindex(index=range(classes), columns=[split.value for split in Split], fill_value=0)


def _few(images: pd.Series[int], classes: Sequence[str]) -> Iterable[Finding]:
    for severity, low, high in ((Severity.ERROR, 0, FEWEST_IMAGES), (Severity.WARNING, FEWEST_IMAGES, FEW_IMAGES)):
        few = [int(i) for i in images.index[(images >= low) & (images < high)]]
        if few:
            yield folded(
                severity,
                "few_images",
                [f"{classes[i]}: {images_in_words(int(images[i]))}" for i in few],
                f"{len(few):,} {'class has' if len(few) == 1 else 'classes have'} fewer than {high} images"
                + (": not one for each split." if severity is Severity.ERROR else "."),
                "Add images of this class, or leave the class out.",
            )


def _empty(counts: pd.DataFrame, classes: Sequence[str]) -> Iterable[Finding]:
    for split in Split:
        empty = [classes[int(i)] for i in counts.index[counts[split.value] == 0]]
        if empty:
            learned = split is Split.TRAIN
            yield folded(
                Severity.ERROR if learned else Severity.WARNING,
                "empty_split",
                empty,
                f"{len(empty):,} {'class has' if len(empty) == 1 else 'classes have'} no {split.label.lower()} image"
                f" and can{'not be learned' if learned else 'not be judged there'}.",
                "Add images of this class, or draw another split.",
            )


def _imbalance(images: pd.Series[int], classes: Sequence[str]) -> Iterable[Finding]:
    most, least = int(images.to_numpy().argmax()), int(images.to_numpy().argmin())
    ratio = images[most] / max(1, images[least])
    if ratio >= STRONG_IMBALANCE:
        yield folded(
            Severity.NOTE,
            "imbalance",
            [f"{classes[i]}: {images_in_words(int(images[i]))}" for i in (most, least)],
            f"The largest class has {ratio:.1f} times as many images as the smallest.",
            "Turn on “Balance classes” in training, and judge each class by its own recall.",
        )
