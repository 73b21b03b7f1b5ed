"""The life of the server: says where it can be reached, and keeps a worker alive while it runs."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from streamlit import config

from core import actions
from core.errors import LightboxError
from pages.http import place

LOOK_EVERY_S = 5.0
FIRST_LOOK_S = 2.0
_log = logging.getLogger("lightbox")


@asynccontextmanager
async def alive(_app: object) -> AsyncIterator[dict[str, object]]:
    """Run beside the server from its start to its end."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(ended,), name="lightbox-worker-keeper", daemon=True)
    keeper.start()
    print("\n  Lightbox is ready: " + "\n  in the network:    ".join(links()) + "\n", flush=True)
    try:
        yield {}
    finally:
        ended.set()


def links() -> list[str]:
    """The addresses that open this Lightbox, with its access key where it asks for one.

    One that listens on every address is open on this machine (in a container: on its host) and in the network.
    """
    host, port = config.get_option("server.address"), config.get_option("server.port")
    every = host in (None, "", "0.0.0.0", "::")  # noqa: S104 - recognised here, never bound
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    key = place.home().settings.access_key
    ending = f"?key={quote(key, safe='')}" if key else ""
    names = ["127.0.0.1", *_in_network()] if every else [host]
    return [f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}/{ending}" for name in names]


def _in_network() -> list[str]:
    """The address by which others reach this machine; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # set aside for documentation (RFC 5737): only the route is looked up
        except OSError:
            return []
        return [probe.getsockname()[0]]


def _keep_worker(ended: threading.Event) -> None:
    """Look for a worker every few seconds, so that it warms up while the first page is read.

    Not before that page is there: loading TensorFlow takes every core of a small machine for seconds.
    """
    said = ""
    ended.wait(FIRST_LOOK_S)
    while not ended.is_set():
        try:
            actions.ensure_worker(place.home())
            said = ""
        except LightboxError as error:
            if str(error) != said:
                _log.error("%s", error)
            said = str(error)
        ended.wait(LOOK_EVERY_S)
