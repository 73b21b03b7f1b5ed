import gzip
import struct

import pytest

from core.errors import BadImage, NotHandledYet
from core.images.sniff import kind_of
from tests.core.images.files import by_pillow, ramp


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("PNG", "PNG"), ("JPEG", "JPEG"), ("BMP", "BMP"), ("WebP", "WEBP"), ("TIFF", "TIFF"), ("GIF", "GIF")],
)
def test_the_content_tells_the_kind_whatever_the_name(kind, suffix):
    assert kind_of(by_pillow(ramp(), suffix), "report.docx") == kind


@pytest.mark.parametrize("mark", [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"])
def test_tiff_and_bigtiff_in_both_byte_orders(mark):
    assert kind_of(mark + bytes(20), "a.tif") == "TIFF"


def nifti(mark, at):
    return bytes(at) + mark + bytes(400)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (bytes(128) + b"DICM" + bytes(50), "DICOM"),
        (gzip.compress(bytes(128) + b"DICM" + bytes(50)), "DICOM"),
        (b"II*\0" + bytes(124) + b"DICM", "DICOM"),  # a preamble that looks like TIFF
        (struct.pack("<HH", 8, 5) + b"CS" + bytes(50), "DICOM"),  # without preamble
        (struct.pack(">HH", 8, 5) + b"CS" + bytes(50), "DICOM"),
        (nifti(b"n+1\0", 344), "NIfTI"),
        (nifti(b"n+2\0", 4), "NIfTI"),
        (gzip.compress(nifti(b"n+1\0", 344)), "NIfTI"),
    ],
)
def test_medical_kinds_are_told_by_their_content(data, kind):
    assert kind_of(data, "scan") == kind


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (nifti(b"ni1\0", 344), "NIfTI pair"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(50), "JPEG 2000"),
        (b"8BPS\0\x01" + bytes(50), "Photoshop"),
    ],
)
def test_kinds_that_come_later_are_named_with_a_remedy(data, what):
    with pytest.raises(NotHandledYet, match=what) as caught:
        kind_of(data, "scan")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "data", [b"hello", b"\x1f\x8b broken gzip", gzip.compress(b"text"), b"RIFF....WAVE", b"\0" * 600]
)
def test_what_is_no_image_is_refused(data):
    with pytest.raises(BadImage, match="notes"):
        kind_of(data, "notes.txt")


def test_an_empty_file_is_called_empty():
    with pytest.raises(BadImage, match="empty"):
        kind_of(b"", "a.png")


def test_a_gzip_bomb_is_not_unpacked():
    # 64 MB of zeros in 64 kB: only the first bytes are asked for
    with pytest.raises(BadImage):
        kind_of(gzip.compress(bytes(2**26), 1), "bomb.nii.gz")
