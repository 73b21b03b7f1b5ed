"""What the guards found in a data set, for the eye: groups of copies and patients, and images that stand out."""

from __future__ import annotations

from core.actions.home import Home
from core.actions.shelves import shelf_of
from core.datasets import findings, leaks, quality
from core.datasets.leaks import Suspects
from core.datasets.quality import Odd

__all__ = ["Odd", "Suspects", "odd_ones", "suspects"]


def suspects(home: Home, dataset_id: str) -> tuple[Suspects, ...]:
    """Groups of images that should not be apart or not be there twice, worst first (crossing the split first)."""
    shelf = shelf_of(home, dataset_id)
    return leaks.suspects(shelf.items, shelf.card.classes)


def odd_ones(home: Home, dataset_id: str) -> tuple[Odd, ...]:
    """Images that stand out from their set (too dark, blurred, text in the picture ...), by rule, worst first."""
    items = shelf_of(home, dataset_id).items
    return *quality.odd_ones(items), *findings.with_text(items)
