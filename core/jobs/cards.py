"""The card of its data set that a run keeps: it outlives the data set."""

from __future__ import annotations

from pathlib import Path

from core.errors import DataGone
from core.files import write_file
from core.settings import Settings
from core.specs import DatasetCard

CARD_FILE = "card.json"


def keep_card(folder: Path, card: DatasetCard) -> None:
    """Copy a card into a run's folder."""
    write_file(folder / CARD_FILE, card.model_dump_json(indent=2))


def card_of(settings: Settings, run_id: str) -> DatasetCard:
    """What was known of the data set when the run was trained.

    Raises:
        DataGone: the run has not begun, or its files were deleted.
    """
    path = settings.run_dir(run_id) / CARD_FILE
    if not path.exists():
        raise DataGone("The files of this run are not on the server any more.", "Train again with the same settings.")
    return DatasetCard.model_validate_json(path.read_text(encoding="utf-8"))
