"""Where the source of an import lies and how it is to be read: kept beside its look, never in the store.

A path, a file's name or a table's column may name a patient. So the store knows only that there is a source; what it
is called lies in the home's folder of looks until the import is over.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataGone
from core.files import write_file
from core.settings import Settings
from core.sources.class_names import forget_names
from core.sources.server_paths import allowed
from core.specs import Labelling
from core.store import JobRow

KEPT = {"source": "kept"}
"""The payload of a job whose source `keep_source` has written down; `{"source": None}` asks for practice data."""

CHOSEN = KEPT | {"chosen": True}
"""As `KEPT`, where somebody has chosen how the labels are read and can choose again if they do not fit."""


@dataclass(frozen=True)
class Kept:
    """A source on the server.

    Attributes:
        path: where it lies.
        ours: whether it is Lightbox's own to delete (an upload), or was only named.
        bounded: whether a visitor named it, who may name nothing outside the import roots.
    """

    path: Path
    ours: bool
    bounded: bool = False


def keep_source(settings: Settings, dataset_id: str, path: Path, *, ours: bool, bounded: bool = False) -> None:
    """Write down where the source of a data set lies; see `Kept`."""
    kept = {"path": str(path.absolute()), "ours": ours, "bounded": bounded}
    _write(settings, dataset_id, "source", json.dumps(kept))


def keep_labelling(settings: Settings, dataset_id: str, labelling: Labelling) -> None:
    """Write down how the source of a data set is to be read."""
    _write(settings, dataset_id, "labelling", labelling.model_dump_json())


def kept_source(settings: Settings, dataset_id: str) -> Kept | None:
    """What `keep_source` has written down; None where there is nothing (any more)."""
    try:
        found = json.loads(_place(settings, dataset_id, "source").read_bytes())
    except FileNotFoundError:
        return None
    return Kept(Path(found["path"]), bool(found["ours"]), bool(found.get("bounded")))


def source_of(settings: Settings, job: JobRow) -> Path | None:
    """The source that a job is to bring in; None: the practice data.

    Raises:
        DataGone: it is not on the server any more.
        AccessDenied: it lies outside the import roots by now, and a visitor named it.
    """
    source = job.payload.get("source")
    if source is None:
        return None
    kept = kept_source(settings, job.subject_id)
    path = kept.path if kept is not None else Path(source)
    if (source == KEPT["source"] and kept is None) or not path.exists():
        raise DataGone("What was to be imported is not on the server any more.", "Upload it again.")
    if kept is None or kept.ours:
        return path
    return allowed(path, settings) if kept.bounded else path.resolve()


def labelling_of(settings: Settings, job: JobRow) -> Labelling:
    """How the source of a job is to be read; by class folders where nobody said anything else."""
    try:
        return Labelling.model_validate_json(_place(settings, job.subject_id, "labelling").read_bytes())
    except FileNotFoundError:
        return Labelling()


def fetching_dir(settings: Settings, dataset_id: str) -> Path:
    """Where a public data set lies while it is fetched."""
    return settings.uploads_dir / f"{settings.look_dir(dataset_id).name}.fetching"


def fetched_file(settings: Settings, dataset_id: str) -> Path:
    """Where a public data set lies once it was fetched, until it is in."""
    return fetching_dir(settings, dataset_id).with_suffix(".npz")


def forget_source(settings: Settings, dataset_id: str) -> None:
    """Delete the look into a source, the notes on it, and the source itself where it is this home's own."""
    kept = kept_source(settings, dataset_id)
    if kept is not None and kept.ours:
        delete_upload(kept.path)
    look = settings.look_dir(dataset_id)
    notes = look.parent.glob(f"{look.name}.*")
    fetched = fetched_file(settings, dataset_id)
    forget_names(fetched)
    for path in (look, *notes, fetching_dir(settings, dataset_id), fetched):
        delete_upload(path)


def delete_upload(path: Path) -> None:
    """Delete a file or a folder, whichever it is; one that is gone already is no error."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _write(settings: Settings, dataset_id: str, what: str, content: str) -> None:
    place = _place(settings, dataset_id, what)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(place, content)


def _place(settings: Settings, dataset_id: str, what: str) -> Path:
    look = settings.look_dir(dataset_id)
    return look.with_name(f"{look.name}.{what}.json")
