"""Text in the pixels is looked for in a part of a large set, and in all of it where some is found."""

import cv2
import numpy as np
import pytest

from core.datasets import text_search
from core.datasets.text_search import is_looked_at
from tests.core.sources.sources import class_folders, rules


@pytest.fixture
def few(monkeypatch):
    """A set of more than ten files is a large one; an image has text if its first pixel is bright."""
    monkeypatch.setattr(text_search, "AT_FIRST", 10)
    monkeypatch.setattr(text_search, "text_hint", lambda pixels: float(pixels.flat[0] > 200))


def test_a_small_set_is_looked_at_as_a_whole():
    assert all(is_looked_at(number, 300, 0, 1) for number in range(300))


def test_of_a_large_set_every_so_many_files_and_of_each_the_middle():
    # 800 files: every third; 5 slices: the one after two
    assert [number for number in range(10) if is_looked_at(number, 800, 0, 1)] == [0, 3, 6, 9]
    assert [plane for plane in range(5) if is_looked_at(0, 800, plane, 5)] == [2]


def expected(files):
    """Which of the pictures have a bright first pixel."""
    return [float(cv2.imdecode(np.frombuffer(data, np.uint8), 1)[0, 0, 2] > 200) for data in files.values()]


def test_all_images_are_looked_at_where_some_have_text(few, make_zip, bring_in):
    files = class_folders({"a": 20, "b": 20})
    shelf = bring_in(make_zip(files))
    hints = expected(files)
    assert sum(hints[::4]) > 0.05 * 10  # more than false alarms in the sample, so that all are looked at
    assert shelf.items["text_hint"].tolist() == hints
    assert len(rules(shelf.card)["burned_in_text"].where) == sum(hints)


def test_it_is_said_that_only_a_part_was_looked_at(few, make_zip, bring_in, monkeypatch):
    monkeypatch.setattr(text_search, "text_hint", lambda pixels: 0.0)
    shelf = bring_in(make_zip(class_folders({"a": 20, "b": 20})))
    assert shelf.items["text_hint"].notna().sum() == 10
    assert "Looked at were 10 of the 40 files" in rules(shelf.card)["text_sampled"].what


def test_a_false_alarm_does_not_have_all_images_looked_at(few, make_zip, bring_in, monkeypatch):
    monkeypatch.setattr(text_search, "AT_FIRST", 20)
    files = class_folders({"a": 20, "b": 20})
    first = cv2.imdecode(np.frombuffer(files["a/0.png"], np.uint8), 1)[0, 0, 2]
    monkeypatch.setattr(text_search, "text_hint", lambda pixels: float(pixels.flat[0] == first))
    shelf = bring_in(make_zip(files))
    assert shelf.items["text_hint"].notna().sum() == 20
    assert "Looked at were 20 of the 40 files" in rules(shelf.card)["burned_in_text"].what
