"""The doors through which a fork of the fork server enters; what lies behind them is preloaded there, not here.

The worker itself names these functions only, and so stays without Keras.
"""

from __future__ import annotations

from core.settings import Settings

PRELOAD = ["tensorflow", "keras", "core.training.loop", "core.jobs.children", "core.jobs.answers"]


def do(settings: Settings, job_id: str, attempt: int) -> None:
    """Do one job, of whatever kind but an answer."""
    from core.jobs.children import run_child

    run_child(settings, job_id, attempt)


def answer(settings: Settings, worker_id: str) -> None:
    """Be the warm process."""
    from core.jobs.answers import serve_answers

    serve_answers(settings, worker_id)


def look(settings: Settings, worker_id: str) -> None:
    """Look what Keras runs on and write it down for everybody."""
    from core.jobs.probe_child import note_device

    note_device(settings, worker_id)
