"""What the checks find in a data set, in words: every finding says what, where, and what to do.

Some findings come with the source (a file that cannot be read) and stay as they are. Others follow from the images
and their split, and are looked for again whenever the split is drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.datasets.copies import conflicting_labels, exact_duplicates, near_duplicates
from core.datasets.groups import units
from core.datasets.patients import NO_PATIENTS, PATIENTS, nobody_known, patients
from core.datasets.quality import QUALITY, Odd, quality
from core.images import TEXT_LIKELY
from core.sources.reader import images_in_words
from core.sources.wording import folded, were
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


def unlabelled(names: Sequence[str], tag: str) -> Iterable[Finding]:
    """At most one finding about files without the tag that tells the class."""
    if names:
        yield folded(
            Severity.WARNING,
            "no_class",
            names,
            f"{len(names):,} {'file has' if len(names) == 1 else 'files have'} no tag {tag}, which tells the class, and"
            f" {were(len(names))} left out.",
            "Give these files the tag and import again, or take the classes from folders or a table.",
        )


def middle_planes(files: int) -> Iterable[Finding]:
    """At most one finding about files of several images, of which one came in."""
    if files:
        yield Finding(
            severity=Severity.NOTE,
            rule="middle_plane_only",
            what=f"Of {files:,} {'file that holds' if files == 1 else 'files that hold'} several images (pages, frames"
            " or slices) only the middle one came in.",
            remedy="Nothing needs to be done. Choose “each of them” at import if the others matter.",
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


CONTENT = frozenset({"several_planes", "burned_in_text", "text_sampled", "shortcut", NO_PATIENTS})
"""The rules that `contents` looks for: replaced as a whole when images or labels change."""

DERIVED = (
    QUALITY
    | PATIENTS
    | {
        "few_images",
        "empty_split",
        "conflicting_labels",
        "exact_duplicate",
        "near_duplicate",
        "imbalance",
    }
)
"""The rules that `derived` looks for: replaced as a whole when the split changes."""


def contents(items: pd.DataFrame, classes: Sequence[str], *, synthetic: bool = False) -> list[Finding]:
    """The findings that follow from the images and their labels, whatever the split; some take a while.

    Args:
        items: one row an image, as `table` tells.
        classes: the class names by index.
        synthetic: whether the images were drawn, so that they are nobody's.
    """
    from core.datasets.shortcuts import shortcuts  # scikit-learn, which only this needs

    told_apart = shortcuts(items, classes, units(items, "patient"))
    nobody = () if synthetic else nobody_known(items)
    return [*_several_planes(items), *_burned_in_text(items), *told_apart, *nobody]


def derived(items: pd.DataFrame, classes: Sequence[str]) -> list[Finding]:
    """The findings that follow from the images and their split.

    Args:
        items: one row an image, with `name`, `class_index`, `split`, `pixel_digest`, and what `patients`,
            `near_duplicates` and `quality` ask for (where that is lacking they find nothing).
        classes: the class names by index.
    """
    counts = _counts(items, len(classes))
    return [
        *_few(counts.sum(axis=1), classes),
        *_empty(counts, classes),
        *patients(items, classes),
        *conflicting_labels(items),
        *exact_duplicates(items),
        *near_duplicates(items, classes),
        *quality(items),
        *_imbalance(counts.sum(axis=1), classes),
    ]


def _several_planes(items: pd.DataFrame) -> Iterable[Finding]:
    files = items["source_file"]
    several = int(files[files.duplicated()].nunique())
    if several:
        yield Finding(
            severity=Severity.NOTE,
            rule="several_planes",
            what=f"{several:,} {'file holds' if several == 1 else 'files hold'} several images (pages, frames or"
            f" slices); each became an image of its own, {int(files.duplicated(keep=False).sum()):,} in all. Those of"
            " one file stay in one split.",
            remedy="Nothing needs to be done. Choose “the middle one” at import if one image a file is enough.",
        )


def with_text(items: pd.DataFrame) -> tuple[Odd, ...]:
    """The images in which text seems to be burned into the pixels, the surest first."""
    likely = _likely_text(items)
    rows = items.loc[likely, ["item_id", "text_hint"]].itertuples(index=False)
    return tuple(Odd("burned_in_text", int(item_id), f"{hint:.0%} sure") for item_id, hint in rows)


def _likely_text(items: pd.DataFrame) -> pd.Index[int]:
    hints = items["text_hint"]
    return hints[hints >= TEXT_LIKELY].sort_values(ascending=False, kind="stable").index


def _burned_in_text(items: pd.DataFrame) -> Iterable[Finding]:
    likely = _likely_text(items)
    looked = items.loc[items["text_hint"].notna(), "source_file"].nunique()
    files = items["source_file"].nunique()
    sample = f"Looked at were {looked:,} of the {files:,} files, evenly spread." if looked < files else ""
    if len(likely):
        yield folded(
            Severity.WARNING,
            "burned_in_text",
            list(items.loc[likely, "name"]),
            f"{images_in_words(len(likely))} {'seems' if len(likely) == 1 else 'seem'} to have text burned into the"
            f" pixels. It may name a patient, and it may give the class away. {sample}".strip(),
            "Look at them, and leave out or crop what should not be seen. This is a hint: it can be wrong both ways.",
        )
    elif looked and sample:
        yield Finding(
            severity=Severity.NOTE,
            rule="text_sampled",
            what=f"No text was found burned into the pixels. {sample}",
            remedy="If a few of the others may have text in them, look through the gallery before you share the data.",
        )


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
