"""Refusals of the gate and the routes: the same two sentences as on a page, as JSON or as a small page."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from core.errors import AccessDenied, DataGone, DiskFull, LightboxError, NotFound, RefusedInput, TooLarge

_STATUS: dict[type[LightboxError], int] = {
    AccessDenied: 403,
    NotFound: 404,
    DataGone: 404,
    TooLarge: 413,
    DiskFull: 507,
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Lightbox</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:18vh auto;max-width:34rem;padding:0 1.5rem}}</style>
<h1>{what}</h1><p>{remedy}</p></html>"""


def refusal(scope: Scope, status: int, what: str, remedy: str) -> Response:
    """The answer to a request that is not let in: a small page, or JSON below `/api/`."""
    if scope["path"].startswith("/api/"):
        return JSONResponse({"what": what, "remedy": remedy}, status, {"Cache-Control": "no-store"})
    page = _PAGE.format(what=escape(what), remedy=escape(remedy))
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})


def as_json(error: LightboxError) -> Response:
    """A `LightboxError` of a route as JSON with the status that fits its kind."""
    status = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), None)
    status = status or (400 if isinstance(error, RefusedInput) else 500)
    body = {"code": error.code, "what": error.what, "remedy": error.remedy}
    return JSONResponse(body, status, {"Cache-Control": "no-store"})
