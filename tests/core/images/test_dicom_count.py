"""Every file that the inventory of DICOM files describes: decoded, or refused with a reason."""

import csv
from pathlib import Path

from pydicom.data import get_charset_files

from core.errors import RefusedInput
from core.images import decode
from tests.core.images.test_dicom_real_data import BROKEN


def found(folder, path):
    """A file of the inventory; those of odd character sets come with pydicom itself."""
    if (folder / path).exists():
        return (folder / path).read_bytes()
    (place,) = get_charset_files(path.rpartition("/")[2])
    return Path(place).read_bytes()


def test_at_least_100_of_the_108_files_with_pixels_are_decoded(real_data):
    folder = real_data("dicom_pydicom")
    with (folder / "INVENTORY_dicom.csv").open(newline="") as file:
        wanted = [row["path"] for row in csv.DictReader(file) if row["has_pixels"] == "1"]
    refused = {}
    for path in wanted:
        name = path.rpartition("/")[2]
        try:
            assert decode(found(folder, path), name=name, max_pixels=10**8).pixels.size
        except RefusedInput as error:
            refused[name] = error.what
    assert len(wanted) == 108
    assert all(repr(name) in what for name, what in refused.items())
    assert set(refused) == BROKEN  # 103 are decoded; pydicom cannot decode these five either
