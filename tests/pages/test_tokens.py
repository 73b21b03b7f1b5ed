"""Tokens are for one purpose and one subject, end, and survive a restart."""

import stat
import time

import pytest

from core.errors import AccessDenied
from pages.http import tokens


def test_a_token_opens_what_it_was_made_for(served):
    tokens.check(tokens.make("points", "run_1"), "points", "run_1")


@pytest.mark.parametrize(
    ("purpose", "subject"), [("points", "run_2"), ("images", "run_1"), ("points\nrun_1", ""), ("points", "run_1\n")]
)
def test_a_token_opens_nothing_else(served, purpose, subject):
    with pytest.raises(AccessDenied):
        tokens.check(tokens.make("points", "run_1"), purpose, subject)


@pytest.mark.parametrize(
    "change", [lambda t: "", lambda t: t[:-1], lambda t: "9" + t, lambda t: "x" + t, lambda t: "ä.b"]
)
def test_a_changed_token_opens_nothing(served, change):
    with pytest.raises(AccessDenied):
        tokens.check(change(tokens.make("points", "run_1")), "points", "run_1")


def test_a_token_ends(served, monkeypatch):
    token = tokens.make("points", "run_1", lifetime_s=60)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 59)
    tokens.check(token, "points", "run_1")
    monkeypatch.setattr(time, "time", lambda: now + 65)  # the end is rounded up by 60 / 24 = 2.5 s and 1 s at most
    with pytest.raises(AccessDenied):
        tokens.check(token, "points", "run_1")


def test_an_address_stays_the_same_for_a_while(served, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)  # a whole hour: 86,400 / 24 = 3,600 s is the grain
    first = tokens.make("images", "ds_1")
    monkeypatch.setattr(time, "time", lambda: 1_800_003_599.0 - 3599)
    assert tokens.make("images", "ds_1") == first


def test_the_secret_lies_in_the_home_for_its_owner_only(served):
    first = tokens.secret_of(served.settings.home)
    assert len(first) == 32
    assert tokens.secret_of(served.settings.home) == first
    assert stat.S_IMODE((served.settings.home / "secret").stat().st_mode) == 0o600
    assert [path.name for path in served.settings.home.glob("secret*")] == ["secret"]
