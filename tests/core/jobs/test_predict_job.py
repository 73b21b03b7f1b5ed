"""What the job that asks a model takes out of a file: the image, or the one in the middle, with its measured values."""

import nibabel
import numpy as np
import pytest

from core.jobs.predict_job import _came
from tests.core.images.dicom_files import ct, dicom
from tests.core.images.files import by_opencv, noise, values_of


def test_one_image_is_taken_as_it_is():
    name, image = _came(by_opencv(noise(4, 5), ".png"), "scan.png", 100, 2)
    assert name == "scan.png"
    assert np.array_equal(image.pixels, noise(4, 5))


@pytest.mark.parametrize(
    ("data", "planes"),
    [
        (dicom(np.stack([ct() // k for k in (1, 2, 3)]), frames=3), 3),
        (
            nibabel.Nifti1Image(
                np.stack([ct(4, 5).T // k for k in (1, 3, 2, 4)], -1), np.diag([-1, -1, 1, 1])
            ).to_bytes(),
            4,
        ),
    ],
)
def test_of_several_the_one_in_the_middle_is_taken_and_named(data, planes):
    name, image = _came(data, "scan", 100, 2)
    middle = planes // 2 + 1
    assert name == f"scan, frame {middle} of {planes}"
    assert np.array_equal(values_of(image), ct() // 2)


def test_slices_are_taken_as_those_of_the_data_set_were():
    values = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    name, image = _came(nibabel.Nifti1Image(values, np.diag([-1, -1, 1, 1])).to_bytes(), "scan", 100, 0)
    assert name == "scan, frame 2 of 2"
    assert np.array_equal(image.pixels, values[1, :, ::-1].T)  # sagittal: columns to the back, rows to the feet
