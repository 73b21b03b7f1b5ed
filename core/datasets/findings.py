"""What the checks find in a data set, in words: every finding says what, where, and what to do.

Some findings come with the source (a file that cannot be read) and stay as they are. Others follow from the images
and their split, and are looked for again whenever the split is drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from core.datasets.reader import images_in_words
from core.specs import Finding, Severity, Split

MOST_NAMED = 100
FEWEST_IMAGES = 3  # one for each split
FEW_IMAGES = 20
STRONG_IMBALANCE = 3
_LONGEST_NAME = 300


def folded(severity: Severity, rule: str, where: Sequence[str], what: str, remedy: str) -> Finding:
    """One finding about many files or classes; a hundred are named at most, the sentence should hold the count."""
    if len(where) > MOST_NAMED:
        what += f" The first {MOST_NAMED} of {len(where):,} are named."
    named = tuple(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…" for name in where[:MOST_NAMED])
    return Finding(severity=severity, rule=rule, where=named, what=what, remedy=remedy)


def unreadable(reasons: Sequence[str], total: int) -> Iterable[Finding]:
    """At most one finding about the files that could not be read; each reason names its file."""
    if reasons:
        yield folded(
            Severity.WARNING,
            "unreadable_file",
            reasons,
            f"{len(reasons):,} of {total:,} files could not be read and {_were(len(reasons))} left out.",
            "Look at the reasons; repair or replace the files and import again if they matter.",
        )


def vanished_classes(names: Sequence[str]) -> Iterable[Finding]:
    """At most one finding about classes of which no image could be read."""
    if names:
        yield folded(
            Severity.ERROR,
            "class_without_images",
            names,
            f"{len(names):,} {'class has' if len(names) == 1 else 'classes have'} no image that can be read and"
            f" {_were(len(names))} left out.",
            "Repair the images of this class and import again.",
        )


DERIVED = frozenset({"few_images", "empty_split", "conflicting_labels", "exact_duplicate", "imbalance"})
"""The rules that `derived` looks for: replaced as a whole when the split changes."""


def derived(items: pd.DataFrame, classes: Sequence[str]) -> list[Finding]:
    """The findings that follow from the images and their split.

    Args:
        items: one row an image, with `name`, `class_index`, `split`, `pixel_digest`.
        classes: the class names by index.
    """
    counts = _counts(items, len(classes))
    return [
        *_few(counts.sum(axis=1), classes),
        *_empty(counts, classes),
        *_conflicts(items),
        *_duplicates(items),
        *_imbalance(counts.sum(axis=1), classes),
    ]


def _counts(items: pd.DataFrame, classes: int) -> pd.DataFrame:
    """Images per class (row) and split (column)."""
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


def _conflicts(items: pd.DataFrame) -> Iterable[Finding]:
    """The same pixels under different classes: one of the labels must be wrong."""
    groups = _copies(items)
    of_group = items.loc[groups.index].groupby(groups)
    torn = of_group["class_index"].nunique() > 1
    if torn.any():
        yield folded(
            Severity.ERROR,
            "conflicting_labels",
            _named(items, groups, torn.index[torn]),
            f"{images_in_words(int(torn.sum()))} {_stand(int(torn.sum()))} in more than one class, pixel for pixel.",
            "Decide which class is right and delete the other copies.",
        )


def _duplicates(items: pd.DataFrame) -> Iterable[Finding]:
    groups = _copies(items)
    if groups.empty:
        return
    leaking = items.loc[groups.index].groupby(groups)["split"].nunique() > 1
    across, copied = int(leaking.sum()), len(leaking)
    what = f"{images_in_words(copied)} {_stand(copied)} in the data more than once, pixel for pixel"
    what += f" ({len(groups):,} files). "
    what += f"{across:,} of them {_stand(across)} in more than one split." if across else "No copies cross the split."
    worst_first = [*leaking.index[leaking], *leaking.index[~leaking]]
    yield folded(
        Severity.WARNING if across else Severity.NOTE,
        "exact_duplicate",
        _named(items, groups, worst_first),
        what,
        "Delete the copies and import again: a model that has seen an image in training knows it in the test."
        if across
        else "Delete the copies if they are not meant; each counts as an image of its own.",
    )


def _copies(items: pd.DataFrame) -> pd.Series[str]:
    """The pixel digest of every image that has an equal one, by row."""
    digests = items["pixel_digest"]
    return digests[digests.duplicated(keep=False)]


def _named(items: pd.DataFrame, groups: pd.Series[str], chosen: Iterable[str]) -> list[str]:
    """Each group of equal images as one line: "a/1.png (train) = b/7.png (test)"."""
    chosen = list(chosen)
    rows = items.loc[groups.index[groups.isin(chosen[:MOST_NAMED])]]
    lines = (rows["name"] + " (" + rows["split"] + ")").groupby(groups).agg(_joined)
    return [lines.get(digest, "") for digest in chosen]  # those beyond the first hundred are only counted


def _joined(names: pd.Series[str]) -> str:
    shown = " = ".join(names.iloc[:3])
    return shown + (f" = {len(names) - 3:,} more" if len(names) > 3 else "")


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


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
