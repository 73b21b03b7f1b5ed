"""DICOM files from elsewhere: the inventory says which have pixels, pydicom what their values are."""

import csv

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_modality_lut, apply_voi_lut

from core.errors import RefusedInput
from core.images import decode, planes
from tests.core.images.files import values_of

# What the inventory counts as having pixels and cannot be decoded, by pydicom neither.
BROKEN = {
    "JPEG2000-embedded-sequence-delimiter.dcm",  # the size in its codestream is overwritten
    "MR_truncated.dcm",
    "badVR.dcm",  # says it has "1A" frames
    "meta_missing_tsyntax.dcm",  # no size
    "nested_priv_SQ.dcm",  # no size
}


def opened(path, plane=0):
    return decode(path.read_bytes(), name=path.name, max_pixels=10**8, plane=plane)


def decoded(path, plane=0):
    return opened(path, plane).shown


@pytest.fixture
def listed(real_data):
    """All files that the inventory lists, and whether they have pixels."""
    folder = real_data("dicom_pydicom")
    with (folder / "INVENTORY_dicom.csv").open(newline="") as file:
        return [(folder / row["path"], row["has_pixels"] == "1") for row in csv.DictReader(file)]


@pytest.fixture
def inventory(listed):
    """Those of them that are there."""
    return [(path, has) for path, has in listed if path.exists()]


def test_every_file_with_pixels_is_decoded_and_all_others_are_refused(listed, inventory):
    count = 0
    for path, has_pixels in inventory:
        if has_pixels and path.name not in BROKEN:
            assert decoded(path).size
            count += 1
            continue
        with pytest.raises(RefusedInput) as caught:
            decoded(path)
        assert repr(path.name) in caught.value.what
    with_pixels = sum(has for _, has in inventory)
    assert (len(listed), sum(has for _, has in listed)) == (185, 108)
    assert len(inventory) >= 167
    assert with_pixels >= 96  # of the 108; the others are not kept here
    assert count >= with_pixels - 5  # 91 of 96, or 103 of all 108


def stored(dataset, plane):
    """A grey frame as pydicom gives it."""
    values = dataset.pixel_array
    return values[plane] if int(dataset.get("NumberOfFrames") or 1) > 1 else values


def frames(inventory):
    """Every grey file with pixels, by pydicom and by us, its first and its last frame."""
    for path, has_pixels in inventory:
        if not has_pixels or path.name in BROKEN or path.suffix == ".gz":
            continue
        dataset = pydicom.dcmread(path)
        if dataset.PhotometricInterpretation.startswith("MONOCHROME"):
            for plane in {0, planes(path.read_bytes(), path.name) - 1}:
                yield path.name, dataset, plane, opened(path, plane)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_values_are_pydicoms_after_its_modality_table(inventory):
    exact = 0
    for name, dataset, plane, image in frames(inventory):
        if image.tone is None:
            continue
        values, theirs = stored(dataset, plane), apply_modality_lut(stored(dataset, plane), dataset)
        whole = values.dtype.itemsize <= 2
        # whole numbers of up to 16 bits are all there, the others in 65,536 steps of their range
        assert np.abs(values_of(image) - theirs).max() <= (1e-9 if whole else abs(image.tone.slope) / 2 * 1.001), name
        exact += whole
    assert exact >= 40


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_shown_is_pydicoms_on_a_straight_line(inventory):
    compared = 0
    for name, dataset, plane, image in frames(inventory):
        theirs = np.asarray(apply_voi_lut(apply_modality_lut(stored(dataset, plane), dataset), dataset), np.float64)
        ours = image.shown.astype(np.float64)
        if dataset.PhotometricInterpretation == "MONOCHROME1":
            ours = (255 if dataset.BitsStored <= 8 else 65535) - ours
        compared += 1
        if np.ptp(theirs) == 0:
            assert np.ptp(ours) == 0
            continue
        slope = np.ptp(ours) / np.ptp(theirs)
        line = (theirs - theirs.min()) * slope + ours.min()
        assert np.abs(line - ours).max() <= 1, name
    assert compared >= 60


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_colours_are_pydicoms(inventory):
    compared = 0
    for path, has_pixels in inventory:
        if not has_pixels or path.name in BROKEN:
            continue
        dataset = pydicom.dcmread(path, force=True)
        if dataset.get("SamplesPerPixel") != 3 or dataset.BitsStored > 16 or path.suffix == ".gz":
            continue
        theirs = pydicom.pixels.pixel_array(dataset, index=0)
        ours = decoded(path)
        assert np.array_equal(ours if ours.ndim == 3 else np.dstack([ours] * 3), theirs), path.name
        compared += 1
    assert compared >= 20


@pytest.mark.parametrize("name", ["RLE", "jp2klossless", "jpeg_ls_lossless", "implicit", "bigendian"])
def test_the_same_image_is_the_same_in_every_lossless_syntax(real_data, name):
    folder = real_data("dicom_pydicom/test_files")
    assert np.array_equal(decoded(folder / f"MR_small_{name}.dcm"), decoded(folder / "MR_small.dcm"))


def test_lossless_jpeg_in_colour(real_data):
    found = decoded(real_data("dicom_pydicom/test_files/SC_rgb_jpeg_gdcm.dcm"))
    # ten stripes of ten rows, as the dcmtk project drew them
    stripes = [(255, 0, 0), (255, 128, 128), (0, 255, 0), (128, 255, 128), (0, 0, 255), (128, 128, 255)]
    greys = [(value,) * 3 for value in (0, 64, 192, 255)]
    assert [tuple(found[row, 50].tolist()) for row in range(5, 100, 10)] == stripes + greys
