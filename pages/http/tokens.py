"""Tokens: what a page hands out so that a request it has authorised, and no other, is answered by a route.

A token names its purpose ("points", "image") and subject (an id), and ends after its lifetime. It is signed with a
secret that lies in the home folder, so it survives a restart of the server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from core.errors import AccessDenied
from pages.http import place

_DENIED = ("This request is not authorised, or its authorisation has expired.", "Reload the page and try again.")


def make(purpose: str, subject: str, lifetime_s: float = 86_400) -> str:
    """A token for one purpose and one subject, good for `lifetime_s` seconds from now, or a little longer.

    The end is rounded up, so that the address of an image stays the same for a while and the browser's copy is used.
    """
    grain = max(1.0, lifetime_s / 24)
    expires = str(int(math.ceil((time.time() + lifetime_s) / grain) * grain))
    return f"{expires}.{_signature(purpose, subject, expires)}"


def check(token: str, purpose: str, subject: str) -> None:
    """Let a right token pass.

    Raises:
        AccessDenied: the token is empty, not ours, for something else, or expired.
    """
    expires, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(purpose, subject, expires).encode()):
        raise AccessDenied(*_DENIED)
    if int(expires) < time.time():
        raise AccessDenied(*_DENIED)


def keyed(text: str) -> str:
    """A digest of `text` that only this home can make; for the visitor's cookie."""
    return _digest(f"keyed\n{text}")


def _signature(purpose: str, subject: str, expires: str) -> str:
    return _digest(f"token\n{purpose}\n{subject}\n{expires}")


def _digest(text: str) -> str:
    mark = hmac.new(secret_of(place.home().settings.home), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).rstrip(b"=").decode()


def secret_of(folder: Path) -> bytes:
    """The home's secret, 32 bytes, made when it is first asked for and readable by its owner only."""
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"secret.{os.getpid()}.part"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):  # another process was faster, and a link, unlike a rename, replaces nothing
            os.link(beside, path)
        beside.unlink()
    return path.read_bytes()
