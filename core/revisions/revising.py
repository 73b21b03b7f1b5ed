"""A revision: a data set with changes made to it, each told in its card; the one before stays whole.

A data set in review is changed where it lies, and can be taken back step by step. Of an accepted one a new data set
is made, which shares the files of the images by hard links.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.datasets.describing import described
from core.datasets.shelf import Shelf
from core.datasets.together import CARD, ITEMS, ORIGINALS, Guard, built_beside, link_or_copy, replace_both, write_both
from core.errors import BadDataset, DataGone, WrongState
from core.revisions import draft as simple
from core.revisions.draft import Changed, Draft
from core.revisions.merging import merge
from core.revisions.named_patients import patients_from_names
from core.revisions.redrawing import redraw
from core.revisions.sampling import sample
from core.revisions.settling import settle_copies
from core.settings import Settings
from core.sources.disk import full_disk_in_words
from core.sources.progress import Report, ShouldStop, Ticker
from core.specs import (
    Change,
    DatasetCard,
    DrawSplit,
    Edit,
    Edits,
    Exclude,
    Merge,
    PatientsFromNames,
    Place,
    Relabel,
    RenameClass,
    Sample,
    SettleCopies,
    Split,
)

if TYPE_CHECKING:
    import pandas as pd

HISTORY = "history"
_OF_PATIENTS = ("patient_name", "patients_hashed")
_CARRIED = ("source", "synthetic", "unreadable", "dropped_tags", "names_kept", "slice_axis", *_OF_PATIENTS)

_DO: dict[type[Edit], Callable[[Draft, Any], Changed]] = {
    Exclude: simple.exclude,
    Relabel: simple.relabel,
    RenameClass: simple.rename_class,
    Place: simple.place,
    SettleCopies: settle_copies,
    Sample: sample,
    DrawSplit: redraw,
}


def revise(
    shelf: Shelf,
    edits: Edits,
    folder: Path,
    settings: Settings,
    report: Report,
    should_stop: ShouldStop,
    other: Callable[[str], Shelf],
    *,
    guard: Guard = nullcontext,
) -> DatasetCard:
    """Make a revision of a data set; the shelf that was given is to be opened anew after a revision in place.

    Args:
        edits: made in order; they speak of images by their numbers on this shelf.
        folder: that of the shelf: it is changed in place, and the table and card before are kept for `undo`; another:
            the revision is built there, and no file of the shelf changes.
        settings: the home, for what needs its secret.
        report: receives the progress.
        should_stop: asked before every image that is linked.
        other: opens the shelf of another data set, for a merge.
        guard: as in `replace_both`; in place only.

    Returns:
        The card of the revision.

    Raises:
        BadSetting, NotFound: an edit that cannot be made.
        BadDataset: what would remain cannot be trained on.
        DataGone: an image's file was deleted.
        DiskFull, Stopped: nothing was changed.
    """
    draft, change = _changed(shelf, edits, settings, other)
    _require_images(draft)
    in_place = folder == shelf.folder
    card, items = _card(draft, change, shelf.card.parent if in_place else shelf.folder.name)
    _require_whole(card, shelf.card)
    files = [] if in_place and len(draft.folders) == 1 else list(dict.fromkeys(items["file"]))
    ticker = Ticker(report, should_stop, "Linking images", len(files), "files")
    ticker.check()
    with full_disk_in_words():
        if not in_place:
            with built_beside(folder) as part:
                _link(files, draft.folders, part / ORIGINALS, ticker)
                write_both(part, items, card)
            return card
        _link(files, draft.folders[1:], folder / ORIGINALS, ticker)
        _keep(folder, shelf.card.revision)
        replace_both(folder, items, card, guard)
    return card


def undo(shelf: Shelf, *, guard: Guard = nullcontext) -> DatasetCard:
    """Take the last revision in place back; a split that was drawn since is drawn again for what comes back.

    Raises:
        WrongState: there is nothing to take back.
    """
    before = shelf.folder / HISTORY / str(shelf.card.revision - 1)
    if not before.is_dir():
        raise WrongState(
            "There is no change to take back in this data set.",
            "To leave a revision of an accepted data set, go back to the one that it was made from.",
        )
    past = Shelf(before)
    replace_both(shelf.folder, past.items, past.card, guard)
    shutil.rmtree(before, ignore_errors=True)
    if shelf.card.split == past.card.split:
        return past.card
    return Shelf(shelf.folder).resplit(shelf.card.split, guard)


def can_undo(shelf: Shelf) -> bool:
    """Whether there is a revision to take back."""
    return (shelf.folder / HISTORY / str(shelf.card.revision - 1)).is_dir()


def forget_past(shelf: Shelf) -> None:
    """Delete the revisions before, and the files of images that were left out; for a data set that is accepted."""
    shutil.rmtree(shelf.folder / HISTORY, ignore_errors=True)
    kept = set(shelf.items["file"])
    for path in (shelf.folder / ORIGINALS).glob("*/*"):
        if f"{path.parent.name}/{path.name}" not in kept:
            path.unlink(missing_ok=True)


def _changed(shelf: Shelf, edits: Edits, settings: Settings, other: Callable[[str], Shelf]) -> tuple[Draft, Change]:
    """The draft after all edits, and what they did in words."""
    card = shelf.card
    positive = None if card.positive_class is None else card.classes[card.positive_class]
    draft = Draft(shelf.items, card.classes, positive, card, (shelf.folder,), len(shelf.items))
    told: list[str] = []
    images = 0
    for edit in edits.edits:
        changed = _after(draft, edit, settings, other)
        draft = changed.draft
        if draft.items.empty:
            raise BadDataset("After this change no image would be left.", "Leave out fewer, or delete the data set.")
        told.append(changed.what)
        images += changed.images
    change = Change(revision=card.revision + 1, what=" ".join(told), images=images, at=time.time())
    return draft, change


def _after(draft: Draft, edit: Edit, settings: Settings, other: Callable[[str], Shelf]) -> Changed:
    if isinstance(edit, Merge):
        return merge(draft, edit, other, settings)
    if isinstance(edit, PatientsFromNames):
        return patients_from_names(draft, edit, settings)
    return _DO[type(edit)](draft, edit)


def _card(draft: Draft, change: Change, parent: str) -> tuple[DatasetCard, pd.DataFrame]:
    """The card of the revision, all findings anew, and its table; images keep their split.

    Folds are drawn anew: one that stayed would not fit those that are drawn later from the images as they are now.
    """
    card, kept = draft.card, draft.items["placed"].to_numpy()
    folded = card.split.folds > 1
    two = len(draft.classes) == 2 and draft.positive in draft.classes
    told = {name: getattr(card, name) for name in _CARRIED}
    fresh, items = described(
        draft.items if folded else draft.items.assign(placed=draft.items["split"]),
        draft.classes,
        split=card.split if folded else card.split.model_copy(update={"by": "image"}),
        findings=card.findings,
        near=len(draft.folders) > 1,
        positive_class=draft.classes.index(draft.positive or "") if two else None,
        parent=parent,
        revision=change.revision,
        changes=(*card.changes, change),
        **told,
    )
    return fresh.model_copy(update={"split": card.split}), items.assign(placed=kept)


def _require_images(draft: Draft) -> None:
    """Refuse a class without images, and a single class."""
    present = set(draft.items["class_index"])
    empty = [name for index, name in enumerate(draft.classes) if index not in present]
    if empty:
        raise BadDataset(
            f"After this change the class {empty[0]!r} would have no image.",
            "Leave it at least one image; to put it together with another class, give it that one's name.",
        )
    if len(draft.classes) < 2:
        raise BadDataset(
            f"After this change all images would be of the class {draft.classes[0]!r}.",
            "Keep at least two classes: with one there is nothing to tell apart.",
        )


def _require_whole(card: DatasetCard, before: DatasetCard) -> None:
    """Refuse a change that takes from a class its last training image, or from a split its last image.

    A new class may lack them: its review says so, and another split gives them to it.
    """
    had = {name for name, counts in zip(before.classes, before.counts, strict=True) if counts.get(Split.TRAIN)}
    for name, counts in zip(card.classes, card.counts, strict=True):
        if name in had and not counts.get(Split.TRAIN):
            raise BadDataset(
                f"After this change the class {name!r} would have no image in the training split.",
                "Leave some of its training images, or draw another split first.",
            )
    for split in Split:
        if before.count(split) and not card.count(split):
            raise BadDataset(
                f"After this change the {split.label.lower()} split would have no image.",
                "Leave some of its images, or draw another split first.",
            )


def _link(files: list[str], folders: tuple[Path, ...], target: Path, ticker: Ticker) -> None:
    """Give the files a second name below `target`, from whichever folder has them; those that are there stay."""
    target.mkdir(parents=True, exist_ok=True)
    for directory in {file.partition("/")[0] for file in files}:
        (target / directory).mkdir(exist_ok=True)
    for file in files:
        ticker.step()
        if (target / file).exists():
            continue
        source = next((folder / ORIGINALS / file for folder in folders if (folder / ORIGINALS / file).exists()), None)
        if source is None:
            raise DataGone("The file of an image was deleted.", "Import the data again.")
        link_or_copy(source, target / file)


def _keep(folder: Path, revision: int) -> None:
    """Keep the table and the card as they are now, for `undo`."""
    past = folder / HISTORY / str(revision)
    shutil.rmtree(past, ignore_errors=True)  # of a change that never came about
    past.parent.mkdir(exist_ok=True)
    with built_beside(past) as part:
        for name in (ITEMS, CARD):
            link_or_copy(folder / name, part / name)
