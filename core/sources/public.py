"""Public data sets by name: the 2D sets of MedMNIST, from their published address, checked by their published MD5.

Addresses, MD5, counts and licences are those of the project's own list (medmnist/info.py of version 3, at
https://github.com/MedMNIST/MedMNIST; Zenodo record 10519652). ChestMNIST is left out: its images have several labels.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from core.errors import BadArchive, NoNetwork, NotFound, Stopped
from core.sources.disk import full_disk_in_words, require_room
from core.sources.progress import Report, ShouldStop
from core.specs import Progress

SOURCE = "https://medmnist.com"
ADDRESS = "https://zenodo.org/records/10519652/files/{file}?download=1"
SIDES_PX = (28, 64, 128, 224)
REACH_S = 1.5
_FIRST_RATE_S = 0.5  # a rate from less time than this jumps about
SILENT_S = 30.0  # a line that brings nothing for so long is cut

# name, images, channels, licence, and the MD5 at 28, 64, 128 and 224 px
_SETS = """
PathMNIST|107180|3|CC BY 4.0|a8b06965200029087d5bd730944a56c1|55aa9c1e0525abe5a6b9d8343a507616|ac42d08fb904d92c244187169d1fd1d9|2c51a510bcdc9cf8ddb2af93af1eadec
DermaMNIST|10015|3|CC BY-NC 4.0|0744692d530f8e62ec473284d019b0c7|b70a2f5635c6199aeaa28c31d7202e1f|2defd784463fa5243564e855ed717de1|8974907d8e169bef5f5b96bc506ae45d
OCTMNIST|109309|1|CC BY 4.0|c68d92d5b585d8d81f7112f81e2d0842|e229e9440236b774d9f0dfef9d07bdaf|0a97e76651ace45c5d943ee3f65b63ae|abc493b6d529d5de7569faaef2773ba3
PneumoniaMNIST|5856|1|CC BY 4.0|28209eda62fecd6e6a2d98b1501bb15f|8f4eceb4ccffa70c672198ea285246c6|05b46931834c231683c68f40c47b2971|d6a3c71de1b945ea11211b03746c1fe1
RetinaMNIST|1600|3|CC BY 4.0|bd4c0672f1bba3e3a89f0e4e876791e4|afda852cc34dcda56f86ad2b2457dbcc|e48e916a24454daf90583d4e6efb1a18|eae7e3b6f3fcbda4ae613ebdcbe35348
BreastMNIST|780|1|CC BY 4.0|750601b1f35ba3300ea97c75c52ff8f6|742edef2a1fd1524b2efff4bd7ba9364|363e4b3f8d712e9b5de15470a2aaadf1|b56378a6eefa9fed602bb16d192d4c8b
BloodMNIST|17092|3|CC BY 4.0|7053d0359d879ad8a5505303e11de1dc|2b94928a2ae4916078ca51e05b6b800b|adace1e0ed228fccda1f39692059dd4c|b718ff6835fcbdb22ba9eacccd7b2601
TissueMNIST|236386|1|CC BY 4.0|ebe78ee8b05294063de985d821c1c34b|123ece2eba09d0aa5d698fda57103344|61b955355d7425a89687b06cca3ce0c2|b077128c4a949f0a4eb01517f9037b9c
OrganAMNIST|58830|1|CC BY 4.0|68e3f8846a6bd62f0c9bf841c0d9eacc|2dcccc29b88e6da5a01161ef20cda288|eeae80d0a227a8d099027e1b3cfd3b60|50747347e05c87dd3aaf92c49f9f3170
OrganCMNIST|23583|1|CC BY 4.0|b9ceb9546e10131b32923c5bbeaea2b1|3ce34a8724ea6f548e6db4744d03b6a9|773c1f009daa3fe5d9a2a201b2a7ed94|050f5e875dc056f6768abf94ec9995d1
OrganSMNIST|25211|1|CC BY 4.0|9ab87b696fb54e2a387ebe992d6ed5f1|53a6d115339d874c25e309a994ff46d3|ded0c5fa01a95dc4978b956f613e9b8e|b354719e553fbbb2513d5533f52a4cb1
"""  # noqa: E501 - a table


@dataclass(frozen=True)
class PublicSet:
    """A data set that anybody may fetch.

    Attributes:
        key: what it is asked for by: "pneumoniamnist", "pneumoniamnist_64".
        title: what people call it: "PneumoniaMNIST, 28 px".
        images: how many there are.
        bytes: size of the file at most (its pixels, before they were compressed).
        licence: its licence, in short.
        source: the page that describes it.
        address: where the file is published.
        md5: its published checksum.
    """

    key: str
    title: str
    images: int
    bytes: int
    licence: str
    source: str
    address: str
    md5: str


@cache
def public_sets() -> tuple[PublicSet, ...]:
    """Every public data set that can be fetched by name, the smaller sides first."""
    rows = [line.split("|") for line in _SETS.split("\n") if line]
    return tuple(_set(row, place) for place in range(len(SIDES_PX)) for row in rows)


def public_set(key: str) -> PublicSet:
    """One of them; `NotFound` for a key that is none of theirs."""
    found = next((known for known in public_sets() if known.key == key.lower()), None)
    if found is None:
        names = ", ".join(known.key for known in public_sets()[: len(public_sets()) // len(SIDES_PX)])
        raise NotFound(f"There is no public data set {key!r}.", f"Choose one of {names}; with _64, _128 or _224.")
    return found


def require_network(address: str) -> None:
    """Raise within two seconds when the server of an address (or the proxy before it) does not answer.

    Raises:
        NoNetwork: it does not.
    """
    failed: list[Exception] = []

    def touch() -> None:
        try:
            _touch(address)
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=touch, name="network", daemon=True)  # looking up a name may take minutes
    thread.start()
    thread.join(REACH_S + 0.3)
    if failed or thread.is_alive():
        raise _unreachable(address) from (failed[0] if failed else None)


def fetch(public: PublicSet, folder: Path, report: Report, should_stop: ShouldStop) -> Path:
    """Download a public data set and check it; the file, the only thing in `folder`.

    Args:
        folder: where it will lie; what was there is removed. After an error or a stop it is gone.
        report: receives the progress in bytes.
        should_stop: asked at every piece.

    Raises:
        NoNetwork: the address cannot be reached, refuses, or the line was cut.
        BadArchive: what came is not the published file.
        DiskFull: no room for it.
        Stopped: `should_stop` said so.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        with full_disk_in_words():
            return _retrieve(public, folder, _Bar(public, folder, report, should_stop))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _retrieve(public: PublicSet, folder: Path, bar: _Bar) -> Path:
    import pooch  # with requests half a second, which only a download needs
    import requests

    pooch.get_logger().setLevel("WARNING")
    name = urlsplit(public.address).path.rpartition("/")[2]
    downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=2**18, timeout=SILENT_S)
    try:
        return Path(pooch.retrieve(public.address, f"md5:{public.md5}", name, folder, downloader=downloader))
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "an error"
        raise NoNetwork(
            f"The server of {public.title} answers with {status}.", "Try again later, or download the file elsewhere."
        ) from error
    except requests.RequestException as error:
        raise _unreachable(public.address) from error
    except ValueError as error:  # how pooch says that the checksum differs
        raise BadArchive(
            f"What came is not the published file of {public.title}: its checksum differs.",
            "Try again later; if it stays so, download the file from the page of the set and look what it is.",
        ) from error


