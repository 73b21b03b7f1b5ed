import io

import numpy as np
import pytest
import tifffile

from core.errors import BadImage, NotHandledYet, TooLarge
from core.images import decode, planes
from tests.core.images.files import noise, tiff, values_of


def written(*pages, **options):
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as file:
        for page in pages:
            file.write(page, contiguous=False, **options)
    return buffer.getvalue()


def decoded(data, plane=0):
    return decode(data, name="scan.tif", max_pixels=10**6, plane=plane)


def shown(data, plane=0):
    return decoded(data, plane).shown


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [None, 3])
def test_every_page_has_its_own_values(dtype, channels):
    pages = [noise(6, 8, channels, dtype, seed) for seed in range(3)]
    data = written(*pages, photometric="rgb" if channels else "minisblack")
    assert planes(data, "scan.tif") == 3
    assert all(np.array_equal(shown(data, k), pages[k]) for k in range(3))


def test_a_page_beyond_the_last_is_refused():
    with pytest.raises(BadImage, match="no plane 3; it has 2"):
        shown(written(noise(6, 8), noise(6, 8)), 2)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.uint32, np.float16, np.float32, np.float64])
def test_other_numbers_are_spread_over_their_own_range(dtype):
    # 20 lies a quarter of the way from 0 to 80: 65,535 / 4 = 16,383.75 and 255 / 4 = 63.75
    image = decoded(written(np.array([[0, 20, 80]], dtype)))
    assert image.shown.tolist() == [[0, 64, 255]] if dtype is np.int8 else [[0, 16384, 65535]]
    assert values_of(image).tolist() == [[0, 20, 80]]


def test_numbers_that_fit_no_16_bits_are_kept_in_65536_steps():
    # from -1 to 2 in steps of 3 / 65,535; 0.5 lies halfway: 32,767.5 is rounded to the even 32,768
    image = decoded(written(np.array([[-1, 0.5, 2]], np.float32)))
    assert image.pixels.tolist() == [[0, 32768, 65535]]
    assert image.tone.slope == 3 / 65535
    assert np.abs(values_of(image) - [[-1, 0.5, 2]]).max() <= 3 / 65535


def test_white_at_zero_keeps_the_numbers_and_is_shown_inverted():
    image = decoded(written(np.array([[-5, 0, 15]], np.int16), photometric="miniswhite"))
    assert values_of(image).tolist() == [[-5, 0, 15]]
    assert image.shown.tolist() == [[65535, 49151, 0]]  # 0 is a quarter of the way: 65,535 - 16,384


def test_a_smaller_copy_of_a_page_is_no_plane():
    buffer, pages = io.BytesIO(), [noise(6, 8, seed=seed) for seed in range(3)]
    with tifffile.TiffWriter(buffer) as file:
        for page, kind in zip(pages, (0, 1, 2), strict=True):  # an image, another made smaller, a page of several
            file.write(page, contiguous=False, subfiletype=kind)
    data = buffer.getvalue()
    assert planes(data, "scan.tif") == 2
    assert np.array_equal(shown(data, 1), pages[2])


def test_colours_in_separate_planes_are_put_together():
    pixels = noise(6, 8, 3, np.uint16)
    data = written(np.moveaxis(pixels, -1, 0), photometric="rgb", planarconfig="separate")
    assert np.array_equal(shown(data), pixels)


def test_a_later_page_with_white_at_zero_is_inverted():
    pages = [np.zeros((1, 3), np.uint8), np.array([[0, 1, 255]], np.uint8)]
    assert shown(written(*pages, photometric="miniswhite"), 1).tolist() == [[255, 254, 0]]


def test_a_later_page_is_turned_upright():
    # 6: the first row is at the right
    pages = [noise(2, 3), np.array([[1, 2, 3], [4, 5, 6]], np.uint8)]
    data = written(*pages, extratags=[(274, 3, 1, 6, True)])
    assert shown(data, 1).tolist() == [[4, 1], [5, 2], [6, 3]]


def test_a_later_page_is_shown_over_black():
    pixels = np.array([[[200, 100, 50, 255], [200, 100, 50, 0]]], np.uint8)
    data = written(pixels, pixels, photometric="rgb", extrasamples=["unassalpha"])
    assert shown(data, 1).tolist() == [[[200, 100, 50], [0, 0, 0]]]


