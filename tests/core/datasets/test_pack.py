"""A pack holds what prediction sees, is built once, and appears whole or not at all."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.datasets import pack
from core.errors import DataGone, DiskFull, Stopped
from core.images import build, decode
from core.specs import Clahe, Colour, CropCentre, Recipe, Resize, SplitConfig
from tests.core.sources.sources import class_folders, picture

RECIPE = Recipe(steps=(Colour(mode="rgb"), CropCentre(), Clahe(), Resize(side_px=12)))


@pytest.fixture
def shelf(make_zip, bring_in):
    sizes = {f"b/wide{number}.png": picture(number, 9, 30 + number) for number in range(5)}
    return bring_in(make_zip(class_folders({"a": 5}) | sizes))


@pytest.fixture
def packed(settings):
    """Pack without an audience; the steps of progress that were told."""

    def go(shelf, recipe=RECIPE, **limits):
        told = []
        made = pack(shelf, recipe, settings.model_copy(update=limits), told.append, lambda: False)
        return made, told

    return go


def files(settings):
    return sorted(path.name for path in settings.packs_dir.iterdir())


def test_every_row_is_what_prediction_sees_bit_for_bit(shelf, packed):
    made, _ = packed(shelf)
    assert (made.images.shape, made.images.dtype) == ((10, 12, 12, 3), np.uint8)
    prepare = build(RECIPE)
    for row in range(10):
        seen = prepare(decode(shelf.original(row), name="x", max_pixels=10**6).pixels)
        assert np.array_equal(made.images[row], seen)


def test_labels_and_split_are_those_of_the_items(shelf, packed):
    made, _ = packed(shelf)
    assert made.class_indices.tolist() == [0] * 5 + [1] * 5
    assert made.class_indices.dtype == np.int64
    assert made.splits.tolist() == shelf.items["split"].tolist()
    assert made.item_ids.tolist() == list(range(10))


def test_it_is_mapped_and_read_only(shelf, packed):
    made, _ = packed(shelf)
    assert isinstance(made.images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        made.images[0] = 0


def test_it_is_built_once_whatever_the_split(shelf, packed, settings):
    _, first = packed(shelf)
    assert (first[0].stage, first[-1].done) == ("Preparing images", 10)
    shelf.resplit(SplitConfig(seed=7))
    made, second = packed(shelf)
    assert second == []
    assert made.splits.tolist() == shelf.items["split"].tolist()
    assert len(files(settings)) == 1


def test_another_recipe_is_another_pack(shelf, packed, settings):
    packed(shelf)
    made, _ = packed(shelf, Recipe(steps=(Colour(mode="grey"), Resize(side_px=8))))
    assert made.images.shape == (10, 8, 8, 1)
    assert len(files(settings)) == 2


def test_a_damaged_pack_is_built_anew(shelf, packed, settings):
    whole = np.array(packed(shelf)[0].images)
    (path,) = settings.packs_dir.iterdir()
    for damage in (path.read_bytes()[:-100], b"rubbish", b""):
        path.write_bytes(damage)
        assert np.array_equal(packed(shelf)[0].images, whole)


def test_an_original_that_is_gone_is_told_and_nothing_is_left(shelf, packed, settings):
    (shelf.folder / "originals" / shelf.items["file"][3]).unlink()
    with pytest.raises(DataGone):
        packed(shelf)
    assert files(settings) == []


def test_a_stop_leaves_nothing(shelf, settings):
    answers = iter([False, False, True])
    with pytest.raises(Stopped):
        pack(shelf, RECIPE, settings, lambda progress: None, lambda: next(answers))
    assert files(settings) == []


def test_a_full_disk_leaves_nothing(shelf, packed, settings):
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))  # 10 images of 432 bytes do not fit
    try:
        with pytest.raises(DiskFull):
            packed(shelf)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert files(settings) == []


def test_the_oldest_packs_make_room_and_never_the_one_in_use(shelf, packed, settings):
    # a pack of side s takes 10 x s x s bytes and a header of 128: 1,128 at 10 px
    recipes = {side: Recipe(steps=(Colour(mode="grey"), Resize(side_px=side))) for side in (10, 11, 12)}
    for side in (10, 11):
        packed(shelf, recipes[side])
    old = min(settings.packs_dir.iterdir(), key=lambda path: path.stat().st_size)
    os.utime(old, (1000, 1000))
    assert packed(shelf, recipes[10])[1] == []  # used again: now the youngest
    (other,) = set(settings.packs_dir.iterdir()) - {old}
    os.utime(other, (2000, 2000))
    packed(shelf, recipes[12], max_packs_bytes=3000)
    assert old.exists()
    assert not other.exists()
    made, _ = packed(shelf, RECIPE, max_packs_bytes=1)
    assert len(files(settings)) == 1
    assert made.images.shape == (10, 12, 12, 3)


def test_what_a_killed_process_left_is_cleared_away(shelf, packed, settings):
    settings.packs_dir.mkdir(parents=True)
    abandoned, at_work = settings.packs_dir / "x.1.part", settings.packs_dir / "x.2.part"
    for path in (abandoned, at_work):
        path.write_bytes(b"half")
    os.utime(abandoned, (1000, 1000))
    packed(shelf)
    assert not abandoned.exists()
    assert at_work.exists()


def test_two_at_once_do_not_harm_each_other(shelf, packed, settings):
    start = threading.Barrier(2)

    def one(_):
        start.wait()
        return np.array(packed(shelf)[0].images)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(one, range(2))
    assert np.array_equal(first, second)
    assert len(files(settings)) == 1
