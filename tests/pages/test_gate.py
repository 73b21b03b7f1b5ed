"""The gate lets in whom it should: this machine without a key, anybody with it, nobody else."""

import pytest

from pages.http import refuse_open_house
from pages.http.gate import is_loopback

KEY = "correct horse battery"


def cookie_of(response):
    name, _, rest = response.headers["set-cookie"].partition("=")
    return name, rest.partition(";")[0]


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.5", False),
        ("localhost.example.org", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback_is_known_by_its_address(address, loopback):
    assert is_loopback(address) is loopback


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST", "[::1]:8501"])
def test_without_a_key_this_machine_is_let_in(served, ask, host):
    answer = ask("GET", "/train", host=host)
    assert (answer.status_code, answer.text) == (200, "let in to /train")


@pytest.mark.parametrize("host", ["rebound.example.org", "10.0.0.5:8501", "127.0.0.1.example.org", "[", ""])
def test_without_a_key_a_name_from_elsewhere_is_refused(served, ask, host):
    answer = ask("GET", "/train", host=host)
    assert answer.status_code == 403
    assert "on this machine only" in answer.text


def test_without_a_key_a_connection_that_came_over_the_network_is_refused(served, knock):
    assert knock(server="127.0.0.1") == "websocket.accept"
    assert knock(server="10.0.0.5") == "websocket.close"


def test_another_sites_page_can_neither_send_nor_open_a_websocket(served, ask, knock):
    elsewhere, here = "https://example.org", "http://127.0.0.1:8501"
    assert ask("POST", "/_stcore/upload_file/a/b", headers={"origin": elsewhere}).status_code == 403
    assert ask("POST", "/_stcore/upload_file/a/b", headers={"origin": "null"}).status_code == 403
    assert ask("POST", "/_stcore/upload_file/a/b", headers={"origin": here}).status_code == 200
    assert knock([(b"origin", elsewhere.encode())]) == "websocket.close"
    assert knock([(b"origin", here.encode())]) == "websocket.accept"


PATHS = [
    "/",
    "/train",
    "/_stcore/health",
    "/_stcore/upload_file/a/b",
    "/media/a.png",
    "/static/js/x.js",
    "/favicon.png",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cookie": "lightbox_access=1"},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic correct horse battery"},
        {"authorization": "Bearer "},
    ],
)
def test_with_a_key_nothing_answers_without_it(serve, ask, path, headers):
    serve(access_key=KEY)
    answer = ask("GET", path, headers=headers)
    assert answer.status_code == 401
    assert "asks for its access key" in answer.text
    assert "let in" not in answer.text


def test_our_routes_refuse_as_json(serve, ask):
    serve(access_key=KEY)
    answer = ask("POST", "/api/upload?token=x")
    assert answer.status_code == 401
    assert answer.json()["remedy"].endswith("?key= and the key.")


def test_the_websocket_asks_for_the_key_too(serve, knock):
    serve(access_key=KEY)
    assert knock() == "websocket.close"
    assert knock([(b"authorization", f"Bearer {KEY}".encode())]) == "websocket.accept"


def test_the_key_in_the_address_becomes_a_cookie(serve, ask, knock):
    serve(access_key=KEY)
    answer = ask("GET", f"/train?run=run_1&key={KEY}&data=a%26b", host="lightbox.example.org")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/train?run=run_1&data=a%26b"
    cookie = answer.headers["set-cookie"]
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert KEY not in cookie
    name, value = cookie_of(answer)
    headers = {"cookie": f"other=1; {name}={value}"}
    assert ask("GET", "/train", headers=headers, host="lightbox.example.org").text == "let in to /train"
    assert knock([(b"cookie", f"{name}={value}".encode())]) == "websocket.accept"


def test_the_exchange_never_leads_to_another_host(serve, ask):
    serve(access_key=KEY)
    answer = ask("GET", f"http://127.0.0.1:8501//example.org/x?key={KEY}")
    assert answer.headers["location"] == "/example.org/x"


def test_a_wrong_key_gets_no_cookie(serve, ask, monkeypatch):
    monkeypatch.setattr("pages.http.keys.WRONG_KEY_WAIT_S", 0)
    serve(access_key=KEY)
    answer = ask("GET", "/?key=wrong")
    assert answer.status_code == 401
    assert "not the right one" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_cookie_is_void_when_the_key_has_changed(serve, ask):
    serve(access_key=KEY)
    name, value = cookie_of(ask("GET", f"/?key={KEY}"))
    serve(access_key="another long key")
    assert ask("GET", "/", headers={"cookie": f"{name}={value}"}).status_code == 401


def test_every_answer_carries_the_headers(served, ask):
    for answer in (ask("GET", "/"), ask("GET", "/", host="elsewhere.example.org")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("address", "key", "starts"),
    [
        ("127.0.0.1", "", True),
        ("localhost", "", True),
        ("0.0.0.0", "", False),
        ("0.0.0.0", "short", False),
        (None, "", False),
        ("0.0.0.0", KEY, True),
    ],
)
def test_it_does_not_listen_to_the_network_without_a_key(serve, monkeypatch, address, key, starts):
    serve(access_key=key)
    monkeypatch.setattr("streamlit.config.get_option", {"server.address": address}.get)
    if starts:
        refuse_open_house()
        return
    with pytest.raises(SystemExit, match="without an access key of at least 8 characters"):
        refuse_open_house()
