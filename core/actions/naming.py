"""What data sets are called: by their owners, or by words that cannot be anybody's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

from core.actions.home import Home

_SETS = (
    "a and by data dataset demo export final from images image imaging in medical of on photos pictures pilot project"
    " sample scans scan set slides small study subset test the train training tutorial val validation with all new old"
    " px rgb grey gray v classes class two three labels labelled"
)
_SUBJECTS = (
    "abdomen blood bone brain breast cardiac cell cells chest colon cornea dental eye fundus heart histology kidney"
    " knee liver lung lungs nodule organ pathology polyp polyps prostate retina retinal skin spine tissue tumor tumour"
    " wrist ct dicom mr mri nifti oct pet png spect ultrasound us xray xrays ray rays x radiograph radiographs"
)
_MNIST = "mnist path chest derma oct pneumonia retina breast blood tissue organa organc organs"
_PLAIN = frozenset(f"{_SETS} {_SUBJECTS} {_MNIST}".split()) | {f"{word}mnist" for word in f"{_MNIST}".split()}


def suggested_name(home: Home, filename: str) -> str:
    """What to call a data set that comes from a file or folder of this name (hostile text).

    A name may be a patient's: it is kept only where it is made of words about images and of short numbers.
    """
    words = re.findall(r"[^\W_]+", Path(filename).stem)
    if words and all(word.lower() in _PLAIN or (word.isdigit() and len(word) <= 4) for word in words):
        return named(" ".join(words))
    return free_name(home, lambda number: f"Data set {number}", len(home.store.datasets()) + 1)


def free_name(home: Home, name: Callable[[int], str], first: int) -> str:
    """The first of the names by number, from `first` on, that no data set has."""
    taken = {row.name for row in home.store.datasets()}
    return next(found for number in count(first) if (found := named(name(number))) not in taken)


def named(name: str) -> str:
    """A name as it is kept: in one line, at most 120 characters."""
    return " ".join(name.split())[:120] or "Data set"
