import gzip
import io
import logging
import struct
import warnings

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import MPEG2MPML, JPEG2000Lossless, JPEGBaseline8Bit, RTPlanStorage

from core.errors import BadImage, NotHandledYet, RefusedInput, TooLarge
from core.images import Tone, decode, inflate, planes
from tests.core.images.dicom_files import PLAIN, ct, dicom, elements, written
from tests.core.images.files import noise, values_of


def opened(data, plane=0, max_pixels=10**6):
    return decode(data, name="scan.dcm", max_pixels=max_pixels, plane=plane)


def shown(data, plane=0, max_pixels=10**6):
    return opened(data, plane, max_pixels).shown


@pytest.mark.parametrize("syntax", PLAIN)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_uncompressed_syntax_gives_the_same_values(syntax, dtype):
    pixels = noise(6, 8, dtype=dtype)
    pixels[0, 0], pixels[0, 1] = 0, np.iinfo(dtype).max  # the whole range, so that no value is moved
    image = decode(dicom(pixels, syntax=syntax), name="scan.dcm", max_pixels=48)
    assert np.array_equal(image.pixels, pixels)
    assert (image.bit_depth, image.grey, image.format) == (pixels.itemsize * 8, True, "DICOM")


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big endian"])
def test_a_file_without_preamble_and_meta_header_is_read(syntax):
    pixels = noise(6, 8)
    assert np.array_equal(shown(dicom(pixels, syntax=syntax, preamble=False)), pixels)


def test_a_gzipped_file_is_read():
    assert np.array_equal(shown(gzip.compress(dicom(noise(6, 8)))), noise(6, 8))


def test_what_deflates_or_unzips_too_far_is_refused(monkeypatch):
    monkeypatch.setattr(inflate, "MOST_MIB", 1)
    large = np.zeros((1100, 1000), np.uint8)  # 1.05 MiB
    for data in (dicom(large, syntax="deflated"), gzip.compress(dicom(large))):
        assert len(data) < 10_000
        with pytest.raises(TooLarge, match="more than 1 MiB"):
            shown(data, max_pixels=10**8)


def test_without_a_window_more_than_eight_bits_are_spread_over_their_own_range():
    # from -1000 to 900 in steps of 100: 65,535 / 19 = 3,449.2 each
    found = shown(dicom(ct()))
    assert found.dtype == np.uint16
    assert found.ravel()[:3].tolist() == [0, 3449, 6898]
    assert found.ravel()[-1] == 65535


def test_the_window_cuts_what_lies_outside():
    # centre 0.5, width 401: from -200 to 200 (PS3.3 C.11.2.1.2: centre - 0.5, width - 1)
    found = shown(dicom(ct(), WindowCenter=0.5, WindowWidth=401)).ravel()
    assert found[:9].tolist() == [0] * 9  # -1000 to -200
    assert found[9:12].tolist() == [16384, 32768, 49151]  # a quarter, a half and three quarters of 65,535
    assert found[12:].tolist() == [65535] * 8


def test_rescaling_comes_before_the_window():
    # 0, 10, 20 become -100, 0, 100; the window is from -100 to 100
    pixels = np.array([[0, 10, 20]], np.uint16)
    more = {"RescaleSlope": 10, "RescaleIntercept": -100, "WindowCenter": 0.5, "WindowWidth": 201}
    assert shown(dicom(pixels, **more)).tolist() == [[0, 32768, 65535]]


def test_of_several_windows_the_first_counts():
    one = shown(dicom(ct(), WindowCenter=0.5, WindowWidth=401))
    assert np.array_equal(shown(dicom(ct(), WindowCenter=[0.5, 40], WindowWidth=[401, 80])), one)


@pytest.mark.parametrize("width", [0, 1])
def test_a_window_of_no_width_is_none(width):
    assert np.array_equal(shown(dicom(ct(), WindowCenter=0, WindowWidth=width)), shown(dicom(ct())))


def test_eight_bits_stay_eight_through_a_window():
    found = shown(dicom(np.array([[0, 100, 150, 200, 255]], np.uint8), WindowCenter=150.5, WindowWidth=101))
    assert found.dtype == np.uint8
    assert found.tolist() == [[0, 0, 128, 255, 255]]  # from 100 to 200


