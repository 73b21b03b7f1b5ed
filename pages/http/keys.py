"""The access key: brought in the address once, exchanged for a cookie, or sent as a bearer token by a program.

The login of named users will take the place of `has_key`; nothing else in the gate has to change for it.
"""

from __future__ import annotations

import asyncio
import hmac
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from pages.http import tokens
from pages.http.answers import refusal

SHORTEST_KEY = 12
WRONG_KEY_WAIT_S = 0.5
COOKIE_LIFETIME_S = 30 * 86_400
_ASKS_FOR_KEY = (
    "This Lightbox asks for its access key.",
    "Open the link that was printed when it was started; it ends in ?key= and the key.",
)
_one_at_a_time = asyncio.Lock()


async def judge_key(scope: Scope, headers: Headers, key: str) -> Response | None:
    """None for a visitor who has shown the key, otherwise the answer: the exchange for a cookie, or a refusal."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    brought = [value for name, value in query if name == "key"]
    if brought and scope["type"] == "http" and scope["method"] == "GET":
        if _same(brought[0], key):
            return _exchange(scope, headers, [(name, value) for name, value in query if name != "key"], key)
        await _wait_for_wrong_key()
        return refusal(scope, 401, "This access key is not the right one.", _ASKS_FOR_KEY[1])
    if has_key(headers, key):
        return None
    if _bearer(headers) or _cookie(headers):
        await _wait_for_wrong_key()
    return refusal(scope, 401, *_ASKS_FOR_KEY)


def has_key(headers: Headers, key: str) -> bool:
    """Whether the visitor has shown the key. The place of the login."""
    return _same(_bearer(headers), key) or _same(_cookie(headers), _cookie_value(key))


async def _wait_for_wrong_key() -> None:
    """Make guessing slow: all who brought a wrong key wait one after the other, however many ask at once."""
    async with _one_at_a_time:
        await asyncio.sleep(WRONG_KEY_WAIT_S)


def _bearer(headers: Headers) -> str:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    return bearer if scheme.lower() == "bearer" else ""


def _cookie(headers: Headers) -> str:
    return cookie_parser(headers.get("cookie", "")).get(_cookie_name(), "")


def _exchange(scope: Scope, headers: Headers, rest: list[tuple[str, str]], key: str) -> Response:
    """Turn the key in the address into a cookie, and take it out of the address."""
    path = "/" + scope["path"].lstrip("/\\")  # never "//elsewhere", which a browser reads as another host
    answer = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, status_code=303)
    answer.set_cookie(
        _cookie_name(),
        _cookie_value(key),
        max_age=COOKIE_LIFETIME_S,
        httponly=True,
        samesite="lax",
        secure=scope["scheme"] == "https" or _came_encrypted(headers),
    )
    return answer


def _came_encrypted(headers: Headers) -> bool:
    """Whether a web server in front says that the browser reached it by https; a lie costs the liar their cookie."""
    return headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower() == "https"


def _cookie_name() -> str:
    return "lightbox_" + tokens.keyed("cookie name")[:8].replace("-", "0")  # browsers share cookies between ports


def _cookie_value(key: str) -> str:
    return tokens.keyed(f"access\n{key}")  # not the key itself, and void as soon as the key changes


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())
