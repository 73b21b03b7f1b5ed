"""Public sets: fetched whole and checked, or nothing is left and the reason is said; no network is said at once.

The server of these tests is on this machine.
"""

import hashlib
import socket
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.errors import BadArchive, DiskFull, NoNetwork, NotFound, Stopped
from core.sources import public
from core.sources.public import fetch, public_set, public_sets, require_network

CONTENT = bytes(range(256)) * 4096  # 1 MiB


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/gone"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2])
        if not self.path.startswith("/cut"):
            self.wfile.write(CONTENT[len(CONTENT) // 2 :])

    def log_message(self, *_):
        pass


@pytest.fixture
def served(monkeypatch):
    """A set that this machine serves: `served("whole")`, `served("cut")`, `served("gone")`."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    known = replace(public_set("breastmnist"), md5=hashlib.md5(CONTENT).hexdigest())
    yield lambda how: replace(known, address=f"{address}/{how}/breastmnist.npz?download=1")
    server.shutdown()
    server.server_close()


def never():
    return False


def test_every_2d_set_is_known_in_four_sizes_by_a_published_address_and_checksum():
    known = public_sets()
    assert len({one.key for one in known}) == len({one.md5 for one in known}) == len(known) == 44  # 11 sets, 4 sizes
    assert all(len(one.md5) == 32 and one.address.startswith("https://zenodo.org/records/10519652/") for one in known)
    assert public_set("PneumoniaMNIST_64").address.endswith("/pneumoniamnist_64.npz?download=1")
    assert (public_set("breastmnist").title, public_set("breastmnist").images) == ("BreastMNIST, 28 px", 780)


def test_the_checksum_is_that_of_the_published_file(real_data):
    content = real_data("medmnist/breastmnist.npz").read_bytes()
    assert hashlib.md5(content).hexdigest() == public_set("breastmnist").md5
    assert len(content) <= public_set("breastmnist").bytes


def test_a_name_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(NotFound, match="breastmnist"):
        public_set("nonsense")


def test_a_set_is_fetched_whole_and_says_how_far_it_is(served, tmp_path):
    told = []
    path = fetch(served("whole"), tmp_path / "fetched", told.append, never)
    assert path.read_bytes() == CONTENT
    assert [file.name for file in (tmp_path / "fetched").iterdir()] == ["breastmnist.npz"]
    assert told[0].stage == "Fetching BreastMNIST, 28 px"
    assert (told[-1].done, told[-1].total, told[-1].unit) == (1.048576, 1.048576, "MB")  # 1 MiB is 1.048576 MB


def test_another_file_than_the_published_one_is_refused_and_not_kept(served, tmp_path):
    with pytest.raises(BadArchive, match="checksum"):
        fetch(replace(served("whole"), md5="0" * 32), tmp_path / "fetched", print, never)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("how", "words"), [("cut", "line was cut"), ("gone", "answers with 404")])
def test_a_line_that_is_cut_and_a_file_that_is_gone_leave_nothing(served, tmp_path, how, words):
    with pytest.raises(NoNetwork, match=words):
        fetch(served(how), tmp_path / "fetched", print, never)
    assert list(tmp_path.iterdir()) == []


def test_a_stop_leaves_nothing(served, tmp_path):
    with pytest.raises(Stopped):
        fetch(served("whole"), tmp_path / "fetched", lambda progress: None, lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_said_before_the_file_is_there(served, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1_000_000}))
    with pytest.raises(DiskFull):
        fetch(served("whole"), tmp_path / "fetched", lambda progress: None, never)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_answers_is_a_network(served):
    require_network(served("whole").address)


def test_a_server_that_refuses_is_none(served):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NoNetwork, match=r"127\.0\.0\.1 cannot be reached"):
        require_network(f"http://127.0.0.1:{port}/x")


def test_a_name_that_nobody_looks_up_is_not_waited_for(served, monkeypatch):
    forever = threading.Event()
    monkeypatch.setattr(public, "REACH_S", 0.0)
    monkeypatch.setattr(public.socket, "create_connection", lambda *_, **__: forever.wait() and socket.socket())
    before = time.monotonic()
    with pytest.raises(NoNetwork):
        require_network("https://zenodo.org/x")
    assert time.monotonic() - before < 60  # it would wait for ever
    forever.set()


def test_a_proxy_that_the_machine_goes_through_is_asked_instead(served, monkeypatch):
    asked = []
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setattr(
        public.socket, "create_connection", lambda place, timeout: asked.append(place) or socket.socket()
    )
    require_network("https://zenodo.org/x")
    assert asked == [("proxy.example", 3128)]
