"""How a data set is divided, in words: by what, and what it comes to in images and in patients."""

from __future__ import annotations

from collections.abc import Mapping

from core.specs import DatasetCard, Split
from pages.parts import numbers

FIXED = "\u00a0"
"""A space at which no line ends, so that a number stays with what it counts."""


def in_words(card: DatasetCard) -> str:
    """How the images are divided, in a sentence or two; our own words and numbers, safe as Markdown."""
    config = card.split
    if config.source == "given":
        return "Divided as the data set brought it."
    shares = f"{config.train_percent} % training, {config.val_percent} % validation, {config.test_percent} % test"
    shares = shares.replace(" %", f"{FIXED}%")
    drawn = f"Drawn at random: {shares}, each class in the same shares, seed {config.seed}."
    if config.folds > 1:
        drawn += f" Fold {config.fold} of {config.folds} is for validation."
    if card.patients:
        far = "" if all_patients_known(card) else ", as far as patients are known"
        whole = f" All images of a patient are in one split{far}."
        drawn += whole if config.by == "patient" else " Patients were not heeded."
    return drawn


def all_patients_known(card: DatasetCard) -> bool:
    """Whether it is known of every image whose it is."""
    return bool(card.patients) and not any(finding.rule == "no_patient" for finding in card.findings)


def counts(card: DatasetCard) -> list[str]:
    """What each split holds: a line of images, and one of patients where these are known; safe as Markdown."""
    images = _line({part: card.count(part) for part in Split})
    if not card.patients:
        return [images]
    return [f"Images: {images}", f"Patients: {_line(card.patients_per_split)}"]


def _line(counts: Mapping[Split, int]) -> str:
    return " · ".join(f"{part.label}{FIXED}{numbers.count(counts.get(part, 0))}" for part in Split)
