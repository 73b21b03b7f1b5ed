"""DICOM, NIfTI and floating point TIFF lie in class folders like any other image; their first plane comes in."""

import nibabel
import numpy as np

from core.datasets import pack
from core.images import decode
from core.specs import Colour, Recipe, Resize
from tests.core.datasets.sources import class_folders, rules
from tests.core.images.dicom_files import PLAIN, ct, dicom, elements
from tests.core.images.dicom_files import written as written_dicom
from tests.core.images.files import noise
from tests.core.images.test_tiff_pages import written

FILES = {
    "a/ct.dcm": dicom(ct(4, 5), WindowCenter=0, WindowWidth=400),
    "a/IM000001": dicom(noise(6, 8, 3)),
    "b/brain.nii.gz": nibabel.Nifti1Image(np.stack([ct(6, 7)] * 3, axis=-1), np.eye(4)).to_bytes(),
    "b/float.tif": written(np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)),
}


def test_they_come_in_with_their_depth_and_size(make_zip, bring_in):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES))
    assert shelf.card.unreadable == 0
    items = shelf.items.set_index("name")
    found = {name: tuple(items.loc[name, ["width", "height", "channels", "bit_depth"]]) for name in FILES}
    assert found == {
        "a/ct.dcm": (5, 4, 1, 16),
        "a/IM000001": (8, 6, 3, 8),
        "b/brain.nii.gz": (6, 7, 1, 16),  # the first axis of a volume runs along the rows
        "b/float.tif": (4, 3, 1, 16),
    }


def test_it_is_said_that_only_the_first_of_several_planes_came_in(make_zip, bring_in):
    found = rules(bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES)).card)["first_plane_only"]
    assert found.where == ("b/brain.nii.gz: 3",)
    assert "Of 1 file" in found.what


def test_they_are_packed_for_training(make_zip, bring_in, settings):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES))
    recipe = Recipe(steps=(Colour(mode="grey"), Resize(side_px=16)))
    packed = pack(shelf, recipe, settings, lambda progress: None, lambda: False)
    assert packed.images.shape == (12, 16, 16, 1)
    assert all(image.max() > image.min() for image in packed.images)


def test_a_file_without_an_image_is_listed_and_stops_nothing(make_zip, bring_in):
    report = {"a/report.dcm": written_dicom(elements(noise(2, 2)), PLAIN["explicit"])}
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | report))
    assert shelf.card.unreadable == 1
    assert "report.dcm" in str(rules(shelf.card)["unreadable_file"])


def test_the_shelf_keeps_the_pixels_and_not_whose_they_are(make_zip, bring_in, settings):
    secret = "Meier^Erika"
    named = dicom(ct(4, 5), WindowCenter=0, WindowWidth=400, PatientName=secret)
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | {"a/named.dcm": named}))
    assert secret.encode() in named
    for path in shelf.folder.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes()
    (item_id,) = shelf.items.index[shelf.items["name"] == "a/named.dcm"]
    came, kept = (
        decode(data, name="", max_pixels=settings.max_image_pixels) for data in (named, shelf.original(item_id))
    )
    assert np.array_equal(came.pixels, kept.pixels)
    assert came.pixels.dtype == kept.pixels.dtype