class _Bar:
    """A progress bar as pooch expects it, which tells the job; the first piece says how large the file is."""

    total: int = 0

    def __init__(self, public: PublicSet, folder: Path, report: Report, should_stop: ShouldStop) -> None:
        self._public, self._folder, self._report, self._should_stop = public, folder, report, should_stop
        self._done, self._asked_for_room = 0, False
        self._began = time.monotonic()
        self._report(Progress(stage=f"Fetching {public.title}"))

    def update(self, count: int) -> None:
        """So many bytes more have come (the last piece is counted as full)."""
        if self._should_stop():
            raise Stopped("The download was stopped.", "Start it again whenever you like.")
        if not self._asked_for_room:
            require_room(self._folder, self.total)
            self._asked_for_room = True
        self._done = min(self._done + count, self.total or self._done + count)
        seconds = time.monotonic() - self._began
        rate = self._done / seconds if seconds > _FIRST_RATE_S else None
        left = (self.total - self._done) / rate if rate and self.total else None
        megabytes = {"done": self._done / 1e6, "total": self.total / 1e6 or None, "rate": rate / 1e6 if rate else None}
        self._report(Progress(stage=f"Fetching {self._public.title}", unit="MB", left_s=left, **megabytes))

    def reset(self) -> None:
        """The download is over and is counted once more as a whole."""
        self._done = 0

    def close(self) -> None:
        """Nothing to let go of."""


def _touch(address: str) -> None:
    """Open a connection to where a download of this address would connect to, and close it."""
    parts = urlsplit(address)
    proxies = {} if proxy_bypass(parts.hostname or "") else getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    place = urlsplit(proxy if "//" in proxy else f"//{proxy}") if proxy else parts
    port = place.port or (443 if (place.scheme or parts.scheme) == "https" else 80)
    socket.create_connection((place.hostname or "", port), timeout=REACH_S).close()


def _unreachable(address: str) -> NoNetwork:
    return NoNetwork(
        f"{urlsplit(address).hostname} cannot be reached from the server, or the line was cut.",
        "Connect the server to the network and try again; or download the file elsewhere and upload it.",
    )


def _set(row: list[str], place: int) -> PublicSet:
    name, images, channels, licence, *md5 = row
    side_px = SIDES_PX[place]
    key = name.lower() + (f"_{side_px}" if place else "")
    return PublicSet(
        key=key,
        title=f"{name}, {side_px} px",
        images=int(images),
        bytes=int(images) * (side_px**2 * int(channels) + 1),
        licence=licence,
        source=SOURCE,
        address=ADDRESS.format(file=f"{key}.npz"),
        md5=md5[place],
    )
