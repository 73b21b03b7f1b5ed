"""The practice data: the same bytes each time, three kinds, known before they are drawn."""

import numpy as np

from core.datasets import PRACTICE_CLASSES, PRACTICE_SIDE_PX, import_practice, practice_recipe
from core.datasets.cells import draw_cell
from core.datasets.practice import PracticeReader
from core.sources.originals import Originals
from core.sources.reader import natural_key
from core.specs import default_recipe


def test_a_cell_is_an_image_of_the_promised_shape():
    cell = draw_cell(0, np.random.default_rng(0))
    assert (cell.shape, cell.dtype) == ((PRACTICE_SIDE_PX, PRACTICE_SIDE_PX, 3), np.uint8)


def test_chance_comes_from_the_generator_alone():
    first, again, other = (draw_cell(1, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_kinds_differ_from_the_same_draw():
    cells = [draw_cell(kind, np.random.default_rng(5)).tobytes() for kind in range(3)]
    assert len(set(cells)) == 3


def test_the_same_bytes_each_time(tmp_path):
    digests = []
    for name in ("first", "again"):
        originals = Originals(tmp_path / name)
        digests.append([deposit().digest for deposit in PracticeReader(images_per_class=4).deposits(originals)])
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == 12


def test_classes_are_in_natural_order():
    assert list(PRACTICE_CLASSES) == sorted(PRACTICE_CLASSES, key=natural_key)


def test_the_recipe_is_the_one_that_the_finished_data_would_be_given(folder, settings, monkeypatch):
    monkeypatch.setattr("core.datasets.importing.PracticeReader", lambda: PracticeReader(images_per_class=4))
    card = import_practice(folder, settings, lambda progress: None, lambda: False)
    assert default_recipe(card) == practice_recipe()
