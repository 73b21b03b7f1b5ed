"""DICOM, NIfTI and TIFF lie in class folders like any other image; each of their planes comes in as an image."""

import nibabel
import numpy as np
import pytest

from core.datasets import import_source, pack
from core.errors import BadDataset, BadImage, Stopped, TooLarge
from core.images import decode
from core.images.readers import OpenFile, _FileApart
from core.specs import Colour, Labelling, Origin, OriginKind, Recipe, Resize
from tests.core.images.dicom_files import PLAIN, ct, dicom, elements
from tests.core.images.dicom_files import written as written_dicom
from tests.core.images.files import noise
from tests.core.images.test_tiff_pages import written
from tests.core.sources.sources import KEEP_NAMES, class_folders, picture, rules

FILES = {
    "a/ct.dcm": dicom(ct(4, 5), WindowCenter=0, WindowWidth=400),
    "a/IM000001": dicom(noise(6, 8, 3)),
    "b/brain.nii.gz": nibabel.Nifti1Image(np.stack([ct(6, 7)] * 3, axis=-1), np.eye(4)).to_bytes(),
    "b/float.tif": written(np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)),
}


def test_they_come_in_with_their_depth_and_size(make_zip, bring_in):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES), KEEP_NAMES)
    assert shelf.card.unreadable == 0
    items = shelf.items.set_index("name")
    expected = {
        "a/ct.dcm": (5, 4, 1, 16, "DICOM"),
        "a/IM000001": (8, 6, 3, 8, "DICOM"),
        "b/float.tif": (4, 3, 1, 16, "TIFF"),
    }
    # the first axis of a volume runs along the rows
    expected |= {f"b/brain.nii.gz, frame {number}": (6, 7, 1, 16, "NIfTI") for number in (1, 2, 3)}
    columns = ["width", "height", "channels", "bit_depth", "format"]
    assert {name: tuple(items.loc[name, columns]) for name in expected} == expected


def test_planes_of_a_file_stay_together_and_are_told(make_zip, bring_in):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES))
    slices = shelf.items[shelf.items["format"] == "NIfTI"]
    # natural order: a/0 .. a/3, a/ct.dcm, a/IM000001, b/0 .. b/3, b/brain.nii.gz: the eleventh
    assert list(slices["name"]) == [f"b/image 00011.nii.gz, frame {number}" for number in (1, 2, 3)]
    assert list(slices["plane"]) == [0, 1, 2]
    assert (slices["source_file"].nunique(), slices["split"].nunique()) == (1, 1)
    finding = rules(shelf.card)["several_planes"]
    assert finding.what.startswith("1 file holds several images")
    assert "3 in all" in finding.what


def test_only_the_middle_plane_comes_in_if_asked(make_zip, bring_in):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES), Labelling(planes="middle"))
    slices = shelf.items[shelf.items["format"] == "NIfTI"]
    assert list(slices["plane"]) == [1]
    assert "1 file" in rules(shelf.card)["middle_plane_only"].what
    assert "several_planes" not in rules(shelf.card)


def test_they_are_packed_for_training(make_zip, bring_in, settings):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES))
    recipe = Recipe(steps=(Colour(mode="grey"), Resize(side_px=16)))
    packed = pack(shelf, recipe, settings, lambda progress: None, lambda: False)
    assert packed.images.shape == (14, 16, 16, 1)
    assert all(image.max() > image.min() for image in packed.images)


def test_a_file_without_an_image_is_listed_and_stops_nothing(make_zip, bring_in):
    report = {"a/report.dcm": written_dicom(elements(noise(2, 2)), PLAIN["explicit"])}
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | report), KEEP_NAMES)
    assert shelf.card.unreadable == 1
    assert "report.dcm" in str(rules(shelf.card)["unreadable_file"])


def test_the_shelf_keeps_the_pixels_and_not_whose_they_are(make_zip, bring_in, settings):
    secret = "Meier^Erika"
    named = dicom(ct(4, 5), WindowCenter=0, WindowWidth=400, PatientName=secret)
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | {"a/named.dcm": named}))
    assert secret.encode() in named
    for path in shelf.folder.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes()
    (item_id,) = shelf.items.index[shelf.items["name"] == "a/image 00005.dcm"]  # after a/0 to a/3
    came, kept = (
        decode(data, name="", max_pixels=settings.max_image_pixels) for data in (named, shelf.original(item_id))
    )
    assert np.array_equal(came.pixels, kept.pixels)
    assert came.pixels.dtype == kept.pixels.dtype


def test_more_planes_than_files_are_allowed_are_refused(make_zip, refuse):
    refuse(TooLarge, make_zip(class_folders({"a": 4, "b": 4}) | FILES), max_files=12)  # 8 + 2 + 3 + 1 images


def test_what_fails_in_the_middle_of_a_file_is_told_and_keeps_what_came_before(make_zip, bring_in, monkeypatch):
    real = OpenFile.decode

    def fail(file, plane=0):
        if plane == 1:
            raise BadImage("The second frame is damaged.", "Leave it out.")
        return real(file, plane)

    monkeypatch.setattr(_FileApart, "decode", fail)
    monkeypatch.setattr(OpenFile, "decode", real)
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4}) | {"b/brain.nii.gz": FILES["b/brain.nii.gz"]}))
    assert "The second frame is damaged." in rules(shelf.card)["unreadable_file"].where
    assert shelf.card.images == 9


def test_the_tag_tells_the_class(make_zip, bring_in):
    by_tag = Labelling(label=Origin(kind=OriginKind.TAG, name="Modality"))
    files = {f"{at}.dcm": dicom(noise(6, 8, seed=at), Modality="CT" if at % 2 else "MR") for at in range(12)}
    shelf = bring_in(make_zip(files | {"12.png": picture(1)}), by_tag)
    assert shelf.card.classes == ("CT", "MR")
    assert shelf.items.set_index("name")["class_index"].to_dict() == {f"{at}.dcm": 1 - at % 2 for at in range(12)}
    assert rules(shelf.card)["no_class"].where == ("12.png",)
    assert '"Modality": "CT"' in shelf.items["tags"][1]


def test_a_tag_that_is_another_in_every_file_tells_no_classes(make_zip, refuse):
    by_tag = Labelling(label=Origin(kind=OriginKind.TAG, name="StudyDescription"))
    files = {f"{at}.dcm": dicom(noise(6, 8, seed=at), StudyDescription=f"Study {at}") for at in range(12)}
    assert "12 different values in 12 images" in refuse(BadDataset, make_zip(files), by_tag).what
    absent = {f"{at}.dcm": dicom(noise(6, 8, seed=at)) for at in range(3)}
    assert "is in none of the files" in refuse(BadDataset, make_zip(absent), by_tag).what


def test_an_import_stops_in_the_middle_of_a_volume(make_zip, folder, settings, monkeypatch):
    volume = nibabel.Nifti1Image(np.zeros((4, 4, 2000), np.int16) + np.arange(2000, dtype=np.int16), np.eye(4))
    path = make_zip({"a/1.nii": volume.to_bytes(), "b/1.png": picture(1)})
    decoded, real = [], _FileApart.decode
    monkeypatch.setattr(_FileApart, "decode", lambda file, plane=0: decoded.append(plane) or real(file, plane))
    with pytest.raises(Stopped):
        import_source(path, folder, settings, lambda progress: None, lambda: len(decoded) > 5)
    assert len(decoded) < 20
    assert list(folder.parent.iterdir()) == []
