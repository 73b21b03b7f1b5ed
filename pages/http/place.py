"""The one home of this process, opened when it is first asked for; shared by routes, gate and pages."""

from __future__ import annotations

import threading

from core import actions

_lock = threading.Lock()
_opened: list[actions.Home] = []


def home() -> actions.Home:
    """The home that the environment names, opened once a process.

    Raises:
        LightboxError: the settings or the store cannot be used; nothing is kept, the next call tries again.
    """
    with _lock:
        if not _opened:
            _opened.append(actions.open_home())
        return _opened[0]


def use_home(opened: actions.Home | None) -> None:
    """Put another home in its place, or none so that the next call opens anew; for tests and embedding programs."""
    with _lock:
        _opened[:] = [opened] if opened is not None else []
