"""The life of the server: says where it can be reached, and keeps a worker alive while it runs."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from streamlit import config

from core import actions
from core.errors import LightboxError
from pages.http import place

LOOK_EVERY_S = 5.0
_log = logging.getLogger("lightbox")


@asynccontextmanager
async def alive(_app: object) -> AsyncIterator[dict[str, object]]:
    """Run beside the server from its start to its end."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(ended,), name="lightbox-worker-keeper", daemon=True)
    keeper.start()
    print(f"\n  Lightbox is ready: {address()}\n", flush=True)
    try:
        yield {}
    finally:
        ended.set()


def address() -> str:
    """The link that opens this Lightbox, with its access key where it asks for one."""
    host, port = config.get_option("server.address"), config.get_option("server.port")
    if host in (None, "", "0.0.0.0", "::"):  # noqa: S104 - recognised here, never bound
        host = socket.gethostname()
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    key = place.home().settings.access_key
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/" + (f"?key={key}" if key else "")


def _keep_worker(ended: threading.Event) -> None:
    """Look for a worker at once, so that it warms up while the first page is read, and every few seconds after."""
    said = ""
    while not ended.is_set():
        try:
            actions.ensure_worker(place.home())
            said = ""
        except LightboxError as error:
            if str(error) != said:
                _log.error("%s", error)
            said = str(error)
        ended.wait(LOOK_EVERY_S)