def test_ink_takes_light_away():
    # no ink is white; half the cyan leaves half the red; black ink leaves nothing
    pixels = np.array([[[0, 0, 0, 0], [128, 0, 0, 0], [0, 0, 0, 255]]], np.uint8)
    data = written(pixels, pixels, photometric="separated")
    assert shown(data, 1).tolist() == [[[255, 255, 255], [127, 255, 255], [0, 0, 0]]]


def test_a_page_without_numbers_is_refused_in_words():
    with pytest.raises(BadImage, match="not numbers"):
        shown(written(np.array([[np.nan, 1]], np.float32)))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (tiff(noise(2, 3, dtype=np.uint16), 32844), "colour space"),
        (tiff(noise(2, 3, dtype=np.uint16), more={259: [32809]}.items()), "compression"),
        (tiff(np.zeros((2, 3), np.complex64).view(np.uint64), more={339: [6]}.items()), "not real"),
        (tiff(noise(2, 3, 2, np.uint16), 2), "2 channels"),
    ],
)
def test_what_has_no_meaning_as_a_picture_is_named(data, what):
    with pytest.raises(NotHandledYet, match=what):
        shown(data)


def test_a_page_too_large_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(tifffile.TiffPage, "asarray", None)
    for more in ({"size": (60000, 50000)}, {"more": {322: [60000], 323: [50000], 339: [3]}.items()}):
        data = tiff(np.zeros((2, 2), np.float32), **({"more": {339: [3]}.items()} | more))
        with pytest.raises(TooLarge):
            shown(data)


def test_another_file_that_an_ome_file_names_is_never_opened(monkeypatch):
    data = written(noise(6, 8), noise(6, 8), description='<?xml version="1.0"?><OME><Image/></OME>')
    monkeypatch.setattr(tifffile.TiffFile, "series", None)
    assert planes(data, "scan.ome.tif") == 2


def test_the_planes_of_an_ome_file_have_the_values_that_tifffile_reads(real_data):
    path = real_data("tiff/multi-channel-z-series.ome.tif")
    data = path.read_bytes()
    with tifffile.TiffFile(path) as file:
        pages = [page.asarray() for page in file.pages]
    assert planes(data, path.name) == len(pages) == 15
    for k, page in enumerate(pages):
        low, high = int(page.min()), int(page.max())
        expected = (page.astype(np.float64) - low) / (high - low) * 255
        image = decoded(data, k)
        assert np.array_equal(values_of(image), page)
        assert np.abs(image.shown - expected).max() <= 0.5


@pytest.mark.parametrize(
    "name",
    [
        "images_gradient-1c-32b-float",
        "images_gradient-1c-64b",
        "images_predictor-3-rgb-f32",
        "images_random-fp16",
        "images_random-fp16-pred3",
        "images_int16",
        "images_int16_rgb",
        "images_int16_zstd",
        "images_int8",
        "depth_flower-rgb-planar-16",
        "depth_flower-rgb-planar-24",
        "depth_flower-minisblack-32",
    ],
)
def test_real_files_have_the_values_that_tifffile_reads(real_data, name):
    (path,) = real_data("tiff").glob(f"{name}.tif*")
    with tifffile.TiffFile(path) as file:
        values, axes = file.pages[0].asarray(), file.pages[0].axes
    values = np.moveaxis(values, 0, -1) if axes == "SYX" else values
    low, high = (0, 65535) if values.dtype == np.uint16 else (float(values.min()), float(values.max()))
    expected = (values.astype(np.float64) - low) / (high - low)
    image = decoded(path.read_bytes())
    white = np.iinfo(image.pixels.dtype).max
    assert np.abs(image.shown - expected * white).max() <= 0.5
    if image.tone is not None:  # half a step at most, nothing where whole numbers fit
        step = 0 if image.tone.slope == 1 else image.tone.slope / 2
        assert np.abs(values_of(image) - values).max() <= step * (1 + 1e-9)


def test_the_flower_is_the_same_in_planes_and_side_by_side(real_data):
    for bits in ("02", "04", "08", "10", "12", "14", "16", "24", "32"):
        one, other = (
            shown(real_data(f"tiff/depth_flower-rgb-{kind}-{bits}.tif").read_bytes()) for kind in ("contig", "planar")
        )
        assert np.abs(one.astype(int) - other).max() <= 1, bits
