"""One-time permissions to upload a file or a basket of files: handed out by a page, used up when it is taken over.

They live in memory: after a restart of the server the page simply hands out another one.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import AccessDenied

LIFETIME_S = 86_400.0


@dataclass(frozen=True)
class Upload:
    """A file that arrived whole: where it lies, and what the visitor calls it (hostile text); of a basket nothing."""

    path: Path
    filename: str


@dataclass
class Basket:
    """Several files on their way in: the folder, made with the first of them, and what each file in it is called."""

    path: Path | None = None
    names: dict[str, str] = field(default_factory=dict)
    bytes: int = 0


@dataclass
class _Permission:
    ends_at: float
    busy: bool = False
    upload: Upload | None = None
    basket: Basket | None = None


_permissions: dict[str, _Permission] = {}
_lock = threading.Lock()


def make_upload() -> str:
    """A new permission, good for one file within a day."""
    return _permit(None)


def make_basket() -> str:
    """A new permission, good for files one after the other within a day, until the basket is closed."""
    return _permit(Basket())


def _permit(basket: Basket | None) -> str:
    token = secrets.token_urlsafe(24)
    with _lock:
        now = time.monotonic()
        for old in [name for name, permission in _permissions.items() if permission.ends_at < now]:
            del _permissions[old]
        _permissions[token] = _Permission(now + LIFETIME_S, basket=basket)
    return token


def is_open(token: str) -> bool:
    """Whether the permission exists and has not been used up."""
    with _lock:
        permission = _permissions.get(token)
        return permission is not None and permission.upload is None and permission.ends_at > time.monotonic()


def arrived(token: str) -> Upload | None:
    """The file or the closed basket that arrived under this permission, until `use_up`; None while there is none."""
    with _lock:
        permission = _permissions.get(token)
        return None if permission is None else permission.upload


def use_up(token: str) -> None:
    """Forget the permission: what arrived has been taken over."""
    with _lock:
        _permissions.pop(token, None)


@contextmanager
def using(token: str) -> Iterator[_Permission]:
    """Hold the permission while a file comes in; set `.upload` when it is whole, otherwise it is free again.

    Raises:
        AccessDenied: no such permission, used up, expired, or in use by another request.
    """
    with _lock:
        permission = _permissions.get(token)
        if (
            permission is None
            or permission.busy
            or permission.upload is not None
            or permission.ends_at < time.monotonic()
        ):
            raise AccessDenied(
                "This upload is not authorised, or its authorisation was used already.",
                "Reload the page and try again.",
            )
        permission.busy = True
    try:
        yield permission
    finally:
        permission.busy = False
