"""Divide the images of a data set into training, validation and test: stratified by class, by seed, groups kept whole.

scikit-learn's stratified splitter is not used: it refuses a class of one image, cannot promise an image of every
class in every split, and two of its cuts in a row drift more than one image from the shares that were asked for. Its
`StratifiedGroupKFold` knows equal folds only, so that 70/15/15 needs 20 of them, and gives no bound on their sizes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.split_groups import PARTS, Indices, Labels, Names, Numbers, draw_groups
from core.specs import Split, SplitConfig

__all__ = ["PARTS", "complete_split", "draw_split"]

_TINY = 1e-9


def draw_split(
    class_indices: Indices, config: SplitConfig, groups: Labels | None = None, placed: Names | None = None
) -> Names:
    """A split of each image: every class is divided by the shares, to within one image.

    A class of three images or more has at least one in every split; of two, one is for training and one for
    validation; a single image is for training.

    With groups (patients, say) no group is divided, and each split has the images it was asked to have to within the
    largest group. Classes keep their shares, and reach every split, as far as whole groups allow.

    Args:
        class_indices: `(N,)` integers.
        config: the shares in per cent and the seed.
        groups: `(N,)` of strings or integers; images of the same value stay together. An image without a patient
            needs a value of its own.
        placed: `(N,)` of "" and the split that an image has by hand, the same for all of a group. With several folds
            it says only whether the image is for the test: each of the others is for validation in one fold.

    Returns:
        `(N,)` of "train", "val", "test". The same input gives the same split. With several folds the test images are
        those of the single split, and the rest is divided into folds of one size, of which one is for validation.
    """
    split: Names = PARTS[_draw(class_indices, _shares(config), np.random.default_rng(config.seed), groups)]
    return _in_folds(_by_hand(split, placed), class_indices, config, groups)


def complete_split(
    given: Names,
    class_indices: Indices,
    config: SplitConfig,
    groups: Labels | None = None,
    placed: Names | None = None,
) -> Names:
    """A split as the source brings it; a part that it lacks altogether is drawn from its training images.

    Args:
        given: `(N,)` of "train", "val", "test", as the source has it.
        class_indices: `(N,)` integers.
        config: the shares in per cent and the seed, for the parts that are drawn.
        groups: as in `draw_split`; the training images are divided by whole groups.
        placed: as in `draw_split`.

    Returns:
        `(N,)` of "train", "val", "test". With several folds only the test images are those of the source.
    """
    lacking = np.array([part not in given for part in PARTS])
    shares = np.where(lacking | np.isin(PARTS, Split.TRAIN.value), _shares(config), 0)
    inside = given == Split.TRAIN.value
    whole: Names = given.astype(PARTS.dtype)
    inner = None if groups is None else groups[inside]
    rng = np.random.default_rng(config.seed)
    whole[inside] = PARTS[_draw(class_indices[inside], shares / shares.sum(), rng, inner)]
    return _in_folds(_by_hand(whole, placed), class_indices, config, groups)


def _by_hand(split: Names, placed: Names | None) -> Names:
    return split if placed is None else np.where(placed == "", split, placed)


def _in_folds(split: Names, class_indices: Indices, config: SplitConfig, groups: Labels | None) -> Names:
    """The split with training and validation divided anew: one fold for validation, the others for training."""
    if config.folds == 1:
        return split
    inside = split != Split.TEST.value
    inner = None if groups is None else groups[inside]
    rng = np.random.default_rng([config.seed, config.folds])
    shares = np.full(config.folds, 1 / config.folds)
    folds = _draw(class_indices[inside], shares, rng, inner, everywhere=False)
    whole = split.copy()
    whole[inside] = np.where(folds == config.fold - 1, Split.VALIDATION.value, Split.TRAIN.value)
    return whole


def _shares(config: SplitConfig) -> Numbers:
    return np.array([config.train_percent, config.val_percent, config.test_percent]) / 100


def _draw(
    class_indices: Indices,
    shares: Numbers,
    rng: np.random.Generator,
    groups: Labels | None,
    *,
    everywhere: bool = True,
) -> NDArray[np.intp]:
    """The number of the part of each image; `everywhere`: each class reaches every part if it has images enough."""
    if groups is not None and len(groups):
        return draw_groups(class_indices, groups, shares, rng)
    parts = np.empty(len(class_indices), np.intp)
    owed = np.zeros(len(shares))
    for members in _by_class(class_indices):
        counts = _apportion(len(members), shares, owed)
        if everywhere:
            counts = _at_least_one(counts, shares)
        owed += len(members) * shares - counts
        parts[rng.permutation(members)] = np.repeat(np.arange(len(shares)), counts)
    return parts


def _by_class(class_indices: Indices) -> list[NDArray[np.intp]]:
    order = np.argsort(class_indices, kind="stable")
    starts = np.flatnonzero(np.diff(class_indices[order])) + 1
    return [members for members in np.split(order, starts) if len(members)]


def _apportion(images: int, shares: Numbers, owed: Numbers) -> NDArray[np.intp]:
    """Whole numbers that sum to `images`: the shares rounded down, the rest to the splits that are owed most.

    `owed` is what earlier classes' rounding has kept from each split; so the totals keep to the shares as well.
    """
    exact = images * shares
    counts = np.floor(exact + _TINY).astype(np.intp)
    rounded_down = exact - counts > _TINY
    claim = np.where(rounded_down, owed + exact - counts, -np.inf)
    counts[np.argsort(-claim, kind="stable")[: images - counts.sum()]] += 1
    return counts


def _at_least_one(counts: NDArray[np.intp], shares: Numbers) -> NDArray[np.intp]:
    """Give an empty split an image of the largest one, training first, as long as that keeps one itself."""
    for part in np.flatnonzero((counts == 0) & (shares > 0)):
        if counts.max() > 1 or part == 0:
            counts[counts.argmax()] -= 1
            counts[part] += 1
    return counts
