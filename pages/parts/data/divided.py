"""How a data set is divided, in words: by what, and what it comes to in images and in patients."""

from __future__ import annotations

from core.specs import DatasetCard, Split
from pages.parts import numbers


def in_words(card: DatasetCard) -> str:
    """How the images are divided, in a sentence or two; plain text."""
    config = card.split
    if config.source == "given":
        return "Divided as the data set brought it."
    shares = f"{config.train_percent} % training, {config.val_percent} % validation, {config.test_percent} % test"
    drawn = f"Drawn at random: {shares}, each class in the same shares, seed {config.seed}."
    if config.folds > 1:
        drawn += f" Fold {config.fold} of {config.folds} is for validation."
    if card.patients:
        drawn += (
            " All images of a patient are in one split." if config.by == "patient" else " Patients were not heeded."
        )
    return drawn


def counts(card: DatasetCard) -> list[str]:
    """What each split holds: a line of images, and one of patients where these are known; plain text."""
    lines = [" · ".join(f"{part.label} {numbers.count(card.count(part))}" for part in Split)]
    if card.patients:
        parts = " · ".join(f"{part.label} {numbers.count(card.patients_per_split.get(part, 0))}" for part in Split)
        lines = [f"Images: {lines[0]}", f"Patients: {parts}"]
    return lines
