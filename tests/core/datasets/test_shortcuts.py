"""The shortcut guard speaks where a class can be told without looking at the picture, and is silent elsewhere."""

import json

import cv2
import numpy as np
import pandas as pd
import pytest

from core.datasets import shortcuts as guard
from core.datasets.cells import KINDS, draw_cell
from core.datasets.shortcuts import FEWEST_UNITS, shortcuts
from core.images import decode
from core.specs import Severity


def made(seed, images=200, classes=2, units=None, labels=None):
    """A table whose facts have nothing to do with the class; of images of one unit they are alike."""
    rng = np.random.default_rng(seed)
    unit = np.arange(images) if units is None else rng.integers(0, units, images)
    of_unit = rng.integers(0, classes, images if units is None else units)
    sizes = rng.integers(40, 900, (int(rng.integers(1, 9)), 2))
    size = sizes[rng.integers(0, len(sizes), images)][unit] + (rng.random() < 0.5) * rng.integers(0, 40, (images, 2))
    light = np.clip(rng.normal(0.5, 0.12, images)[unit] + rng.normal(0, 0.03, images), 0, 1)
    table = pd.DataFrame(
        {
            "class_index": of_unit[unit] if labels is None else labels,
            "width": size[:, 0],
            "height": size[:, 1],
            "channels": rng.choice([1, 3], images)[unit],
            "bit_depth": rng.choice([8, 16], images, p=[0.8, 0.2])[unit],
            "format": rng.choice(["PNG", "JPEG", "TIFF"], images, p=[0.6, 0.3, 0.1])[unit],
            "brightness": light,
            "border": np.clip(light + rng.normal(0, 0.05, images), 0, 1),
            "tags": "{}",
        }
    )
    return table, unit


def found(table, unit=None, classes=None):
    """The finding, or None."""
    classes = classes or [f"class {index}" for index in range(int(table["class_index"].max()) + 1)]
    findings = list(shortcuts(table, classes, np.arange(len(table)) if unit is None else np.asarray(unit)))
    assert len(findings) <= 1
    return findings[0] if findings else None


