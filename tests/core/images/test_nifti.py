import gzip

import nibabel
import numpy as np
import pytest

from core.errors import BadImage, NotHandledYet, TooLarge
from core.images import decode, planes

LPS = np.diag([-1.0, -1, 1, 1])  # the first axis runs to the patient's left, the second to the back: as DICOM shows it
RAS = np.eye(4)


def volume(values, affine=LPS, kind=nibabel.Nifti1Image, **header):
    image = kind(values, affine)
    for key, value in header.items():
        image.header[key] = value
    return image.to_bytes()


def shown(data, plane=0):
    return decode(data, name="scan.nii", max_pixels=10**6, plane=plane).pixels


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_slices_lie_along_the_last_axis(kind, pack):
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    data = pack(volume(values, kind=kind))
    assert planes(data, "scan.nii") == 4
    for k in range(4):
        assert np.array_equal(shown(data, k), values[:, :, k].T)


def test_of_a_series_the_volumes_come_one_after_the_other():
    values = np.arange(2 * 3 * 4 * 5, dtype=np.uint8).reshape(2, 3, 4, 5)
    data = volume(values)
    assert planes(data, "scan.nii") == 20
    assert np.array_equal(shown(data, 4 * 2 + 3), values[:, :, 3, 2].T)


def test_a_plane_is_turned_as_dicom_shows_it():
    # towards the patient's right and front in the file, so both axes are turned around
    values = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)
    assert np.array_equal(shown(volume(values, RAS)), values[::-1, ::-1, 0].T)


def test_the_head_is_up_where_the_first_axis_runs_upwards():
    up_and_left = np.array([[0.0, -1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
    values = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)
    assert np.array_equal(shown(volume(values, up_and_left)), values[::-1, :, 0])


@pytest.mark.parametrize("number", [np.inf, np.nan, 1e38])
def test_a_place_in_space_that_makes_no_sense_is_left_alone(number):
    values = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)
    data = bytearray(volume(values))
    data[280:296] = np.full(4, number, "<f4").tobytes()  # srow_x
    assert sorted(shown(bytes(data)).ravel().tolist()) == [0, 1, 2, 3, 4, 5]


def test_other_numbers_are_spread_over_their_own_range():
    # -1000 to 1000; 0 lies in the middle: 32,767.5 is rounded to the even 32,768
    values = np.array([[[-1000]], [[0]], [[1000]]], np.int16)
    image = decode(volume(values), name="scan.nii", max_pixels=10, plane=0)
    assert image.pixels.tolist() == [[0, 32768, 65535]]
    assert (image.bit_depth, image.grey, image.format) == (16, True, "NIfTI")


def test_the_range_of_display_counts_where_the_header_has_one():
    values = np.array([[[0]], [[50]], [[100]], [[200]]], np.int16)
    # 50 lies halfway from 0 to 100
    assert shown(volume(values, cal_min=0, cal_max=100)).tolist() == [[0, 32768, 65535, 65535]]


def test_slope_and_intercept_are_applied():
    values = np.array([[[0]], [[10]], [[20]]], np.uint8)
    # 0, 10, 20 become 5, -15, -35: the order is turned around
    data = bytearray(volume(values))
    header = nibabel.Nifti1Header(bytes(data[:348]))
    header["scl_slope"], header["scl_inter"] = -2, 5
    data[:348] = header.binaryblock
    assert shown(bytes(data)).tolist() == [[65535, 32768, 0]]


def test_colours_stay_as_they_are():
    values = np.zeros((2, 1, 1), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    values[0], values[1] = (1, 2, 3), (4, 5, 6)
    assert shown(volume(values)).tolist() == [[[1, 2, 3], [4, 5, 6]]]


def test_a_volume_without_numbers_is_refused_in_words():
    with pytest.raises(BadImage, match="not numbers") as caught:
        shown(volume(np.full((2, 2, 2), np.nan, np.float32)))
    assert "nan_to_num" in caught.value.remedy


@pytest.mark.parametrize(
    ("values", "what"),
    [(np.zeros((2, 2, 1), np.complex64), "not real"), (np.zeros((2, 2, 1, 1, 3), np.float32), "5 dimensions")],
)
def test_what_is_no_picture_is_named(values, what):
    with pytest.raises(NotHandledYet, match=what):
        shown(volume(values))


def test_a_plane_beyond_the_last_is_refused():
    with pytest.raises(BadImage, match="no plane 5; it has 4"):
        shown(volume(np.zeros((2, 2, 4), np.uint8)), 4)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_volume_that_was_cut_off_is_damaged(pack):
    data = pack(volume(np.random.default_rng(0).integers(0, 255, (20, 20, 2), dtype=np.uint8)))
    with pytest.raises(BadImage, match="damaged"):
        shown(data[:-300], 1)


def test_a_plane_too_large_is_refused_before_it_is_read(monkeypatch):
    data = bytearray(volume(np.zeros((2, 2, 1), np.uint8)))
    data[42:46] = np.array([30000, 30000], "<i2").tobytes()  # dim[1] and dim[2]
    monkeypatch.setattr(np, "frombuffer", None)
    with pytest.raises(TooLarge, match="30,000 × 30,000"):
        shown(bytes(data))


@pytest.mark.parametrize(
    "name", ["anatomical.nii", "example4d.nii.gz", "example_ct_sm.nii.gz", "example_nifti2.nii.gz", "functional.nii"]
)
def test_planes_have_the_values_that_nibabel_reads(real_data, name):
    path = real_data(f"nifti/{name}")
    image = nibabel.load(path)
    everything = np.asarray(image.dataobj, np.float64)
    everything = everything.reshape(*everything.shape[:2], -1, order="F")
    data = path.read_bytes()
    for k in {0, everything.shape[2] // 2, everything.shape[2] - 1}:
        low, high = float(image.header["cal_min"]), float(image.header["cal_max"])
        plane = everything[..., k]
        if low >= high:
            low, high = plane.min(), plane.max()
        expected = np.clip((plane - low) / (high - low), 0, 1) * 65535
        found = shown(data, k)
        turned = [
            candidate
            for flipped in (expected, expected[::-1], expected[:, ::-1], expected[::-1, ::-1])
            for candidate in (flipped, flipped.T)
            if candidate.shape == found.shape
        ]
        assert min(np.abs(candidate - found).max() for candidate in turned) <= 0.5 + 1e-6


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), -1.0])
def test_an_offset_that_is_no_place_in_the_file_is_refused(offset):
    data = bytearray(nibabel.Nifti1Image(np.zeros((4, 5, 2), np.int16), np.eye(4)).to_bytes())
    data[108:112] = np.float32(offset).tobytes()  # vox_offset, NIfTI-1 header
    with pytest.raises(BadImage):
        decode(bytes(data), name="an image", max_pixels=10**6)
