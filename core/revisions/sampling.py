"""Keep a part of the images: at most so many of each class, by seed, whole patients, every split at its share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.datasets.groups import units
from core.errors import BadSetting
from core.revisions.draft import Changed, Draft
from core.sources.reader import images_in_words
from core.specs import Sample, Split

PARTS = [split.value for split in Split]
Table = NDArray[np.int64]


def sample(draft: Draft, edit: Sample) -> Changed:
    """Keep at most `per_class` images of each class; what the split keeps together stays or goes as a whole."""
    items = draft.items
    unit = units(items, draft.card.split.by)
    parts = items["split"].map({part: number for number, part in enumerate(PARTS)}).to_numpy()
    contents = np.zeros((int(unit.max()) + 1, len(draft.classes), len(PARTS)), np.int64)
    np.add.at(contents, (unit, items["class_index"].to_numpy(), parts), 1)
    chosen = _choose(contents, edit.per_class, np.random.default_rng(edit.seed))
    _require_all(contents, chosen, draft.classes, edit.per_class)
    kept = chosen[unit]
    what = (
        f"Kept at most {edit.per_class:,} of each class by chance (seed {edit.seed}):"
        f" {images_in_words(int(kept.sum()))} of {len(items):,}."
    )
    return Changed(replace(draft, items=items[kept]), what, int((~kept).sum()))


def _require_all(contents: Table, chosen: NDArray[np.bool_], classes: tuple[str, ...], per_class: int) -> None:
    """Refuse a number so small that no whole patient or file of a class fits into it."""
    images = contents.sum(axis=2)
    for index in np.flatnonzero(images.any(axis=0) & ~images[chosen].any(axis=0)):
        least = int(images[images[:, index] > 0].max(axis=1).min())
        raise BadSetting(
            f"With at most {per_class:,} of each class no image of {classes[index]!r} remains: all of a patient or file"
            f" stay together, and its smallest has {least:,}.",
            f"Allow at least {max(least, per_class + 1):,} of each class.",
        )


def _choose(contents: Table, per_class: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which units stay: first the smallest of each class and split, then by chance as long as they fit.

    Args:
        contents: `(units, classes, splits)`, images.
    """
    order = rng.permutation(len(contents))
    quota = _quotas(contents.sum(axis=0), per_class)
    kept = np.zeros(len(contents), np.bool_)
    taken = np.zeros_like(quota)
    for index, part in np.argwhere(quota > 0):
        if taken[index, part]:
            continue
        having = order[contents[order, index, part] > 0]
        smallest = having[contents[having].sum(axis=(1, 2)).argmin()]
        if ((taken + contents[smallest]).sum(axis=1) <= per_class).all():
            kept[smallest] = True
            taken += contents[smallest]
    for unit in order:
        images = contents[unit]
        fits = (taken + images <= quota)[images > 0].all() and ((taken + images).sum(axis=1) <= per_class).all()
        if fits and not kept[unit]:
            kept[unit] = True
            taken += images
    return kept


def _quotas(images: Table, per_class: int) -> Table:
    """Images of each class and split that may stay: the shares of the class, rounded to `per_class` in all."""
    total = np.maximum(1, images.sum(axis=1, keepdims=True))
    exact = images * np.minimum(1.0, per_class / total)
    quota: Table = np.floor(exact + 1e-9).astype(np.int64)
    for row, (wanted, given) in enumerate(zip(exact, quota, strict=True)):
        rest = round(float(wanted.sum())) - int(given.sum())
        first = np.argsort(-((wanted - given) + (given == 0) * (wanted > 0)), kind="stable")
        quota[row, first[:rest]] += 1
    return quota
