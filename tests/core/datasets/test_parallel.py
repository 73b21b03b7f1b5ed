"""Work on all cores gives results in order, with few in memory, and ends at the first exception."""

import threading
import time

import pytest

from core.datasets.parallel import ordered_map


def test_results_come_in_order():
    def late_when_small(number):
        time.sleep(0.002 * (number % 3 == 0))
        return number * number

    assert list(ordered_map(late_when_small, range(50))) == [number * number for number in range(50)]


def test_it_runs_in_other_threads():
    assert threading.get_ident() not in set(ordered_map(lambda _: threading.get_ident(), range(8)))


def test_few_are_taken_ahead():
    taken = []

    def source():
        for number in range(10_000):
            taken.append(number)
            yield number

    results = ordered_map(lambda number: number, source())
    assert next(results) == 0
    assert len(taken) < 2000
    results.close()
    assert len(taken) < 2000


def test_an_exception_ends_it():
    def fail(number):
        if number == 3:
            raise ZeroDivisionError
        return number

    results = ordered_map(fail, range(100))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_nothing_gives_nothing():
    assert list(ordered_map(str, [])) == []
