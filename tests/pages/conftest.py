"""Routes and gate without a server: requests go straight into the ASGI app; and a home in its place."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from core import actions
from pages.http import Gate, our_routes, place


@pytest.fixture
def served(home):
    """The home of the test, as the one that routes, gate and pages work on."""
    place.use_home(home)
    yield home
    place.use_home(None)


@pytest.fixture
def serve(settings):
    """Serve a home with other settings: `serve(access_key=...)`."""
    opened = []

    def put(**changes):
        opened.append(actions.open_home(settings.model_copy(update=changes)))
        place.use_home(opened[-1])
        return opened[-1]

    yield put
    place.use_home(None)
    for home in opened:
        home.store.close()


@pytest.fixture(scope="session")
def guarded():
    """Our routes and two strangers, a page and a websocket, behind the gate; every error reaches the test."""

    async def page(request):
        return PlainTextResponse(f"let in to {request.url.path}")

    async def socket(websocket):
        await websocket.accept()
        await websocket.close()

    strangers = [Route("/{rest:path}", page, methods=["GET", "POST"]), WebSocketRoute("/_stcore/stream", socket)]
    return Starlette(routes=[*our_routes(), *strangers], middleware=[Middleware(Gate)])


@pytest.fixture
def ask(guarded):
    """Send one request: `ask("GET", "/api/points/x", headers=...)`."""

    def send(method, path, *, host="127.0.0.1:8501", **options):
        async def go():
            transport = httpx.ASGITransport(app=guarded)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8501") as client:
                headers = {"host": host} | options.pop("headers", {})
                return await client.request(method, path, headers=headers, **options)

        return asyncio.run(go())

    return send


@pytest.fixture
def knock(guarded):
    """Open a websocket with these headers; the type of the first answer."""

    def open_(headers=(), server="127.0.0.1"):
        sent = []

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message["type"])

        scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "query_string": b"",
            "scheme": "ws",
            "server": (server, 8501),
            "headers": [(b"host", b"127.0.0.1:8501"), *headers],
            "subprotocols": [],
        }
        asyncio.run(guarded(scope, receive, send))
        return sent[0]

    return open_