def test_a_lookup_table_counts_more_than_a_window():
    table = Dataset()
    table.LUTDescriptor, table.LUTData = [3, 0, 16], [7, 500, 65535]
    table["LUTDescriptor"].VR = table["LUTData"].VR = "US"
    pixels = np.array([[0, 1, 2]], np.uint16)
    data = dicom(pixels, VOILUTSequence=Sequence([table]), WindowCenter=1, WindowWidth=2)
    assert shown(data).tolist() == [[7, 500, 65535]]


def test_in_monochrome1_high_values_are_dark_so_they_are_inverted():
    assert shown(dicom(np.array([[0, 1, 255]], np.uint8), colours="MONOCHROME1")).tolist() == [[255, 254, 0]]
    window = {"WindowCenter": 0.5, "WindowWidth": 401}
    assert np.array_equal(shown(dicom(ct(), colours="MONOCHROME1", **window)), 65535 - shown(dicom(ct(), **window)))


def test_stored_values_are_kept_and_say_what_they_mean():
    # pixels of signed 16 bits begin at -32,768: 2 (p - 32,768) - 7
    more = {"RescaleSlope": 2, "RescaleIntercept": -7, "WindowCenter": 0.5, "WindowWidth": 401}
    image = opened(dicom(ct(), **more))
    assert image.pixels.ravel()[:2].tolist() == [31768, 31868]
    assert image.tone == Tone(2.0, -7.0 - 65536.0, -200.0, 200.0)
    assert np.array_equal(values_of(image), ct() * 2 - 7)


@pytest.mark.parametrize(
    ("more", "ends"),
    # PS3.3 C.11.2.1.2: centre - 0.5 and width - 1; C.11.2.1.3.2: centre and width
    [
        ({}, (-199.5, 199.5)),
        ({"VOILUTFunction": "LINEAR"}, (-199.5, 199.5)),
        ({"VOILUTFunction": "LINEAR_EXACT"}, (-199.5, 200.5)),
    ],
)
def test_the_ends_of_a_window_follow_from_its_function(more, ends):
    tone = opened(dicom(ct(), WindowCenter=0.5, WindowWidth=400, **more)).tone
    assert (tone.low, tone.high) == ends


@pytest.mark.parametrize(
    "more", [{}, {"RescaleSlope": -3, "RescaleIntercept": 100}, {"WindowCenter": 5, "WindowWidth": 9}]
)
@pytest.mark.parametrize("colours", ["MONOCHROME1", "MONOCHROME2"])
def test_brighter_pixels_are_higher_whatever_the_values_do(colours, more):
    image = opened(dicom(ct(), colours=colours, **more))
    assert np.allclose(values_of(image), ct() * more.get("RescaleSlope", 1) + more.get("RescaleIntercept", 0))
    assert (image.tone.slope < 0) == (colours == "MONOCHROME1")
    order = np.argsort(image.pixels, axis=None)
    assert (np.diff(image.shown.ravel()[order].astype(int)) >= 0).all()


@pytest.mark.parametrize(
    ("more", "unit"),
    [
        ({"Modality": "CT"}, "HU"),
        ({"Modality": "CT", "RescaleType": "US"}, ""),
        ({"RescaleType": "OD"}, "OD"),
        ({"RescaleType": "Planted^Name"}, ""),
        ({"Modality": "MR"}, ""),
    ],
)
def test_a_unit_is_one_of_the_standards_and_never_free_text(more, unit):
    assert opened(dicom(ct(), RescaleSlope=1, RescaleIntercept=0, **more)).tone.unit == unit


def test_what_is_no_straight_line_is_a_picture_at_once():
    table = Dataset()
    table.LUTDescriptor, table.LUTData, table.ModalityLUTType = [3, 0, 16], [7, 500, 65535], "US"
    table["LUTDescriptor"].VR = table["LUTData"].VR = "US"
    pixels = np.array([[0, 1, 2]], np.uint16)
    assert opened(dicom(pixels, ModalityLUTSequence=Sequence([table]))).tone is None
    curved = dicom(ct(), WindowCenter=0.5, WindowWidth=401, VOILUTFunction="SIGMOID")
    assert opened(curved).tone is None
    # 65,535 / (1 + exp(-4 (0 - 0.5) / 401)) = 32,686
    assert abs(int(shown(curved).ravel()[10]) - 32686) <= 40


