"""The gate of a really started server: without the access key nothing answers, Streamlit's own routes included."""

import httpx
import pytest
from playwright.sync_api import expect

from pages.http.routes import PLOTLY_PATH
from tests.journeys.conftest import end
from tests.journeys.running import RunningApp

KEY = "correct-horse-battery"
HANDSHAKE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": "streamlit",
}
ROUTES = [
    ("GET", "/"),
    ("GET", "/train"),
    ("GET", "/favicon.png"),
    ("GET", "/static/js/index.js"),
    ("GET", "/_stcore/health"),
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/_stcore/agent/openapi.json"),
    ("PUT", "/_stcore/upload_file/session/file"),
    ("DELETE", "/_stcore/upload_file/session/file"),
    ("GET", "/media/0000.png"),
    ("GET", "/component/x/index.html"),
    ("GET", "/app/static/x.png"),
    ("GET", "/api/points/run_aaaaaaaa"),
    ("POST", "/api/upload"),
    ("GET", "/api/images/ds_aaaaaaaa/0"),
    ("GET", PLOTLY_PATH),
    ("GET", "/_stcore/stream"),
]


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """An app with an access key."""
    app = RunningApp(tmp_path_factory.mktemp("locked"), key=KEY)
    yield app.start()
    end([app])


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_stranger_gets_nothing(locked, method, path):
    for headers in ({}, {"cookie": "lightbox=1; _streamlit_xsrf=x"}, {"authorization": "Bearer nearly"}):
        content = b"x" if method != "GET" else None
        answer = httpx.request(method, locked.url + path, headers=headers, content=content)
        assert answer.status_code == 401
        assert "asks for its access key" in answer.text


def test_a_strangers_websocket_is_refused(locked):
    assert httpx.get(f"{locked.url}/_stcore/stream", headers=HANDSHAKE).status_code == 403


def test_the_link_lets_in_and_the_key_leaves_the_address(locked, open_page):
    page = open_page(f"{locked.url}/train?key={KEY}")
    expect(page.get_by_role("link", name="Train")).to_have_attribute("aria-current", "step")
    assert "key" not in page.url
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"].startswith("lightbox_")]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert KEY not in cookie["value"]
    allowed = {"cookie": f"{cookie['name']}={cookie['value']}"}
    with httpx.stream("GET", f"{locked.url}/_stcore/stream", headers=HANDSHAKE | allowed) as answer:
        assert answer.status_code == 101
    assert httpx.get(f"{locked.url}/_stcore/health", headers=allowed).status_code == 200


def test_the_start_prints_the_link_with_the_key(locked):
    assert f"Lightbox is ready: {locked.url}/?key={KEY}" in locked.said()


def test_another_sites_page_cannot_open_a_websocket(app):
    refused = HANDSHAKE | {"origin": "https://example.org"}
    assert httpx.get(f"{app.url}/_stcore/stream", headers=refused).status_code == 403


def test_the_script_that_a_stranger_does_not_get_is_there(app):
    assert httpx.get(app.url + PLOTLY_PATH).status_code == 200


def test_a_name_from_elsewhere_is_refused(app):
    assert httpx.get(app.url, headers={"host": "rebound.example.org"}).status_code == 403


def test_it_refuses_to_listen_to_the_network_without_a_key(tmp_path):
    app = RunningApp(tmp_path, arguments=("--server.address", "0.0.0.0"))
    app.start(wait=False)
    assert app.wait_for_end() != 0
    assert "will not listen on 0.0.0.0 without an access key" in app.said()
    assert "Traceback" not in app.said()
