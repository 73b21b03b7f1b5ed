"""The job that makes a revision of a data set: in place while it is in review, beside it once it was accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.datasets import Shelf
from core.errors import DataGone, WrongState
from core.jobs.sink import Superseded
from core.jobs.tidy import remove_traces
from core.jobs.work import Work
from core.revisions.revising import revise
from core.sources.progress import Report, ShouldStop
from core.specs import DatasetCard, DatasetState, Edits


def run_revise(work: Work) -> None:
    """Make the revision that the job's payload asks for.

    The payload holds `edits`, and in `parent` the id of the accepted data set that the job's subject (a row that
    waits as IMPORTING) is to become a revision of; None: the subject itself is in review and is changed in place.

    Raises:
        LightboxError: an edit that cannot be made, or the user stopped it; nothing was changed.
    """
    edits = Edits.model_validate(work.job.payload["edits"])
    parent = work.job.payload.get("parent")
    if parent is None:
        _in_place(work, edits)
    else:
        _beside(work, edits, str(parent))


def _in_place(work: Work, edits: Edits) -> None:
    dataset_id = work.job.subject_id
    shelf = Shelf(work.settings.dataset_dir(dataset_id))
    known = work.store.dataset(dataset_id).card
    if known is not None and known.revision == shelf.card.revision - 1:
        card = shelf.card  # an attempt that died has changed the files and not lived to say so
        with work.ending({"images": card.images, "revision": card.revision}) as store:
            store.set_card(dataset_id, card)
        return

    @contextmanager
    def ended(card: DatasetCard) -> Iterator[None]:
        """The job's end and the new card are in the store if, and only if, the files changed."""
        with work.ending({"images": card.images, "revision": card.revision}) as store:
            if not store.beat(work.job.id, attempt=work.job.attempt):
                raise Superseded
            if not store.move_dataset(dataset_id, {DatasetState.REVIEW}, DatasetState.REVIEW):
                raise WrongState("This data set is not in review any more.", "Make a revision of it instead.")
            store.set_card(dataset_id, card)
            yield

    revise(shelf, edits, shelf.folder, work.settings, *_told(work), _opener(work), guard=ended)


def _beside(work: Work, edits: Edits, parent: str) -> None:
    dataset_id = work.job.subject_id
    folder = work.settings.dataset_dir(dataset_id)
    remove_traces(folder)  # of an attempt that died
    try:
        shelf = Shelf(work.settings.dataset_dir(parent))
        card = revise(shelf, edits, folder, work.settings, *_told(work), _opener(work))
        with work.ending({"images": card.images, "revision": card.revision}) as store:
            store.set_card(dataset_id, card)
            if not store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.REVIEW):
                raise DataGone("The revision was deleted while it was made.", "Make it again if you need it.")
    except Superseded:
        raise  # what lies there belongs to another attempt
    except Exception:
        remove_traces(folder)
        raise


def _told(work: Work) -> tuple[Report, ShouldStop]:
    return work.sink.progress, work.sink.should_stop


def _opener(work: Work) -> Callable[[str], Shelf]:
    return lambda dataset_id: Shelf(work.settings.dataset_dir(dataset_id))
