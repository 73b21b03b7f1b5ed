"""The job that looks into a source: what is in it, how it would be read, and whether it was here before."""

from __future__ import annotations

from core.errors import DataGone
from core.jobs.quiet import quiet_libraries
from core.jobs.same import same_content
from core.jobs.sink import Superseded
from core.jobs.sources import KEPT, keep_labelling, source_of
from core.jobs.tidy import delete_source
from core.jobs.wordless import Wordless
from core.jobs.work import Work
from core.sources.labels.look_folder import write_look
from core.sources.looking import look_into
from core.specs import DatasetState, JobKind, SourceLook
from core.store import new_id


def run_look(work: Work) -> None:
    """Look into the source that was kept for the job; where no question is left, the import is queued at once.

    Raises:
        LightboxError: the source cannot be used, or the user stopped it.
    """
    dataset_id = work.job.subject_id
    try:
        look = _looked(work)
        keep_labelling(work.settings, dataset_id, look.proposal)
        state = DatasetState.CHOOSING if look.ask else DatasetState.IMPORTING
        with work.ending({"images": look.images}) as store:
            if not store.move_dataset(dataset_id, {DatasetState.LOOKING}, state):
                raise DataGone("The data set was deleted meanwhile.", "Bring it in again if you need it.")
            if not look.ask:
                store.submit(new_id("imp"), JobKind.IMPORT, dataset_id, dict(KEPT))
    except Superseded:
        raise  # what lies there belongs to another attempt
    except Exception:
        delete_source(work.settings, work.job)
        raise


def _looked(work: Work) -> SourceLook:
    """The look, asking in any case where a data set with the same content is there."""
    path = source_of(work.settings, work.job)
    if path is None:
        raise DataGone("There is nothing to look into.", "Bring the data in again.")
    folder = work.settings.look_dir(work.job.subject_id)
    with Wordless("worker.log in the home folder"), quiet_libraries():
        look = look_into(path, folder, work.settings, work.sink.progress, work.sink.should_stop)
    if same := same_content(work.settings, work.store, path):
        look = look.model_copy(update={"same_as": same, "ask": True})
        write_look(folder, look)
    return look
