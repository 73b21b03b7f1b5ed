"""Whether the content of a source is here already, told without reading its images."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from core.settings import Settings
from core.sources.sources import open_source
from core.store import Store


def same_content(settings: Settings, store: Store, path: Path) -> str:
    """The id of the newest data set that was imported from the same content; empty where there is none.

    Args:
        path: a file or folder that `open_source` can open; raises as it does.
    """
    with closing(open_source(path, settings)) as source:
        fingerprint = source.fingerprint()
    for row in store.datasets():
        if row.parent_id is None and row.card is not None and row.card.source_digest == fingerprint != "":
            return row.id
    return ""
