"""The job that brings a data set in: nothing of it is left unless it is in as a whole."""

from __future__ import annotations

from pathlib import Path

from core.datasets import Shelf, import_practice, import_source, require_trainable
from core.errors import BadDataset, BadSetting, DataGone
from core.jobs.quiet import quiet_libraries
from core.jobs.sink import Superseded
from core.jobs.sources import labelling_of, source_of
from core.jobs.tidy import delete_source, remove_traces
from core.jobs.wordless import Wordless
from core.jobs.work import Work
from core.specs import DatasetCard, DatasetState


def run_import(work: Work) -> None:
    """Import the source that was kept for the job (none: draw the practice data), and `accept` it if so asked.

    Raises:
        LightboxError: the source cannot be used, the user stopped it, or it cannot be accepted as it is. Where the
            labels that somebody chose do not fit, the source stays, and they are to be chosen again.
    """
    dataset_id = work.job.subject_id
    folder = work.settings.dataset_dir(dataset_id)
    remove_traces(folder)  # of an attempt that died
    try:
        card = _bring_in(work, folder)
        state = DatasetState.REVIEW
        if work.job.payload.get("accept"):
            card, state = _accepted(folder, card), DatasetState.ACCEPTED
        with work.ending({"images": card.images}) as store:
            store.set_card(dataset_id, card)
            if not store.move_dataset(dataset_id, {DatasetState.IMPORTING}, state):
                raise DataGone("The data set was deleted while it was imported.", "Import it again if you need it.")
    except Superseded:
        raise  # what lies there belongs to another attempt
    except Exception as error:
        remove_traces(folder)
        if not _chooses_again(work, error):
            delete_source(work.settings, work.job)
        raise
    delete_source(work.settings, work.job)


def _chooses_again(work: Work, error: Exception) -> bool:
    """End the job and go back to the choice of labels, both or neither, if they were chosen and are what is wrong."""
    if not (isinstance(error, BadDataset | BadSetting) and work.job.payload.get("chosen")):
        return False
    work.sink.flush()
    work.pulse.close()
    with work.store.together():
        back = work.store.move_dataset(work.job.subject_id, {DatasetState.IMPORTING}, DatasetState.CHOOSING)
        if back and not work.store.fail(work.job.id, error, attempt=work.job.attempt):
            raise Superseded
    return back


def _bring_in(work: Work, folder: Path) -> DatasetCard:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = work.sink.progress, work.sink.should_stop
    source = source_of(work.settings, work.job)
    if source is None:
        return import_practice(folder, work.settings, *told)
    labelling = labelling_of(work.settings, work.job)
    with Wordless("worker.log in the home folder"), quiet_libraries():
        return import_source(source, folder, work.settings, *told, labelling)


def _accepted(folder: Path, card: DatasetCard) -> DatasetCard:
    """The card with the review's defaults; its findings stay in it for whoever looks."""
    require_trainable(card)
    return Shelf(folder).set_positive(1) if len(card.classes) == 2 else card
