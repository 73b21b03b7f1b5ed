"""Public data sets by name, fetched from where they are published."""

from __future__ import annotations

from dataclasses import dataclass

from core.actions.home import Home
from core.errors import NotHandledYet


@dataclass(frozen=True)
class PublicSet:
    """A data set that anybody may fetch.

    Attributes:
        key: what it is asked for by: "pneumoniamnist", "pneumoniamnist_64".
        title: what people call it: "PneumoniaMNIST, 28 px".
        images: how many there are.
        bytes: size of the file; None where it is not published.
        licence: its licence, in short.
        source: the page that describes it.
    """

    key: str
    title: str
    images: int
    bytes: int | None
    licence: str
    source: str


def public_sets() -> tuple[PublicSet, ...]:
    """Every public data set that can be fetched by name."""
    return ()


def fetch_public_set(home: Home, key: str) -> str:
    """Queue the download of a public data set, and its import; the new data set's id.

    Raises:
        NotFound: there is no set of this key.
        NoNetwork: the published address cannot be reached, or the settings forbid it; nothing was begun.
    """
    raise NotHandledYet("Public data sets are not there yet.", "Download one, and upload its file.")
