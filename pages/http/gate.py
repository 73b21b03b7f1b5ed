"""The one gate in front of everything: pages, websocket, Streamlit's own uploads and media, and our routes.

Without an access key only this machine may ask: the address must be loopback, and so must the `Host` that the browser
was sent to (else a page from elsewhere could rebind its name to 127.0.0.1 and read everything). With an access key
every request must bring it, as the cookie that `?key=` was exchanged for, or as a bearer token from a program.
The login of named users will take the place of `_has_key`; nothing else has to change.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from core.errors import LightboxError
from pages.http import place, tokens
from pages.http.answers import refusal

WRONG_KEY_WAIT_S = 0.5
COOKIE_LIFETIME_S = 30 * 86_400
SHORTEST_KEY = 8
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    # The browser itself holds the promise that nothing is fetched from outside. Inline code and eval are Streamlit's.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
        "connect-src 'self' data: blob:; frame-src 'self' data: blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self'"
    ),
}
_ASKS_FOR_KEY = (
    "This Lightbox asks for its access key.",
    "Open the link that was printed when it was started; it ends in ?key= and the key.",
)


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
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "not authorised"})
        else:
            await answer(scope, receive, _with_headers(send))


def refuse_open_house() -> None:
    """End the program, in words, when it would listen to the network without an access key."""
    try:
        key = place.home().settings.access_key
    except LightboxError as error:
        raise SystemExit(str(error)) from error
    address = config.get_option("server.address")
    if not _is_loopback(address) and len(key) < SHORTEST_KEY:
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
        return await _judge_key(scope, headers, key)
    if not _is_loopback((scope.get("server") or ("",))[0]) or not _is_loopback(_host_name(headers.get("host", ""))):
        return refusal(
            scope,
            403,
            "Without an access key Lightbox answers on this machine only, at 127.0.0.1 or localhost.",
            "Open it there, or set LIGHTBOX_ACCESS_KEY and start it again.",
        )
    return None


async def _judge_key(scope: Scope, headers: Headers, key: str) -> Response | None:
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    brought = [value for name, value in query if name == "key"]
    if brought and scope["type"] == "http" and scope["method"] == "GET":
        if not _same(brought[0], key):
            await asyncio.sleep(WRONG_KEY_WAIT_S)  # guessing shall be slow
            return refusal(scope, 401, "This access key is not the right one.", _ASKS_FOR_KEY[1])
        return _exchange(scope, [(name, value) for name, value in query if name != "key"], key)
    return None if _has_key(headers, key) else refusal(scope, 401, *_ASKS_FOR_KEY)


def _has_key(headers: Headers, key: str) -> bool:
    """Whether the visitor has shown the key. The place of the login."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _same(bearer, key):
        return True
    cookies = cookie_parser(headers.get("cookie", ""))
    return _same(cookies.get(_cookie_name(), ""), _cookie_value(key))


def _exchange(scope: Scope, rest: list[tuple[str, str]], key: str) -> Response:
    """Turn the key in the address into a cookie, and take it out of the address."""
    path = "/" + scope["path"].lstrip("/\\")  # never "//elsewhere", which a browser reads as another host
    answer = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, status_code=303)
    answer.set_cookie(
        _cookie_name(),
        _cookie_value(key),
        max_age=COOKIE_LIFETIME_S,
        httponly=True,
        samesite="lax",
        secure=scope["scheme"] == "https",
    )
    return answer


def _cookie_name() -> str:
    return "lightbox_" + tokens.keyed("cookie name")[:8].replace("-", "0")  # browsers share cookies between ports


def _cookie_value(key: str) -> str:
    return tokens.keyed(f"access\n{key}")  # not the key itself, and void as soon as the key changes


def _from_another_site(scope: Scope, headers: Headers) -> bool:
    """Whether a page of another origin sends something or opens a websocket; a program sends no origin at all."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(address: str | None) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
