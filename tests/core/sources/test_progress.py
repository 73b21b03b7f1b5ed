"""Progress is told at most five times a second, with a rate and the time left; a stop is noticed at each step."""

import pytest

from core.errors import Stopped
from core.sources.progress import Ticker


def run(step_s, total):
    """What is told while `total` steps of `step_s` seconds pass."""
    now, told = [0.0], []
    ticker = Ticker(told.append, lambda: False, "Counting", total, "sheep", clock=lambda: now[0])
    for _ in range(total):
        now[0] += step_s
        ticker.step()
    return told


def test_at_most_five_times_a_second():
    # 1,000 steps of 10 ms are 10 s: the start, every 0.2 s, and the end falls on such a moment
    told = run(0.01, 1000)
    assert 45 <= len(told) <= 51
    assert (told[0].done, told[-1].done) == (0, 1000)


def test_rate_and_time_left():
    # 10 steps of 1 s, 4 done: 1 a second, 6 s left
    told = run(1.0, 10)
    assert (told[4].done, told[4].rate, told[4].left_s) == (4, 1.0, 6.0)
    assert told[0].rate is None
    assert (told[-1].left_s, told[-1].unit, told[-1].stage) == (0.0, "sheep", "Counting")


def test_no_rate_from_too_little_time():
    assert [progress.rate for progress in run(0.2, 4)][:3] == [None, None, None]


def test_the_end_is_always_told():
    told = run(0.001, 3)
    assert [progress.done for progress in told] == [0, 3]


def test_a_stop_is_raised():
    ticker = Ticker(lambda progress: None, lambda: True, "Counting", 3, "sheep")
    with pytest.raises(Stopped, match="Counting was stopped"):
        ticker.step()
