"""Public data sets by name, fetched from where they are published."""

from __future__ import annotations

from core.actions.home import Home
from core.errors import NoNetwork
from core.sources.public import PublicSet, public_set, public_sets, require_network
from core.specs import DatasetState, JobKind, Task
from core.store import new_id

__all__ = ["PublicSet", "fetch_public_set", "public_sets"]


def fetch_public_set(home: Home, key: str) -> str:
    """Queue the download of a public data set, and its import; the new data set's id.

    Raises:
        NotFound: there is no set of this key.
        NoNetwork: the published address cannot be reached, or the settings forbid it; nothing was begun.
    """
    public = public_set(key)
    if not home.settings.network:
        raise NoNetwork(
            "The settings of this server forbid it to fetch public data sets (LIGHTBOX_NETWORK).",
            f"Download {public.title} elsewhere and upload the file.",
        )
    require_network(public.address)
    dataset_id = new_id("ds")
    with home.store.together():
        home.store.add_dataset(dataset_id, public.title, Task.CLASSIFICATION, DatasetState.LOOKING)
        home.store.submit(new_id("fet"), JobKind.FETCH, dataset_id, {"key": public.key})
    return dataset_id
