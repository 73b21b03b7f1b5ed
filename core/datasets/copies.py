"""Findings about images that stand in the data more than once: the same pixels, or nearly the same picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.sources.reader import images_in_words
from core.sources.wording import MOST_NAMED, folded, stand
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd


def conflicting_labels(items: pd.DataFrame) -> Iterable[Finding]:
    """The same pixels under different classes: one of the labels must be wrong."""
    groups = copies_of(items)
    of_group = items.loc[groups.index].groupby(groups)
    torn = of_group["class_index"].nunique() > 1
    if torn.any():
        yield folded(
            Severity.ERROR,
            "conflicting_labels",
            _named(items, groups, torn.index[torn]),
            f"{images_in_words(int(torn.sum()))} {stand(int(torn.sum()))} in more than one class, pixel for pixel.",
            "Decide which class is right, and leave out the copies of the other.",
        )


def exact_duplicates(items: pd.DataFrame) -> Iterable[Finding]:
    """The same pixels more than once; a warning where they stand in more than one split."""
    groups = copies_of(items)
    if groups.empty:
        return
    leaking = items.loc[groups.index].groupby(groups)["split"].nunique() > 1
    across, copied = int(leaking.sum()), len(leaking)
    what = f"{images_in_words(copied)} {stand(copied)} in the data more than once, pixel for pixel"
    what += f" ({len(groups):,} files). "
    what += f"{across:,} of them {stand(across)} in more than one split." if across else "No copies cross the split."
    worst_first = [*leaking.index[leaking], *leaking.index[~leaking]]
    yield folded(
        Severity.WARNING if across else Severity.NOTE,
        "exact_duplicate",
        _named(items, groups, worst_first),
        what,
        "Keep one of each, or put each group on one side: a model that has seen an image in training knows it in the"
        " test."
        if across
        else "Leave the copies out if they are not meant; each counts as an image of its own.",
    )


def near_duplicates(items: pd.DataFrame, classes: Sequence[str]) -> Iterable[Finding]:
    """Images that are one another turned, mirrored, saved again or resized; those in two classes or splits first."""
    groups = near_of(items)
    if groups.empty:
        return
    of_group = items.loc[groups.index].groupby(groups)
    torn, leaking = of_group["class_index"].nunique() > 1, of_group["split"].nunique() > 1
    worst_first = (2 * torn + leaking).sort_values(ascending=False, kind="stable").index
    yield folded(
        Severity.WARNING if (torn | leaking).any() else Severity.NOTE,
        "near_duplicate",
        _near_named(items, groups, worst_first, classes),
        f"{len(groups):,} images look like another one turned, mirrored, saved again or resized, in {len(torn):,}"
        f" {'group' if len(torn) == 1 else 'groups'}. {_where_they_stand(int(leaking.sum()), int(torn.sum()))}",
        "Look at them side by side. Keep one image of a group, or keep the group in one split and one class."
        if (torn | leaking).any()
        else "Leave the copies out if they are not meant; each counts as an image of its own.",
    )


def near_of(items: pd.DataFrame) -> pd.Series[int]:
    """The group of every image that has a near-duplicate, by row; groups of equal pixels are told elsewhere."""
    if "near_group" not in items:
        import pandas as pd  # half a second that the first page need not wait for

        return pd.Series(dtype="int64")
    groups = items["near_group"][items["near_group"] >= 0]
    pictures = items.loc[groups.index, "pixel_digest"].groupby(groups).nunique()
    return groups[groups.isin(pictures.index[pictures > 1])]


def _where_they_stand(leaking: int, torn: int) -> str:
    if not leaking and not torn:
        return "No group crosses the split or the classes."
    crossing = [f"{leaking:,} {stand(leaking)} in more than one split"] if leaking else []
    crossing += [f"{torn:,} {stand(torn)} in more than one class"] if torn else []
    return f"Of the groups, {', '.join(crossing)}."


def _near_named(
    items: pd.DataFrame, groups: pd.Series[int], chosen: pd.Index[int], classes: Sequence[str]
) -> list[str]:
    """Each group as one line: "a/1.png (train) ≈ b/7.png (test)", with the classes where they differ."""
    rows = items.loc[groups.index[groups.isin(chosen[:MOST_NAMED])]]
    several = rows["class_index"].groupby(groups).transform("nunique") > 1
    label = (", " + rows["class_index"].map(dict(enumerate(classes)))).where(several, "")
    lines = (rows["name"] + " (" + rows["split"] + label + ")").groupby(groups).agg(lambda group: _joined(group, " ≈ "))
    return [lines.get(group, "") for group in chosen]  # those beyond the first hundred are only counted


def copies_of(items: pd.DataFrame) -> pd.Series[str]:
    """The pixel digest of every image that has an equal one, by row."""
    digests = items["pixel_digest"]
    return digests[digests.duplicated(keep=False)]


def _named(items: pd.DataFrame, groups: pd.Series[str], chosen: Iterable[str]) -> list[str]:
    """Each group of equal images as one line: "a/1.png (train) = b/7.png (test)"."""
    chosen = list(chosen)
    rows = items.loc[groups.index[groups.isin(chosen[:MOST_NAMED])]]
    lines = (rows["name"] + " (" + rows["split"] + ")").groupby(groups).agg(_joined)
    return [lines.get(digest, "") for digest in chosen]  # those beyond the first hundred are only counted


def _joined(names: pd.Series[str], sign: str = " = ") -> str:
    more = [f"{len(names) - 3:,} more"] if len(names) > 3 else []
    return sign.join([*names.iloc[:3], *more])
