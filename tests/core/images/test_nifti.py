import gzip

import nibabel
import numpy as np
import pytest

from core.errors import BadImage, NotHandledYet, TooLarge
from core.images import decode, opened, planes
from tests.core.images.files import values_of

LPS = np.diag([-1.0, -1, 1, 1])  # the first axis runs to the patient's left, the second to the back: as DICOM shows it
RAS = np.eye(4)


def volume(values, affine=LPS, kind=nibabel.Nifti1Image, **header):
    image = kind(values, affine)
    for key, value in header.items():
        image.header[key] = value
    return image.to_bytes()


def shown(data, plane=0):
    return decode(data, name="scan.nii", max_pixels=10**6, plane=plane).shown


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
    assert image.shown.tolist() == [[0, 32768, 65535]]
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
    assert shown(bytes(data)).tolist() == [[255, 128, 0]]


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


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize(
    "name", ["anatomical.nii", "example4d.nii.gz", "example_ct_sm.nii.gz", "example_nifti2.nii.gz", "functional.nii"]
)
def test_slices_have_the_values_that_nibabel_reads(real_data, name, axis):
    path = real_data(f"nifti/{name}")
    image = nibabel.load(path)
    whole = np.asarray(nibabel.as_closest_canonical(image).dataobj, np.float64)  # right, front, head
    whole = whole.reshape(*whole.shape[:3], -1)
    low, high = float(image.header["cal_min"]), float(image.header["cal_max"])
    low, high = (low, high) if low < high else (whole.min(), whole.max())
    runs_back = next(way for place, way in nibabel.io_orientation(image.affine) if place == axis) < 0
    with opened(path.read_bytes(), name=name, max_pixels=10**6, axis=axis) as file:
        slices, volumes = whole.shape[axis], whole.shape[3]
        assert file.planes == slices * volumes
        for volume, k in {(0, 0), (volumes - 1, slices // 2), (volumes // 2, slices - 1)}:
            place = slices - 1 - k if runs_back else k
            expected = np.take(whole[..., volume], place, axis)[::-1, ::-1].T
            found = file.decode(volume * slices + k)
            step = abs(found.tone.slope) / 2
            assert np.abs(values_of(found) - expected).max() <= step
            grey = np.clip((expected - low) / (high - low), 0, 1) * np.iinfo(found.pixels.dtype).max
            one_step = np.iinfo(found.pixels.dtype).max * step / (high - low)
            assert np.abs(found.shown - grey).max() <= 0.5 + one_step + 1e-6


def test_each_axis_of_the_patient_shows_its_own_view():
    # the array runs to the back, to the head and to the left: its axes are 1, 2 and 0 of the patient
    affine = np.array([[0.0, 0, -1, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    values = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    with opened(volume(values, affine), name="scan.nii", max_pixels=100, axis=2) as axial:
        assert axial.planes == 3
        assert np.array_equal(axial.decode(1).pixels, values[:, 1, :])  # rows to the back, columns to the left
    with opened(volume(values, affine), name="scan.nii", max_pixels=100, axis=1) as coronal:
        assert coronal.planes == 2
        assert np.array_equal(coronal.decode(1).pixels, values[1, ::-1, :])  # rows to the feet, columns to the left
    with opened(volume(values, affine), name="scan.nii", max_pixels=100, axis=0) as sagittal:
        assert sagittal.planes == 4
        assert np.array_equal(sagittal.decode(1).pixels, values[:, ::-1, 1].T)  # rows to the feet, columns to the back


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_slices_of_a_series_count_volume_by_volume_along_every_axis(axis):
    values = np.arange(2 * 3 * 4 * 5, dtype=np.uint8).reshape(2, 3, 4, 5)
    data = gzip.compress(volume(values))
    length = values.shape[axis]
    assert planes(data, "scan.nii", axis) == 5 * length
    found = decode(data, name="scan.nii", max_pixels=100, plane=3 * length + 1, axis=axis).pixels
    expected = np.take(values[..., 3], 1, axis)
    assert sorted(found.ravel().tolist()) == sorted(expected.ravel().tolist())


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32])
def test_every_slice_has_the_scale_of_the_whole_file(dtype):
    # from -10 to 30 in all: 0 is a quarter of the way (65,535 / 4 = 16,383.75), 10 half (32,767.5, to the even 32,768)
    values = np.array([[[-10, 0], [0, 30]], [[10, 10], [0, 0]]], dtype).transpose(1, 2, 0)
    data = volume(values)
    assert sorted(set(shown(data, 0).ravel().tolist())) == [0, 16384, 65535]
    assert sorted(set(shown(data, 1).ravel().tolist())) == [16384, 32768]


def test_a_slice_without_numbers_leaves_the_others_their_scale():
    values = np.zeros((2, 2, 2), np.float32)
    values[0, 0, 0], values[..., 1] = np.nan, [[0, 1], [2, 4]]
    with pytest.raises(BadImage, match="not numbers"):
        shown(volume(values), 0)
    assert sorted(shown(volume(values), 1).ravel().tolist()) == [0, 16384, 32768, 65535]


def test_a_large_file_is_unpacked_on_disk_and_only_as_far_as_it_must(monkeypatch):
    monkeypatch.setattr("core.images.unzipped._IN_MEMORY", 100)
    monkeypatch.setattr("core.images.unzipped._PIECE", 64)
    values = np.arange(10 * 10 * 4, dtype=np.uint8).reshape(10, 10, 4)
    with opened(gzip.compress(volume(values)), name="scan.nii", max_pixels=100) as file:
        assert np.array_equal(file.decode(1).pixels, values[..., 1].T)
        assert file._opened._unpacked._size < 352 + 3 * 100
        assert np.array_equal(file.decode(0).pixels, values[..., 0].T)


def test_a_file_that_unpacks_too_far_is_refused(monkeypatch):
    monkeypatch.setattr("core.images.nifti.FURTHEST", 400)
    with pytest.raises(TooLarge, match="unpacks to more"):
        shown(gzip.compress(volume(np.zeros((10, 10, 4), np.uint8))), 3)


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), -1.0])
def test_an_offset_that_is_no_place_in_the_file_is_refused(offset):
    data = bytearray(nibabel.Nifti1Image(np.zeros((4, 5, 2), np.int16), np.eye(4)).to_bytes())
    data[108:112] = np.float32(offset).tobytes()  # vox_offset, NIfTI-1 header
    with pytest.raises(BadImage):
        decode(bytes(data), name="an image", max_pixels=10**6)
