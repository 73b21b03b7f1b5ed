"""Whether a data set can be trained on at all: every class in training, every split with images."""

from __future__ import annotations

from core.errors import BadDataset
from core.specs import DatasetCard, Split


def require_trainable(card: DatasetCard) -> None:
    """Let a data set pass that a run can learn from and be measured on.

    Raises:
        BadDataset: a class has no training image, or a split no image at all.
    """
    for name, counts in zip(card.classes, card.counts, strict=True):
        if not counts.get(Split.TRAIN):
            raise BadDataset(
                f"The class {name!r} has no image in the training split.",
                "Add images of this class, or give the training split a larger share.",
            )
    for split in Split:
        if not card.count(split):
            raise BadDataset(
                f"The {split.label.lower()} split has no image.",
                "Give it a larger share, or draw a new split instead of the given one.",
            )
