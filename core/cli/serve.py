"""`serve` and `alive`: start the pages, with an access key where the network can reach them; ask if they answer."""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import socket
import sys
from pathlib import Path

from core.cli.show import print_json
from core.errors import BadSetting, NoAnswer
from core.settings import is_loopback, settings_from

APP = Path(__file__).parents[2] / "app.py"


def serve(arguments: argparse.Namespace) -> int:
    """Become the server of the pages. Only loopback goes without a key: otherwise one is demanded, or drawn."""
    host, port = arguments.host, arguments.port
    key = settings_from().access_key
    if not key and not is_loopback(host):
        key = secrets.token_urlsafe(18)
    _require_free(host, port)
    print("Lightbox is starting; Ctrl-C ends it.", flush=True)  # the app prints its link when it answers
    os.environ["LIGHTBOX_ACCESS_KEY"] = key  # the only way in which a program can be told a secret unseen
    options = ["--server.address", host, "--server.port", str(port), "--logger.hideWelcomeMessage", "true"]
    os.chdir(APP.parent)
    command = [sys.executable, "-m", "streamlit", "run", APP.name, *options]
    os.execv(sys.executable, command)  # noqa: S606 - every word is ours, a number, or an address that was bound


def alive(arguments: argparse.Namespace) -> int:
    """Whether the server on this machine answers; a 401 of its gate is an answer too.

    Raises:
        NoAnswer: it does not.
    """
    try:
        status = _ask(arguments.port)
    except OSError as error:
        raise NoAnswer(f"Nothing answers on port {arguments.port}: {error}.", "Start it with make run.") from error
    if status not in (200, 401):
        raise NoAnswer(f"Port {arguments.port} answers with status {status}.", "Look at what the server printed.")
    if arguments.json:
        print_json({"alive": True})
    else:
        print("Lightbox answers.")
    return 0


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except (OSError, OverflowError) as error:
            raise BadSetting(
                f"Lightbox cannot listen on {host}, port {port}: {error}.",
                "If another program or another Lightbox uses it, choose another: make run PORT=8502.",
            ) from error


def _ask(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status
    finally:
        connection.close()
