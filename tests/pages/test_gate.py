"""The gate lets in whom it should: this machine without a key, anybody with it, nobody else."""

import asyncio

import pytest

from pages.http import keys, refuse_open_house

KEY = "correct horse battery"


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """The seconds that somebody with a wrong key waited, none of them really; and how many waited at once."""
    waited, inside, sleep = [], [], asyncio.sleep

    async def note(wait_s):
        inside.append(True)
        waited.append((wait_s, len(inside)))
        await sleep(0)
        inside.pop()

    monkeypatch.setattr(keys.asyncio, "sleep", note)
    return waited


def cookie_of(response):
    name, _, rest = response.headers["set-cookie"].partition("=")
    return name, rest.partition(";")[0]


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


def test_behind_a_web_server_with_tls_the_cookie_travels_encrypted_only(serve, ask):
    serve(access_key=KEY)
    plain = ask("GET", f"/?key={KEY}", headers={"x-forwarded-proto": "http"})
    encrypted = ask("GET", f"/?key={KEY}", headers={"x-forwarded-proto": "https"})
    assert "secure" not in plain.headers["set-cookie"].lower()
    assert "secure" in encrypted.headers["set-cookie"].lower()


def test_whoever_brings_a_wrong_key_waits_however_it_is_brought(serve, ask, waits):
    serve(access_key=KEY)
    name, value = cookie_of(ask("GET", f"/?key={KEY}"))
    for headers in ({}, {"cookie": "other=1"}, {"cookie": f"{name}={value}"}, {"authorization": f"Bearer {KEY}"}):
        ask("GET", "/", headers=headers)
    assert waits == []  # nothing brought, or the right one
    ask("GET", "/?key=wrong")
    ask("GET", "/", headers={"cookie": f"{name}=wrong"})
    ask("GET", "/", headers={"authorization": "Bearer wrong"})
    assert waits == [(keys.WRONG_KEY_WAIT_S, 1)] * 3


def test_wrong_keys_wait_one_after_the_other(waits):
    async def many():
        await asyncio.gather(*(keys._wait_for_wrong_key() for _ in range(5)))

    asyncio.run(many())
    assert waits == [(keys.WRONG_KEY_WAIT_S, 1)] * 5


def test_a_wrong_key_gets_no_cookie(serve, ask):
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
        ("0.0.0.0", "elevenchars", False),
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
    with pytest.raises(SystemExit, match="without an access key of at least 12 characters"):
        refuse_open_house()
