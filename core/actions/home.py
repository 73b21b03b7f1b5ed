"""A home: the settings and the store that every action works on."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Settings, settings_from
from core.store import Store

DISCLAIMER = "Lightbox is for exploration and teaching. It is not a medical device."
"""Stands on every page, report and export."""


def about(*facts: str, synthetic: bool) -> str:
    """The line that stands on every report and export: the disclaimer, facts, and whether it is about practice data.

    Args:
        facts: sentences that stand between.
        synthetic: whether the model learned from images that Lightbox has drawn.
    """
    practice = ["The model learned from synthetic practice data."] if synthetic else []
    return " ".join([DISCLAIMER, *facts, *practice])


@dataclass(frozen=True)
class Home:
    """Where everything lies and what is remembered of it."""

    settings: Settings
    store: Store


def open_home(settings: Settings | None = None) -> Home:
    """Open the home that the settings name (by default: the environment's), making or migrating it as needed.

    Raises:
        BadSetting: the environment asks for something impossible.
    """
    settings = settings or settings_from()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Home(settings, Store.open(settings.database))
