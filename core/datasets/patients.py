"""Findings about patients: one who is in two splits, a class that is one patient only, images of nobody known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.datasets.groups import units
from core.sources.reader import images_in_words
from core.sources.wording import MOST_NAMED, folded
from core.specs import Finding, Severity, Split

if TYPE_CHECKING:
    import pandas as pd

PATIENTS = frozenset({"patient_in_two_splits", "one_patient_class", "no_patient"})
"""The rules of `patients`."""

NO_PATIENTS = "no_patients"

_NEEDED = {"patient", "source_file", "split", "class_index"}


def patients(items: pd.DataFrame, classes: Sequence[str]) -> Iterable[Finding]:
    """At most one finding a rule; nothing for a table without patients.

    Args:
        items: one row an image, with `patient`, `source_file`, `split`, `class_index`.
        classes: the class names by index.
    """
    if not _NEEDED.issubset(items.columns):
        return
    known = items[items["patient"] != ""]
    yield from _in_two_splits(known)
    yield from _of_one_only(items, classes)
    if 0 < len(known) < len(items):
        unknown = len(items) - len(known)
        yield Finding(
            severity=Severity.NOTE,
            rule="no_patient",
            what=f"Of {images_in_words(unknown)} it is not known whose they are; each is divided by itself.",
            remedy="Fill in the patients that are lacking and import again, if these images are of a patient as well.",
        )


def nobody_known(items: pd.DataFrame) -> Iterable[Finding]:
    """At most one finding, where nothing says of any image whose it is: whatever the split, it cannot be judged."""
    if len(items) and (items["patient"] == "").all():
        yield Finding(
            severity=Severity.NOTE,
            rule=NO_PATIENTS,
            what="Nothing says whose the images are, so images of one patient may stand on both sides of the split.",
            remedy="If there is more than one image of a patient, import again with the patient from a table, a tag or"
            " the names of the files; the figures look better than they are otherwise.",
        )


def _in_two_splits(known: pd.DataFrame) -> Iterable[Finding]:
    splits = known.groupby("patient")["split"].nunique()
    crossing = splits.index[splits > 1]
    if not len(crossing):
        return
    theirs = known[known["patient"].isin(crossing)]
    most_first = theirs["patient"].value_counts().index
    counts = theirs.groupby(["patient", "split"]).size()
    lines = []
    for patient in most_first[:MOST_NAMED]:
        found = [f"{counts[patient, part.value]:,} {part.value}" for part in Split if (patient, part.value) in counts]
        lines.append(f"{patient}: {', '.join(found)}")
    yield folded(
        Severity.WARNING,
        "patient_in_two_splits",
        lines + [""] * (len(crossing) - len(lines)),
        f"{len(crossing):,} of {known['patient'].nunique():,} patients {'has' if len(crossing) == 1 else 'have'} images"
        f" in more than one split, {images_in_words(len(theirs))} in all.",
        "Draw the split by patient: a model that has seen a patient in training knows that patient in the test.",
    )


def _of_one_only(items: pd.DataFrame, classes: Sequence[str]) -> Iterable[Finding]:
    """Classes of several images that all belong to one patient, or lie in one file."""
    together = items.assign(unit=units(items, "patient")).groupby("class_index")["unit"]
    images, of_class = together.size(), together.nunique()
    found = [index for index in range(len(classes)) if of_class.get(index) == 1 and images[index] > 1]
    if found:
        yield folded(
            Severity.WARNING,
            "one_patient_class",
            [f"{classes[index]}: {images_in_words(int(images[index]))}" for index in found],
            f"{len(found):,} {'class is' if len(found) == 1 else 'classes are'} of one patient only (or of one file),"
            " which cannot be divided: the class cannot be learned on one patient and judged on another.",
            "Add images of other patients; or leave the class out, or put it together with another; or divide by image,"
            " and read the figures as saying nothing about new patients.",
        )
