import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images import tags
from tests.core.images.files import tiff, turned


@pytest.mark.parametrize("order", ["<", ">"])
def test_values_that_fit_their_entry_and_values_that_do_not(order):
    found = tags.first_directory(tiff(np.zeros((2, 3, 3), np.uint8), 2, order=order))
    assert found[tags.WIDTH] == (3,)
    assert found[tags.HEIGHT] == (2,)
    assert found[tags.BITS] == (8, 8, 8)  # six bytes: stand elsewhere
    assert found[tags.PHOTOMETRIC] == (2,)


def test_an_entry_that_points_outside_is_left_out_and_the_others_count():
    data = bytearray(tiff(np.zeros((2, 3, 3), np.uint8), 2))
    at = data.index(bytes([2, 1, 3, 0, 3, 0, 0, 0])) + 8  # where the entry of tag 258 (0x0102) says its values stand
    data[at : at + 4] = b"\xff\xff\xff\x7f"
    found = tags.first_directory(bytes(data))
    assert tags.BITS not in found
    assert found[tags.PHOTOMETRIC] == (2,)


def test_of_a_tag_that_stands_twice_the_first_counts():
    entries = struct.pack("<HHIHHHHIHH", 256, 3, 1, 7, 0, 256, 3, 1, 60000, 0)
    assert tags.first_directory(b"II*\0\x08\0\0\0\x02\0" + entries) == {tags.WIDTH: (7,)}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_of_exif_data(orientation):
    data = turned(orientation).tobytes()
    assert tags.orientation(data) == orientation
    assert tags.orientation(data.removeprefix(b"Exif\0\0")) == orientation


@pytest.mark.parametrize(
    "data", [b"", b"Exif\0\0", b"II", b"II*\0\xff\xff\xff\xff", turned(9).tobytes(), turned(0).tobytes()]
)
def test_what_does_not_say_is_upright(data):
    assert tags.orientation(data) == 1


@given(st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]), st.binary(max_size=120))
def test_no_bytes_are_too_hostile(mark, rest):
    found = tags.first_directory(mark + rest)
    assert all(isinstance(value, int) for values in found.values() for value in values)
