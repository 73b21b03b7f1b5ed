"""What a split must not divide: the planes of one file, and what belongs to one patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Numbers = NDArray[np.int64]


def units(items: pd.DataFrame, by: Literal["patient", "image"]) -> Numbers:
    """The indivisible unit of each image.

    Images of one file stay together always; with `by="patient"` those of one patient too, and all that is connected
    through the two.

    Args:
        items: with `source_file` and `patient` ("" where it is not known: then nothing connects the image).
        by: what is kept together.

    Returns:
        `(N,)` int64: the number of the unit, counted from 0 by the first image of each.
    """
    files = _numbered(items["source_file"].to_numpy())
    if by == "patient":
        patients = items["patient"].to_numpy(dtype=np.str_)
        known = patients != ""
        if known.any():
            return _connected(files, known, _numbered(patients[known]))
    return files


def _connected(labels: Numbers, known: NDArray[np.bool_], patients: Numbers) -> Numbers:
    """Labels spread through patients and files in turn until each unit carries its smallest one."""
    files, before = labels, None
    while before is None or not np.array_equal(before, labels):
        before = labels
        labels = labels.copy()
        labels[known] = _smallest(labels[known], patients)
        labels = _smallest(labels, files)
    return _numbered(labels)


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
