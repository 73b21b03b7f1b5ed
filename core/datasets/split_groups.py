"""Divide whole groups of images (patients) among the splits: near the shares that were asked for, classes alike.

Groups are placed one after another. A group goes where it fits into what a split is still owed; where it fits nowhere,
to the split that is owed most. That alone keeps every split within the largest group of its share, whatever the order:
a split goes over its share only when it is owed most and the group is larger than that; and were another owed more
than a whole group in the end, it would have been owed more than that one then. Both the order and the choice among
the splits where a group fits are therefore free to serve the classes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.specs import Split

PARTS = np.array([part.value for part in (Split.TRAIN, Split.VALIDATION, Split.TEST)])
_TINY = 1e-9

Names = NDArray[np.str_]
Indices = NDArray[np.integer]
Labels = NDArray[np.str_] | NDArray[np.integer]
Numbers = NDArray[np.float64]


def draw_groups(class_indices: Indices, groups: Labels, shares: Numbers, rng: np.random.Generator) -> NDArray[np.intp]:
    """The number of the part of each image, the same for all images of a group.

    Args:
        class_indices: `(N,)` integers, N > 0.
        groups: `(N,)`; images of the same value stay together.
        shares: of the parts (training, validation, test; or folds); they sum to 1.
        rng: draws the order of groups that are alike.

    Returns:
        `(N,)` of part numbers; each part has its share of N to within the largest group.
    """
    table, member_of = _images_of(class_indices, groups)
    owed = shares[:, None] * table.sum(axis=0)  # (part, class): images still to come
    placed = np.empty(len(table), np.intp)
    for group in _order(table, rng):
        placed[group] = part = _choose(table[group], owed, shares)
        owed[part] -= table[group]
    return placed[member_of]


def _images_of(class_indices: Indices, groups: Labels) -> tuple[Numbers, NDArray[np.intp]]:
    """The images of each group (row) and class (column), and the row of each image's group."""
    names, member_of = np.unique(groups, return_inverse=True)
    classes, class_of = np.unique(class_indices, return_inverse=True)
    table = np.zeros((len(names), len(classes)))
    np.add.at(table, (member_of, class_of), 1)
    return table, member_of


def _order(table: Numbers, rng: np.random.Generator) -> NDArray[np.intp]:
    """Groups of the class that fewest groups have come first, of these the largest; by chance among equals."""
    groups_with = (table > 0).sum(axis=0)
    rarest = np.where(table > 0, groups_with, len(table) + 1).min(axis=1)
    return np.lexsort((rng.random(len(table)), -table.sum(axis=1), rarest))


def _choose(images: Numbers, owed: Numbers, shares: Numbers) -> int:
    """The split for one group: where it fits, and of these the one that lacks its classes most."""
    left = owed.sum(axis=1)
    fits = left >= images.sum() - _TINY
    if not fits.any():
        return int(left.argmax())
    asked = shares[:, None] + _TINY
    lacking = (owed / asked)[:, images > 0]  # in shares of the class, so that a small split is not always last
    weight = images[images > 0] / images.sum()
    return int(np.where(fits, (lacking * weight).sum(axis=1), -np.inf).argmax())
