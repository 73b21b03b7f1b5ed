import numpy as np
import pytest

from core.errors import BadImage
from core.images.values import full_range, own_range, spread


def test_the_ends_become_black_and_white_and_what_lies_beyond_is_cut_off():
    # 15 lies halfway: 127.5 is rounded to the even 128
    assert spread(np.array([0, 10, 15, 20, 99]), 10, 20, np.uint8).tolist() == [0, 0, 128, 255, 255]


def test_nothing_between_the_ends_is_black():
    assert spread(np.array([7.0, 7.0]), 7, 7).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("bits", "dtype", "expected"),
    [
        (1, np.uint8, [0, 255]),
        (4, np.uint8, [0, 17]),  # 255 / 15
        (8, np.uint8, [0, 1]),
        (12, np.uint16, [0, 16]),  # 65,535 / 4,095 = 16.004
        (16, np.uint16, [0, 1]),
    ],
)
def test_a_depth_is_spread_over_all_of_its_type(bits, dtype, expected):
    found = full_range(np.array([0, 1], np.uint16), bits)
    assert found.dtype == dtype
    assert found.tolist() == expected


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.uint32, np.float16, np.float32, np.float64])
def test_the_own_range_reaches_from_black_to_white(dtype):
    # 20 lies a quarter of the way from 0 to 80: 65,535 / 4 = 16,383.75
    assert own_range(np.array([[0, 20, 80]], dtype), "a").tolist() == [[0, 16384, 65535]]


def test_the_largest_numbers_do_not_overflow():
    assert own_range(np.array([0, 2**63 - 1], np.int64), "a").tolist() == [0, 65535]
    assert own_range(np.array([0, 1.7e308]), "a").tolist() == [0, 65535]


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("values", [[np.nan, 1], [np.inf, 1], [-1.7e308, 1.7e308]])
def test_what_is_no_number_is_refused_by_the_name_of_the_file(values):
    with pytest.raises(BadImage, match=r"'scan\.tif'.*not numbers"):
        own_range(np.array(values), "scan.tif")