LARGER = [(images, classes, units) for images in (60, 240) for classes in (2, 3) for units in (None, images // 3)]


def alarms_on_small_sets():
    """In how many of 25 sets of 24 images, made without a shortcut, the guard speaks."""
    return sum(found(*made(seed, images=24)) is not None for seed in range(25))


@pytest.mark.parametrize(("images", "classes", "units"), LARGER)
def test_it_is_silent_on_sets_made_without_a_shortcut(images, classes, units):
    for seed in range(3):
        assert found(*made([images, classes, seed], images, classes, units)) is None


def test_on_small_sets_it_is_the_distance_from_chance_that_keeps_it_silent(monkeypatch):
    assert alarms_on_small_sets() == 0
    monkeypatch.setattr(guard, "DEVIATIONS", 0.0)
    assert alarms_on_small_sets() > 0


def plant(table, column, other, share=1.0):
    """The fact of another value in (a share of) the images of class 1, with the rest alike."""
    rows = (table["class_index"] == 1) & (table.groupby("class_index").cumcount() % 10 < 10 * share)
    return table.assign(**{column: np.where(rows, other, table[column].iloc[0])})


@pytest.mark.parametrize(
    ("column", "other", "words"),
    [
        ("width", 333, "class 1: image size 333 px × "),
        ("bit_depth", 12, "class 1: bit depth 12 bits in 100%, elsewhere 0%"),
        ("format", "BMP", "class 1: file type BMP in 100%, elsewhere 0%"),
        ("channels", 4, "class 1: colour "),
        ("border", 0.99, "class 1: brightness of the border 99% in 100%, elsewhere 0%"),
        ("brightness", 0.01, "class 1: mean brightness 1% in 100%, elsewhere 0%"),
        ("tags", json.dumps({"Manufacturer": "B"}), "class 1: tag Manufacturer B in 100%, elsewhere 0%"),
    ],
)
def test_a_planted_difference_is_found_with_its_evidence(column, other, words):
    table, _ = made(1, images=120)
    if column == "channels":
        table, other = table.assign(channels=1), 3
    finding = found(plant(table, column, other))
    assert finding.severity is Severity.WARNING
    assert finding.rule == "shortcut"
    assert finding.where[0].startswith(words)
    assert finding.where[0].endswith("(100% right)")
    assert "right in up to 100%, where guessing gives 50%" in finding.what


def test_a_shift_in_brightness_is_found_and_a_small_one_is_not():
    table, _ = made(2, images=400)
    spread = table["brightness"].std()
    for deviations, telling in ((3.0, True), (0.5, False)):
        shifted = table.assign(brightness=table["brightness"] + deviations * spread * (table["class_index"] == 1))
        assert (found(shifted) is not None) == telling


def test_most_of_a_class_is_enough_and_some_is_not():
    table, _ = made(3, images=400)
    # 80 % of one class and none of the other: (0.8 + 1) / 2 = 0.9; of 30 %: 0.65
    assert "in 80%" in found(plant(table, "format", "BMP", 0.8)).where[0]
    assert found(plant(table, "format", "BMP", 0.3)) is None


def test_of_several_classes_the_one_that_can_be_told_is_named():
    table, _ = made(4, images=300, classes=4)
    finding = found(table.assign(format=np.where(table["class_index"] == 2, "JPEG", "PNG")))
    assert [line.partition(":")[0] for line in finding.where] == ["class 2"]
    assert finding.what.startswith("1 of 4 classes can be told by file type alone, whatever the picture shows: ")


@pytest.mark.parametrize(("units", "speaks"), [(FEWEST_UNITS - 1, False), (FEWEST_UNITS + 2, True)])
def test_little_data_says_nothing_however_clear_it_looks(units, speaks):
    labels = np.repeat([0, 1], units)
    table, _ = made(5, images=2 * units, labels=labels)
    assert (found(plant(table, "format", "BMP")) is not None) == speaks


def test_many_images_of_few_patients_are_little_data():
    labels = np.repeat([0, 1], 200)
    table, _ = made(6, images=400, labels=labels)
    planted = plant(table, "format", "BMP")
    assert found(planted) is not None
    assert found(planted, unit=np.arange(400) // 40) is None  # five patients in each class


def test_what_tells_the_patient_but_not_the_class_is_no_shortcut():
    """Each of 40 patients has a size of their own, by which a tree could learn their class by heart."""
    unit = np.repeat(np.arange(40), 20)
    rng = np.random.default_rng(0)
    table, _ = made(7, images=800, labels=rng.permutation(np.arange(40) % 2)[unit])
    table = table.assign(width=rng.permutation(40)[unit] * 7 + 50)
    assert found(table, unit) is None


def test_the_tag_that_the_label_was_taken_from_is_no_shortcut():
    table, _ = made(8, images=100)
    tags = [json.dumps({"Modality": "CT" if index else "MR"}) for index in table["class_index"]]
    assert found(table.assign(tags=tags), classes=["mr", "ct"]) is None
    assert found(table.assign(tags=tags), classes=["ill", "well"]) is not None


def test_a_table_of_an_earlier_version_and_one_without_differences_are_silent():
    table, _ = made(9)
    alike = table.assign(width=8, height=8, channels=1, bit_depth=8, format="", border=np.nan, brightness=0.5)
    assert found(alike) is None
    assert found(alike.drop(columns=["format", "border", "brightness", "tags"])) is None


def test_practice_data_are_silent():
    pixels = [draw_cell(number % 3, np.random.default_rng([0, number])) for number in range(240)]
    assert found(table_of(pixels, np.arange(240) % 3), classes=KINDS) is None


def table_of(pixels, labels):
    """The facts of decoded images."""
    grey = [p if p.ndim == 2 else cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) for p in pixels]
    return pd.DataFrame(
        {
            "class_index": labels,
            "width": [p.shape[1] for p in pixels],
            "height": [p.shape[0] for p in pixels],
            "channels": [1 if p.ndim == 2 else 3 for p in pixels],
            "bit_depth": 8,
            "format": "PNG",
            "brightness": [p.mean() / 255 for p in grey],
            "border": [np.concatenate([p[0], p[-1], p[:, 0], p[:, -1]]).mean() / 255 for p in grey],
        }
    )


def test_real_blood_cells_are_told_by_their_size(real_data):
    folders = sorted(path for path in real_data("blood_cells_bccd").iterdir() if path.is_dir())
    files = [(file, index) for index, folder in enumerate(folders) for file in sorted(folder.iterdir())[::12]]
    pixels = [decode(file.read_bytes(), name="x", max_pixels=10**8).pixels for file, _ in files]
    labels = np.array([index for _, index in files])
    finding = found(table_of(pixels, labels), classes=[folder.name for folder in folders])
    assert any(line.startswith("Platelets: image size ") for line in finding.where)
    small = [cv2.resize(p, (64, 64), interpolation=cv2.INTER_AREA) for p in pixels]
    assert found(table_of(small, labels)) is None


@pytest.mark.parametrize("name", ["breastmnist", "pneumoniamnist"])
def test_real_sets_of_one_size_are_silent_until_a_border_is_planted(real_data, name):
    with np.load(real_data(f"medmnist/{name}.npz"), allow_pickle=False) as arrays:
        pixels, labels = list(arrays["val_images"]), arrays["val_labels"][:, 0].astype(int)
    assert found(table_of(pixels, labels)) is None
    framed = [cv2.copyMakeBorder(p[2:-2, 2:-2], 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0) for p in pixels]
    planted = [frame if label else p for frame, p, label in zip(framed, pixels, labels, strict=True)]
    finding = found(table_of(planted, labels))
    assert any("brightness of the border" in line for line in finding.where)
