"""The shelf of a data set on disk: its card, its table of images, its originals; and its split, drawn anew."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from core.datasets.describing import split_facts, split_items
from core.datasets.findings import DERIVED, derived
from core.datasets.table import completed
from core.datasets.together import CARD, ITEMS, ORIGINALS, Guard, replace_both, settle
from core.errors import BadSetting, DataGone, NotFound
from core.files import write_file, written_beside
from core.specs import DatasetCard, SplitConfig

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CARD", "ITEMS", "ORIGINALS", "Guard", "Shelf", "write_card", "write_items"]

_IMPORT_AGAIN = "Import the data again."
_ROWS = 16_384


class Shelf:
    """The files of one data set.

    Args:
        folder: as an import made it.

    Raises:
        DataGone: there is no data set in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settle(folder)
        self._card = _read_card(folder)

    @property
    def card(self) -> DatasetCard:
        """What is known of the data set."""
        return self._card

    @cached_property
    def items(self) -> pd.DataFrame:
        """One row an image, in the order of `item_id` 0..N-1, with the columns of `table`; treat it as read-only.

        Raises:
            DataGone: the table is missing or damaged.
        """
        try:
            import pandas as pd  # half a second that the first page need not wait for

            return completed(pd.read_parquet(self.folder / ITEMS))
        except (OSError, ValueError) as error:
            raise DataGone("The table of this data set is missing or damaged.", _IMPORT_AGAIN) from error

    def original(self, item_id: int) -> bytes:
        """The file of an image as it came.

        Raises:
            NotFound: no such image.
            DataGone: its file was deleted.
        """
        if not 0 <= item_id < len(self.items):
            raise NotFound(f"This data set has no image number {item_id}.", "Choose one from its gallery.")
        try:
            return (self.folder / ORIGINALS / str(self.items["file"].iat[item_id])).read_bytes()
        except FileNotFoundError as error:
            name = self.items["name"].iat[item_id]
            raise DataGone(f"The file of the image {name!r} was deleted.", _IMPORT_AGAIN) from error

    def resplit(self, config: SplitConfig, guard: Guard = nullcontext) -> DatasetCard:
        """Divide the images anew, or as the source brought it; the findings about the split are looked for again.

        Args:
            config: the split.
            guard: of the new card, a block in which the files change; if it refuses to begin, all stays as it was.

        Raises:
            BadSetting: the given split is asked for and the source brought none.
        """
        if config.source == "given" and not self.card.has_given_split:
            raise BadSetting("This data set came without a split of its own.", "Draw one by percentages and a seed.")
        items = split_items(self.items, config)
        kept = [finding for finding in self.card.findings if finding.rule not in DERIVED]
        card = self.card.model_copy(
            update={
                "split": config,
                **split_facts(items, len(self.card.classes)),
                "findings": (*kept, *derived(items, self.card.classes)),
            }
        )
        replace_both(self.folder, items, card, guard)
        self.items, self._card = items, card
        return card

    def set_positive(self, index: int) -> DatasetCard:
        """Name the class that is the finding, in a data set of two classes.

        Raises:
            BadSetting: there are more classes than two, or none of this index.
        """
        classes = self.card.classes
        if len(classes) != 2 or index not in (0, 1):
            raise BadSetting(
                f"A positive class can be chosen among two classes; received was number {index} of {len(classes)}.",
                "Choose 0 or 1 in a data set of two classes.",
            )
        return self._remember(self.card.model_copy(update={"positive_class": index}))

    def _remember(self, card: DatasetCard) -> DatasetCard:
        write_card(self.folder, card)
        self._card = card
        return card


def write_items(folder: Path, items: pd.DataFrame) -> None:
    """Write the table in one step, a block of rows at a time: what a block needs on the way is several times itself."""
    import pyarrow as pa  # half a second, with what follows, that the first page need not wait for
    import pyarrow.parquet as pq

    schema = pa.Schema.from_pandas(items, preserve_index=False)
    with written_beside(folder / ITEMS) as part, pq.ParquetWriter(part, schema) as writer:
        for start in range(0, max(1, len(items)), _ROWS):
            block = items.iloc[start : start + _ROWS]
            writer.write_table(pa.Table.from_pandas(block, schema=schema, preserve_index=False))


def write_card(folder: Path, card: DatasetCard) -> None:
    """Write the card in one step."""
    write_file(folder / CARD, card.model_dump_json(indent=1))


def _read_card(folder: Path) -> DatasetCard:
    try:
        return DatasetCard.model_validate_json((folder / CARD).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError) as error:
        raise DataGone("The images of this data set are not on the server (any more).", _IMPORT_AGAIN) from error
