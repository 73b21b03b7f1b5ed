"""Carry the cells of a table over to the images that its rows name; what cannot be carried over is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.sources.labels.folder_rows import Folders
from core.sources.labels.matching import AMBIGUOUS, NO_IMAGE, Images, Matches
from core.sources.labels.tables import Table
from core.sources.reader import images_in_words
from core.sources.wording import folded, were
from core.specs import Finding, Severity


def from_table(
    names: Sequence[str], table: Table, image_column: str, columns: Sequence[str], *, labels: bool = True
) -> tuple[dict[str, list[str]], list[Finding]]:
    """What the columns say of each image.

    Args:
        names: of the images.
        table: with a row for each image; where none names an image, for each folder.
        image_column: the column that names the image, or its folder.
        columns: those asked for.
        labels: whether one of them is the class, without which an image does not come in.

    Returns:
        For each column the cell of each image, "" where there is none or where rows contradict one another; and what
        could not be carried over.

    Raises:
        BadDataset: the table has no such column.
    """
    values = table.column(image_column)
    cells = [table.column(column) for column in columns]
    matches = Images(names).match(values)
    image_of = matches.image_of
    carried = _Carried(len(names), cells)
    if any(image >= 0 for image in image_of):
        for row, image in enumerate(image_of):
            if image >= 0:
                carried.take(row, image)
    else:
        image_of = _by_folders(names, values, carried)
    said = dict(zip(columns, carried.result(), strict=True))
    elsewhere = _elsewhere(matches, table.first_row)
    told = {*matches.refused}
    lost = [row for row, image in enumerate(image_of) if image == NO_IMAGE and row not in told]
    return said, [*elsewhere, *_findings(image_of, lost, carried, table.first_row, labels)]


def _by_folders(names: Sequence[str], values: Sequence[str], carried: _Carried) -> list[int]:
    """A row for each folder: what it says holds for all images in it."""
    below = Folders(names).match(values)
    for row, images in enumerate(below):
        for image in images:
            carried.take(row, image)
    return [images[0] if images else NO_IMAGE for images in below]


class _Carried:
    """The first row of each image, and the rows that say the same again or something else."""

    def __init__(self, images: int, cells: list[list[str]]) -> None:
        self._cells = cells
        self._row_of = [-1] * images
        self.repeated: list[int] = []
        self.torn: dict[int, list[int]] = {}

    def take(self, row: int, image: int) -> None:
        """One more row of an image."""
        first = self._row_of[image]
        if first < 0:
            self._row_of[image] = row
        elif all(column[row] == column[first] for column in self._cells):
            self.repeated.append(row)
        else:
            self.torn.setdefault(image, [first]).append(row)

    def result(self) -> list[list[str]]:
        """For each column, the cell of each image."""
        rows = [-1 if image in self.torn else row for image, row in enumerate(self._row_of)]
        return [["" if row < 0 else column[row] for row in rows] for column in self._cells]


def _elsewhere(matches: Matches, first: int) -> Iterator[Finding]:
    """At most one finding about rows that name another folder than their image lies in."""
    if matches.refused:
        what = f"{_rows(matches.refused, 'names', 'name')} another folder than the only image of that name lies in;"
        what += " nothing was taken from there, as folders tell images apart in this table."
        remedy = "Write the folders into the table as they are in the source, or add the images of those folders."
        yield folded(Severity.WARNING, "other_folder", _where([row + first for row in matches.refused]), what, remedy)
    if matches.elsewhere:
        what = f"{_rows(matches.elsewhere, 'names', 'name')} another folder than their image lies in;"
        what += " they were matched by the name of the image alone."
        remedy = "See in the first images that class and patient are right; if not, correct the folders in the table."
        yield folded(Severity.WARNING, "other_folder", _where([row + first for row in matches.elsewhere]), what, remedy)


def _findings(
    image_of: Sequence[int], lost: Sequence[int], carried: _Carried, first: int, labels: bool
) -> Iterator[Finding]:
    """Rows are told by their number in a spreadsheet, never by what stands in them."""
    lost = [row + first for row in lost]
    if lost:
        what = f"{_rows(lost, 'names', 'name')} no image that is there."
        remedy = "Add the images if they matter; the rows change nothing otherwise."
        yield folded(Severity.NOTE, "row_without_image", _where(lost), what, remedy)
    unclear = [row for row, image in enumerate(image_of, first) if image == AMBIGUOUS]
    if unclear:
        what = f"{_rows(unclear, 'fits', 'fit')} several images of one name."
        remedy = "Write the folders of these images into the table, as they are in the source."
        yield folded(Severity.WARNING, "row_fits_several", _where(unclear), what, remedy)
    if carried.repeated:
        what = f"{_rows(carried.repeated, 'repeats', 'repeat')} an earlier one."
        where = _where([row + first for row in carried.repeated])
        yield folded(Severity.NOTE, "duplicate_row", where, what, "Nothing needs to be done.")
    if carried.torn:
        torn = [", ".join(f"{row + first:,}" for row in rows[:5]) for rows in carried.torn.values()]
        what = f"Rows of the table contradict one another about {images_in_words(len(torn))}"
        what += (
            f"; {'it' if len(torn) == 1 else 'they'} {were(len(torn))} left out."
            if labels
            else ", of which nothing was taken from the table."
        )
        remedy = "Correct the table so that each image is described once, or the same each time, and import again."
        yield folded(Severity.WARNING, "contradictory_row", [f"rows {rows}" for rows in torn], what, remedy)


def _rows(rows: Sequence[int], one: str, many: str) -> str:
    return f"1 row of the table {one}" if len(rows) == 1 else f"{len(rows):,} rows of the table {many}"


def _where(rows: Sequence[int]) -> list[str]:
    return [f"row {row:,}" for row in rows]
