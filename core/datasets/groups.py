"""What a split must not divide: the planes of one file, what belongs to one patient, what an edit put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Numbers = NDArray[np.int64]
Chosen = NDArray[np.bool_]


def units(items: pd.DataFrame, by: Literal["patient", "image"]) -> Numbers:
    """The indivisible unit of each image.

    Images of one file stay together always, and so do those that an edit has tied; with `by="patient"` those of one
    patient too, and all that is connected through these.

    Args:
        items: with `source_file` and `patient` ("" where it is not known: then nothing connects the image), and with
            `tied` (-1: nothing) where there are edits.
        by: what is kept together.

    Returns:
        `(N,)` int64: the number of the unit, counted from 0 by the first image of each.
    """
    links = []
    if "tied" in items:
        tied = items["tied"].to_numpy()
        links.append((tied >= 0, tied))
    if by == "patient":
        patients = items["patient"].to_numpy(dtype=np.str_)
        links.append((patients != "", patients))
    return _connected(_numbered(items["source_file"].to_numpy()), links)


def tie(items: pd.DataFrame, groups: NDArray[np.generic], chosen: Chosen) -> Numbers:
    """The column `tied` after the chosen images of each group were put together, and all they were tied to before.

    Args:
        items: with `tied`.
        groups: `(N,)`, equal for images of one group.
        chosen: `(N,)`, the images that are put together.

    Returns:
        `(N,)` int64: the number of what stays together, -1 for an image that is tied to none.
    """
    tied = items["tied"].to_numpy()
    labels = _connected(np.arange(len(items)), [(tied >= 0, tied), (chosen, groups)])
    return np.where(np.bincount(labels, minlength=1)[labels] > 1, labels, np.int64(-1))


def _connected(files: Numbers, links: Sequence[tuple[Chosen, NDArray[np.generic]]]) -> Numbers:
    """Labels of files spread through the links and files in turn until each unit carries its smallest one.

    Args:
        files: `(N,)`, counted from 0 by the first image of each.
        links: pairs of `(N,)`: which images the link concerns, and a value that is equal for those it connects.
    """
    connecting = [(rows, _numbered(values[rows])) for rows, values in links if rows.any()]
    labels, before = files, None
    while connecting and (before is None or not np.array_equal(before, labels)):
        before = labels
        labels = labels.copy()
        for rows, values in connecting:
            labels[rows] = _smallest(labels[rows], values)
        labels = _smallest(labels, files)
    return _numbered(labels) if connecting else files


def _smallest(labels: Numbers, groups: Numbers) -> Numbers:
    """The smallest label of each one's group."""
    least = np.full(int(groups.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, groups, labels)
    return least[groups]


def _numbered(values: NDArray[np.generic]) -> Numbers:
    """Equal values get one number; numbers count from 0 in the order of first appearance."""
    _, firsts, members = np.unique(values, return_index=True, return_inverse=True)
    numbers = np.empty(len(firsts), np.int64)
    numbers[np.argsort(firsts)] = np.arange(len(firsts))
    return numbers[members]
