"""Odd, broken and hostile files from elsewhere: each is decoded or refused, and what is decoded is right."""

import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from core.errors import BadImage, NotHandledYet, TooLarge
from core.images import decode

LIMIT = 100_000_000


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def outcome(path):
    """The decoded image, or the refusal; anything else is an error of the test."""
    try:
        return decode(path.read_bytes(), name=path.name, max_pixels=LIMIT)
    except (BadImage, TooLarge, NotHandledYet) as refusal:
        return refusal


@pytest.mark.parametrize("folder", ["hostile_images", "tiff", "dicom_pydicom", "nifti"])
def test_every_file_is_decoded_or_refused_in_words(real_data, folder):
    for path in files_below(real_data(folder)):
        found = outcome(path)
        if isinstance(found, Exception):
            assert repr(path.name) in found.what
        else:
            assert found.pixels.dtype == (np.uint16 if found.bit_depth == 16 else np.uint8)
            assert found.pixels.ndim == (2 if found.grey else 3)


def test_sound_files_are_not_refused(real_data):
    # PngSuite: the 14 files whose names begin with x are broken on purpose, all others are sound
    files = sorted(real_data("hostile_images/pngsuite").glob("*.png"))
    kinds = Counter((path.name[4] == "x", type(outcome(path)).__name__) for path in files)
    assert set(kinds) == {(True, "BadImage"), (False, "Decoded")}


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("depth_flower-minisblack-16.tif", 16),
        ("images_minisblack-1c-16b.tiff", 16),
        ("libtiffpic_ladoga.tif", 16),
        ("images_issue_69_lzw.tiff", 16),
        ("depth_flower-minisblack-08.tif", 8),
        ("libtiffpic_cramps.tif", 8),
        ("depth_flower-rgb-planar-08.tif", 8),
        ("images_quad-lzw-compat.tiff", 8),
        ("images_tiled-jpeg-ycbcr.tif", 8),
    ],
)
def test_a_tiff_has_the_values_that_pillow_reads(real_data, name, depth):
    data = real_data(f"tiff/{name}").read_bytes()
    image = decode(data, name=name, max_pixels=LIMIT)
    assert image.bit_depth == depth
    with Image.open(io.BytesIO(data)) as opened:
        assert np.array_equal(image.pixels, np.asarray(opened))


def test_bigtiff_is_the_same_in_both_byte_orders(real_data):
    one, other = (outcome(real_data(f"tiff/bigtiff_{name}.tif")).pixels for name in ("BigTIFF", "BigTIFFMotorola"))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("kind", ["minisblack", "rgb-contig"])
def test_the_flower_is_the_same_at_every_depth(real_data, kind, bits):
    few, full = (
        decode(real_data(f"tiff/depth_flower-{kind}-{n}.tif").read_bytes(), name="flower", max_pixels=LIMIT).pixels
        for n in (bits, 16)
    )
    # so many bits are lost: a step of the coarser scale, 2^(16 - bits), is the most that values may differ by
    assert np.abs(few.astype(int) - full).max() <= 2 ** (16 - bits)


def test_few_files_of_the_folders_are_refused(real_data):
    # TIFF: four in LogLuv, ThunderScan, and floating point ink; NIfTI: NaN, six dimensions, and the licence
    for folder, most in (("tiff", 6), ("nifti", 3)):
        found = [outcome(path) for path in files_below(real_data(folder))]
        assert sum(isinstance(one, Exception) for one in found) <= most


def test_the_images_of_a_data_set_are_what_pillow_gives(real_data):
    for path in files_below(real_data("blood_cells_bccd/WBC"))[:40]:
        with Image.open(path) as opened:
            difference = outcome(path).pixels.astype(int) - np.asarray(opened)
        assert np.abs(difference).max() <= 1
