"""Only loopback goes without a key; a taken port and a silent one are said in words."""

import argparse
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from core.cli import main, serve


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What `serve` would have become: its command, and the key in the environment it leaves behind."""
    calls = []
    monkeypatch.setattr(serve.os, "execv", lambda program, words: calls.append((program, words)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIGHTBOX_ACCESS_KEY", "")
    return calls


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(host, port):
    return serve.serve(argparse.Namespace(host=host, port=port, json=False))


def test_on_loopback_there_is_no_key(started, free_port, monkeypatch):
    start("127.0.0.1", free_port)
    assert serve.os.environ["LIGHTBOX_ACCESS_KEY"] == ""
    (program, words) = started[0]
    assert program == sys.executable
    assert words[1:5] == ["-m", "streamlit", "run", "app.py"]
    assert words[words.index("--server.address") + 1] == "127.0.0.1"
    assert words[words.index("--server.port") + 1] == str(free_port)


def test_for_the_network_a_key_is_drawn_and_never_the_same(started, free_port, monkeypatch):
    keys = set()
    for _ in range(2):
        monkeypatch.setenv("LIGHTBOX_ACCESS_KEY", "")
        start("0.0.0.0", free_port)
        keys.add(serve.os.environ["LIGHTBOX_ACCESS_KEY"])
    assert len(keys) == 2
    assert all(len(key) == 24 for key in keys)  # 18 random bytes are 24 letters of base64


def test_a_key_that_was_given_is_kept(started, free_port, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_ACCESS_KEY", "given-by-hand")
    start("0.0.0.0", free_port)
    assert serve.os.environ["LIGHTBOX_ACCESS_KEY"] == "given-by-hand"


def test_the_key_stands_in_no_command_line(started, free_port):
    start("0.0.0.0", free_port)
    assert serve.os.environ["LIGHTBOX_ACCESS_KEY"] not in " ".join(started[0][1])


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_does_not_exist_is_refused(started, port, capsys):
    assert main(["serve", "--port", str(port)]) == 2
    assert f"port {port}" in capsys.readouterr().err
    assert not started


def test_a_port_in_use_is_refused_in_words(started, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"Lightbox cannot listen on 127.0.0.1, port {port}" in capsys.readouterr().err
    assert not started


@pytest.mark.parametrize(("status", "exit_status"), [(200, 0), (401, 0), (404, 1), (500, 1)])
def test_a_server_is_alive_when_it_or_its_gate_answers(status, exit_status, capsys):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert main(["alive", "--port", str(server.server_port)]) == exit_status
        thread.join()
    assert ("Lightbox answers." in capsys.readouterr().out) is (exit_status == 0)


def test_a_port_where_nothing_answers_is_not_alive(free_port, capsys):
    assert main(["alive", "--port", str(free_port)]) == 1
    assert f"Nothing answers on port {free_port}" in capsys.readouterr().err
