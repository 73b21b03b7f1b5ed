"""What the guards found in a data set, for the eye: groups of copies and patients, and images that stand out."""

from __future__ import annotations

from typing import Any

from core.actions.home import Home
from core.actions.shelves import shelf_of
from core.errors import NotHandledYet


def suspects(home: Home, dataset_id: str) -> tuple[Any, ...]:
    """Groups of images that should not be apart or not be there twice, worst first (crossing the split first)."""
    shelf_of(home, dataset_id)
    raise NotHandledYet("The leak guard is not there yet.", "Look at the findings of the review.")


def odd_ones(home: Home, dataset_id: str) -> tuple[Any, ...]:
    """Images that stand out from their set (too dark, blurred, ...), worst first."""
    shelf_of(home, dataset_id)
    raise NotHandledYet("The list of odd images is not there yet.", "Look at the findings of the review.")
