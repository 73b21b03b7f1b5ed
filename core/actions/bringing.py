"""Bring images in by steps: look into the source, choose where the labels are written, import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from core.actions.data_sets import job_of
from core.actions.home import Home
from core.actions.naming import named
from core.actions.server_folders import allowed_path
from core.errors import BadDataset, DataGone, NotFound, WrongState
from core.jobs import same
from core.jobs.sources import CHOSEN, KEPT, keep_labelling, keep_source
from core.specs import DatasetState, JobKind, Labelling, LabellingPreview, Severity, SourceLook, Task
from core.store import new_id


def bring_in(home: Home, path: Path, name: str, *, delete_source: bool = False) -> str:
    """Queue a look into a zip, an NPZ or a folder; where the look leaves no question the import follows by itself.

    Args:
        path: the file or the folder on the server.
        name: what the data set is called.
        delete_source: delete the source once the import is over (uploads, baskets).

    Returns:
        The new data set's id; its state is LOOKING, then CHOOSING or IMPORTING.

    Raises:
        NotFound: there is nothing at this path.
    """
    return _bring_in(home, path, name, ours=delete_source)


def _bring_in(home: Home, path: Path, name: str, *, ours: bool = False, bounded: bool = False) -> str:
    _require_there(path)
    dataset_id = new_id("ds")
    keep_source(home.settings, dataset_id, path, ours=ours, bounded=bounded)
    with home.store.together():
        home.store.add_dataset(dataset_id, named(name), Task.CLASSIFICATION, DatasetState.LOOKING)
        home.store.submit(new_id("lok"), JobKind.LOOK, dataset_id, dict(KEPT))
    return dataset_id


def bring_in_from_server(home: Home, path: Path, name: str) -> str:
    """As `bring_in`, for a visitor who names a path on the server: it must lie in one of the roots of the settings.

    Raises:
        AccessDenied: it does not, be it by `..` or by a link.
        NotFound: there is nothing at this path.
    """
    return _bring_in(home, allowed_path(home, path), name, bounded=True)


@contextmanager
def looked_at(home: Home, path: Path) -> Iterator[tuple[SourceLook, Callable[[Labelling], LabellingPreview]]]:
    """Look into a source without bringing it in (the command line); nothing of it stays.

    Yields:
        What is in it, and a function that says what a labelling would give.

    Raises:
        NotFound: there is nothing at this path.
        LightboxError: it cannot be used.
    """
    from core.sources.looking import look_into  # reads tables and headers: not for the pages' process
    from core.sources.previewing import preview

    _require_there(path)
    looks = home.settings.home / "looks"
    looks.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="looked.", dir=looks) as folder:
        found = look_into(path, Path(folder), home.settings, lambda progress: None, lambda: False)
        yield (
            found.model_copy(update={"same_as": same_content(home, path)}),
            lambda labelling: preview(Path(folder), labelling),
        )


def look(home: Home, dataset_id: str) -> SourceLook:
    """What was found in the source of a data set whose labels are being chosen.

    Raises:
        WrongState: it is not (any more) waiting for that choice.
    """
    _hold_choosing(home, dataset_id)
    from core.sources.labels.look_folder import read_look

    return read_look(home.settings.look_dir(dataset_id))


def preview_labelling(home: Home, dataset_id: str, labelling: Labelling) -> LabellingPreview:
    """What a labelling would give: the first images with their class, split and patient, counts, and findings.

    Raises:
        WrongState: the data set is not (any more) waiting for that choice.
    """
    _hold_choosing(home, dataset_id)
    from core.sources.previewing import preview

    return preview(home.settings.look_dir(dataset_id), labelling)


def begin_import(home: Home, dataset_id: str, labelling: Labelling) -> None:
    """Import a source that was looked into, with its labels read as chosen; if they do not fit, they are chosen anew.

    Raises:
        WrongState: the data set is not (any more) waiting for that choice.
        BadDataset, BadSetting: nothing could be learned with these labels; the choice stays open.
    """
    for finding in preview_labelling(home, dataset_id, labelling).findings:
        if finding.severity is Severity.ERROR:
            raise BadDataset(finding.what, finding.remedy)
    keep_labelling(home.settings, dataset_id, labelling)
    with home.store.together():
        if not home.store.move_dataset(dataset_id, {DatasetState.CHOOSING}, DatasetState.IMPORTING):
            _hold_choosing(home, dataset_id)
        home.store.submit(new_id("imp"), JobKind.IMPORT, dataset_id, dict(CHOSEN))


def same_content(home: Home, path: Path) -> str:
    """The id of the newest data set with the same content as a file or folder on the server; empty: there is none."""
    return same.same_content(home.settings, home.store, path)


def _require_there(path: Path) -> None:
    if not path.exists():
        raise NotFound(f"There is no {path.name!r} on the server.", "Check the path, or upload the file again.")


def _hold_choosing(home: Home, dataset_id: str) -> None:
    row = home.store.dataset(dataset_id)
    if row.state is DatasetState.CHOOSING:
        return
    job = job_of(home, dataset_id)
    if row.state is DatasetState.FAILED and job is not None:
        raise job.error
    if row.state is DatasetState.FAILED:
        raise DataGone(f"{row.name} could not be brought in.", "Bring it in again.")
    raise WrongState(
        f"{row.name} is {row.state.value}, and no labels are being chosen for it.", "Look at it on the Data page."
    )