def test_eight_bits_about_which_nothing_is_said_are_the_picture():
    image = opened(dicom(noise(4, 5), RescaleSlope=1, RescaleIntercept=0))
    assert image.tone is None
    assert np.array_equal(image.pixels, noise(4, 5))


def test_few_bits_are_spread_over_eight():
    assert shown(dicom(np.array([[0, 1, 15]], np.uint8), bits=4)).tolist() == [[0, 17, 255]]


def test_frames_come_one_by_one():
    pixels = np.stack([noise(4, 5, seed=seed) for seed in range(3)])
    data = dicom(pixels, frames=3)
    assert planes(data, "scan.dcm") == 3
    assert all(np.array_equal(shown(data, k), pixels[k]) for k in range(3))
    with pytest.raises(BadImage, match="no plane 4; it has 3"):
        shown(data, 3)


@pytest.mark.parametrize("dtype", [np.int16, np.int32])
def test_without_a_window_all_frames_have_one_scale(dtype):
    # from -100 to 300 in all: 0 is a quarter of the way (65,535 / 4 = 16,383.75), 100 half (32,767.5, to the even)
    pixels = np.array([[[-100, 0]], [[0, 100]], [[100, 300]]], dtype)
    data = dicom(pixels, frames=3, RescaleSlope=2, RescaleIntercept=7)
    assert [shown(data, k).tolist() for k in range(3)] == [[[0, 16384]], [[16384, 32768]], [[32768, 65535]]]
    assert [values_of(opened(data, k)).tolist() for k in range(3)] == (pixels * 2 + 7).tolist()
    assert len({opened(data, k).tone for k in range(3)}) == 1


def test_each_frame_has_its_own_window():
    def group(centre):
        voi, frame = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = centre, 401
        frame.FrameVOILUTSequence = Sequence([voi])
        return frame

    pixels = np.stack([ct(), ct()])
    data = dicom(pixels, frames=2, PerFrameFunctionalGroupsSequence=Sequence([group(0.5), group(200.5)]))
    assert np.array_equal(shown(data, 0), shown(dicom(ct(), WindowCenter=0.5, WindowWidth=401)))
    assert np.array_equal(shown(data, 1), shown(dicom(ct(), WindowCenter=200.5, WindowWidth=401)))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_stay_as_they_are(dtype):
    pixels = noise(4, 5, 3, dtype)
    assert np.array_equal(shown(dicom(pixels)), pixels)


def test_ybr_becomes_rgb():
    # luminance 128 without colour is grey; Cr at its end adds 1.402 * 127 to red and takes 0.714 * 127 from green
    pixels = np.array([[[128, 128, 128], [100, 128, 255]]], np.uint8)
    assert shown(dicom(pixels, colours="YBR_FULL")).tolist() == [[[128, 128, 128], [255, 9, 100]]]


def test_a_rarer_colour_space_is_refused_instead_of_shown_wrongly():
    with pytest.raises(NotHandledYet, match="colour space"):
        shown(dicom(noise(2, 2, 3), colours="YBR_PARTIAL_420"))


def test_a_palette_is_looked_up():
    found = elements(np.array([[0, 1]], np.uint8), colours="PALETTE COLOR")
    for colour, values in (("Red", [10, 20]), ("Green", [30, 40]), ("Blue", [50, 60])):
        setattr(found, f"{colour}PaletteColorLookupTableDescriptor", [2, 0, 8])
        found[f"{colour}PaletteColorLookupTableDescriptor"].VR = "US"
        setattr(found, f"{colour}PaletteColorLookupTableData", bytes(values))
    found.PixelData = bytes([0, 1])
    found["PixelData"].VR = "OB"
    assert shown(written(found, PLAIN["explicit"])).tolist() == [[[10, 30, 50], [20, 40, 60]]]


def compressed(pixels, syntax, kind, **options):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    found = elements(pixels)
    found.PixelData = encapsulate([buffer.getvalue()])
    found["PixelData"].VR = "OB"
    return written(found, syntax)


