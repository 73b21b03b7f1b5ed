"""The one gate in front of everything: pages, websocket, Streamlit's own uploads and media, and our routes.

Without an access key only this machine may ask: the address must be loopback, and so must the `Host` that the browser
was sent to (else a page from elsewhere could point its own name at 127.0.0.1 and read everything). With an access key
every request must have shown it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from core import actions
from core.errors import LightboxError
from pages.http import place
from pages.http.answers import refusal
from pages.http.headers import with_headers
from pages.http.keys import SHORTEST_KEY, judge_key


class Gate:
    """ASGI middleware: lets a request through, or answers it with two sentences and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request or websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            answer = await _judge(scope)
        except LightboxError as error:  # the home cannot be opened: nobody can be let in
            answer = refusal(scope, 503, error.what, error.remedy)
        if answer is None:
            await self._app(scope, receive, with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "not authorised"})
        else:
            await answer(scope, receive, with_headers(send))


def refuse_open_house() -> None:
    """End the program, in words, when it would listen to the network without an access key."""
    try:
        key = place.home().settings.access_key
    except LightboxError as error:
        raise SystemExit(str(error)) from error
    address = config.get_option("server.address")
    if not actions.is_loopback(address) and len(key) < SHORTEST_KEY:
        raise SystemExit(
            f"Lightbox will not listen on {address or 'every address'} without an access key of at least "
            f"{SHORTEST_KEY} characters. Set LIGHTBOX_ACCESS_KEY, or use `make run HOST=...`, which makes one."
        )


async def _judge(scope: Scope) -> Response | None:
    """None to let it through, otherwise the answer."""
    headers = Headers(scope=scope)
    if _from_another_site(scope, headers):
        return refusal(scope, 403, "This request comes from another site.", "Open Lightbox by its own address.")
    key = place.home().settings.access_key
    if key:
        return await judge_key(scope, headers, key)
    if actions.is_loopback((scope.get("server") or ("",))[0]) and actions.is_loopback(
        _host_name(headers.get("host", ""))
    ):
        return None
    return refusal(
        scope,
        403,
        "Without an access key Lightbox answers on this machine only, at 127.0.0.1 or localhost.",
        "Open it there, or set LIGHTBOX_ACCESS_KEY and start it again.",
    )


def _from_another_site(scope: Scope, headers: Headers) -> bool:
    """Whether a page of another origin sends something or opens a websocket; a program sends no origin at all."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
