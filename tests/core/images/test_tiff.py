import numpy as np
import pytest

from core.errors import BadImage, NotHandledYet
from core.images.tiff import read_tiff
from tests.core.images.files import tiff

GREY, COLOUR = np.zeros((2, 3), np.uint16), np.zeros((2, 3, 3), np.uint16)


def test_what_a_plain_file_says():
    found = read_tiff(tiff(GREY), "a.tif")
    assert (found.width, found.height, found.bits, found.inverted, found.only_opencv) == (3, 2, 16, False, False)


def test_sixteen_bit_colour_goes_to_opencv_as_pillow_would_cut_it_to_eight():
    assert read_tiff(tiff(COLOUR, 2), "a.tif").only_opencv
    assert not read_tiff(tiff(COLOUR.astype(np.uint8), 2), "a.tif").only_opencv


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (tiff(np.zeros((2, 3), np.float32), more={339: [3]}.items()), "floating point"),
        (tiff(GREY, more={339: [2]}.items()), "signed"),
        (tiff(np.zeros((2, 3), np.uint32)), "32 bits"),
        (tiff(GREY.astype(np.uint8), bits=6), "6 bits"),
        (tiff(COLOUR, 2, more={258: [5, 6, 5]}.items()), "5 and 6 bits"),
        (tiff(COLOUR, 2, more={258: [8, 16, 8]}.items()), "8 and 16 bits"),
        (tiff(GREY, 32844), "colour space"),
        (tiff(GREY, more={259: [32809]}.items()), "compression"),
        (tiff(COLOUR, 2, more={259: [50000]}.items()), "compression"),  # OpenCV lacks Zstandard
        (tiff(COLOUR, 2, more={284: [2]}.items()), "separate planes"),
        (tiff(np.zeros((2, 3, 2), np.uint16), 1), "2 channels of 16 bits"),
        (tiff(np.zeros((2, 3, 5), np.uint8), 5), "5 channels"),
    ],
)
def test_what_no_decoder_reads_faithfully_is_refused_in_words(data, what):
    with pytest.raises(NotHandledYet, match=what) as caught:
        read_tiff(data, "a.tif")
    assert "16-bit TIFF or PNG" in caught.value.remedy


@pytest.mark.parametrize("data", [b"II*\0", b"II*\0\x08\0\0\0", b"MM\0*" + bytes(30)])
def test_a_file_without_a_size_is_damaged(data):
    with pytest.raises(BadImage, match="damaged"):
        read_tiff(data, "a.tif")