def test_a_lossless_frame_has_the_values_that_went_in():
    assert np.array_equal(shown(compressed(noise(40, 60), JPEG2000Lossless, "JPEG2000")), noise(40, 60))


@pytest.mark.parametrize(("syntax", "kind"), [(JPEG2000Lossless, "JPEG2000"), (JPEGBaseline8Bit, "JPEG")])
def test_a_frame_larger_than_the_file_says_is_refused_before_it_is_decoded(syntax, kind, monkeypatch):
    data = bytearray(compressed(noise(40, 60), syntax, kind))
    if kind == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 50000, 60000)
    else:
        at = data.index(b"\xff\x4f\xff\x51") + 8
        data[at : at + 8] = struct.pack(">II", 60000, 50000)
    monkeypatch.setattr("pydicom.pixels.decoders.base.Decoder.as_array", None)
    with pytest.raises(TooLarge, match="60,000 × 50,000"):
        shown(bytes(data))


def test_an_image_too_large_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr("pydicom.pixels.decoders.base.Decoder.as_array", None)
    with pytest.raises(TooLarge, match="8 × 6 pixels; at most 47"):
        shown(dicom(noise(6, 8)), max_pixels=47)


def test_a_syntax_that_is_not_decoded_is_named():
    found = elements(noise(6, 8))
    found.PixelData = encapsulate([b"\0\0\1\xb3"])
    found["PixelData"].VR = "OB"
    with pytest.raises(NotHandledYet, match="MPEG2 Main Profile") as caught:
        shown(written(found, MPEG2MPML))
    assert "uncompressed" in caught.value.remedy


def test_a_file_without_an_image_is_called_by_its_kind():
    found = elements(noise(6, 8))
    found.SOPClassUID = RTPlanStorage
    with pytest.raises(BadImage, match=r"'scan\.dcm' holds no image; it is of the kind 'RT Plan Storage'"):
        shown(written(found, PLAIN["explicit"]))


@pytest.mark.parametrize("missing", ["Rows", "BitsAllocated", "PhotometricInterpretation", "SamplesPerPixel"])
def test_a_file_that_does_not_say_enough_is_damaged(missing):
    found = elements(noise(6, 8))
    found.PixelData = noise(6, 8).tobytes()
    found["PixelData"].VR = "OB"
    delattr(found, missing)
    with pytest.raises(BadImage, match="damaged"):
        shown(written(found, PLAIN["explicit"]))


def test_a_file_that_was_cut_off_is_damaged():
    with pytest.raises(BadImage, match="damaged"):
        shown(dicom(noise(6, 8))[:-10])


@pytest.mark.parametrize("keyword", ["SOPClassUID", "PatientName", "StudyDate", "WindowCenter", "NumberOfFrames"])
def test_nothing_that_stands_in_the_file_gets_into_a_refusal_or_the_log(keyword, caplog, recwarn):
    found = elements(noise(6, 8))
    if keyword != "PatientName":
        found.PixelData = b"\0"
        found["PixelData"].VR = "OB"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        setattr(found, keyword, "1.2.987654" if keyword == "SOPClassUID" else "19990101")
        data = bytearray(written(found, PLAIN["explicit"]))
    planted = b"1.2.987654" if keyword == "SOPClassUID" else b"19990101"
    data = bytes(data).replace(planted, b"Doe^Jane"[: len(planted)].ljust(len(planted)))
    with caplog.at_level(logging.DEBUG), pytest.raises(RefusedInput) as caught:
        shown(data)
    said = f"{caught.value.what} {caught.value.remedy} {caught.value.__cause__} {caplog.text}"
    assert "Doe" not in said
    assert "Planted" not in said
    assert "PLANTED" not in said
    assert not list(recwarn)


def test_a_jpeg_2000_box_without_a_length_is_refused_and_not_followed_for_ever():
    frame = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(4) + b"ftypjp2 "
    found = elements(noise(8, 8))
    found.PixelData = encapsulate([frame])
    found["PixelData"].VR = "OB"
    with pytest.raises(BadImage):
        decode(written(found, JPEG2000Lossless), name="an image", max_pixels=10**6)
