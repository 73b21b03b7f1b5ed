"""Files of several planes with changed bytes: each is decoded or refused in words."""

import gzip

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit

from core.errors import RefusedInput
from core.images import Decoded, decode, planes
from core.images.window import window
from core.specs import Window
from tests.core.images.dicom_files import ct, dicom
from tests.core.images.files import noise
from tests.core.images.test_dicom import compressed
from tests.core.images.test_tiff_pages import written

VOLUME = nibabel.Nifti1Image(np.stack([ct(), ct()], axis=-1), np.eye(4)).to_bytes()
FILES = {
    "DICOM": dicom(ct(), WindowCenter=0, WindowWidth=100),
    "DICOM deflated": dicom(ct(), syntax="deflated"),
    "DICOM without preamble": dicom(noise(4, 5, 3), preamble=False),
    "DICOM frames": dicom(np.stack([noise(4, 5)] * 2), frames=2),
    "DICOM JPEG": compressed(noise(8, 8), JPEGBaseline8Bit, "JPEG"),
    "DICOM JPEG 2000": compressed(noise(8, 8), JPEG2000Lossless, "JPEG2000"),
    "NIfTI": VOLUME,
    "NIfTI gzip": gzip.compress(VOLUME),
    "TIFF float": written(np.ones((2, 3), np.float32), np.zeros((2, 3), np.float32), compression="zlib"),
    "TIFF signed": written(ct(), ct(), compression="lzw"),
}


def outcome(data, axis=2):
    """What is decoded of the last plane, and shown of it, or the refusal."""
    try:
        last = planes(data, "an image", axis) - 1
        found = decode(data, name="an image", max_pixels=10**6, plane=last, axis=axis)
    except RefusedInput as refusal:
        return refusal
    assert found.shown.shape == found.pixels.shape
    for step in (Window(source="preset"), Window(source="percentiles")):
        assert window(found.pixels, step, found.tone).dtype == found.pixels.dtype
    return found


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_hostile_bytes_are_decoded_or_refused(name, chosen):
    data = bytearray(FILES[name])
    for _ in range(chosen.draw(st.integers(1, 8))):
        data[chosen.draw(st.integers(0, len(data) - 1))] = chosen.draw(st.integers(0, 255))
    found = outcome(bytes(data), chosen.draw(st.integers(0, 2)))
    assert isinstance(found, Decoded) or found.remedy


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_file_that_was_cut_off_is_refused(name, share):
    data = FILES[name]
    assert "'an image'" in outcome(data[: int(len(data) * share)]).what
