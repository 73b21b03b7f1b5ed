"""What a file says beside its pixels: names of what is said, never values, but for a few coded ones."""

import io
import json

import nibabel
import numpy as np
import pydicom
import pytest
import tifffile
from pydicom.dataset import Dataset

from core.errors import BadImage, RefusedInput, TooLarge
from core.images import LABEL_TAGS, kind, told
from tests.core.images.dicom_files import ct, dicom
from tests.core.images.files import by_pillow, noise, ramp
from tests.core.images.test_reduced import FILES, NAME, exif


def dumped(found):
    return json.dumps(found.model_dump(mode="json"))


@pytest.mark.parametrize("form", FILES)
def test_no_value_is_told_of_a_picture(form):
    found = told(FILES[form](), "x")
    assert NAME not in dumped(found)
    assert not found.kept
    assert not found.labels
    assert list(found.dropped) == sorted(set(found.dropped))


def test_what_a_jpeg_says():
    assert told(FILES["JPEG"](), "x").dropped == (
        "EXIF Artist",
        "EXIF DateTimeOriginal",
        "EXIF GPS position",
        "EXIF ImageDescription",
        "ICC colour profile",
        "IPTC",
        "JFIF thumbnail",
        "JPEG application data",
        "JPEG comment",
        "XMP",
        "bytes after the end of the image",
    )


def test_what_a_png_says():
    found = told(FILES["PNG"](), "x").dropped
    assert {"PNG text", "PNG text 'Author'", "EXIF GPS position", "PNG time of the last change"} <= set(found)


def test_a_file_that_says_nothing():
    for form in ("PNG", "BMP", "WebP", "GIF"):
        assert told(by_pillow(ramp(), form), "x").dropped == ()


def spoken(**more):
    """A DICOM file that names a patient wherever it can."""
    inner = Dataset()
    inner.ReferringPhysicianName = NAME
    words = {"PatientName": NAME, "PatientID": "ID-7", "Modality": "CT", "PatientSex": "F", "StudyDescription": NAME}
    words |= {"BodyPartExamined": "CHEST", "OtherPatientIDsSequence": [inner], "PatientBirthDate": "19700101"}
    return dicom(ct(), **words | more)


def test_what_a_dicom_file_says():
    found = told(spoken(ViewPosition="PA", WindowCenter=[40, 50], WindowWidth=[400, 500]), "x")
    assert found.patient_id == "ID-7"
    wanted = {"Modality": "CT", "PatientSex": "F", "BodyPartExamined": "CHEST", "ViewPosition": "PA"}
    assert wanted.items() <= found.kept.items()
    assert found.kept["WindowCenter"] == "40.0\\50.0" or found.kept["WindowCenter"] == "40\\50"
    assert {"PatientName", "PatientID", "PatientBirthDate", "ReferringPhysicianName", "StudyDescription"} <= set(
        found.dropped
    )
    assert found.labels["Modality"] == "CT"
    assert found.labels["StudyDescription"] == NAME
    assert NAME not in json.dumps(found.kept) + json.dumps(found.dropped)


def test_a_name_where_a_code_should_stand_is_dropped():
    found = told(spoken(BodyPartExamined="SMITH", ViewPosition=NAME.upper(), PatientSex="X", Laterality="L"), "x")
    assert not {"BodyPartExamined", "ViewPosition", "PatientSex"} & set(found.kept)
    assert found.kept["Laterality"] == "L"
    assert {"BodyPartExamined", "ViewPosition", "PatientSex"} <= set(found.dropped)


def test_private_tags_and_words_beside_the_elements_are_named_by_us():
    dataset = pydicom.dcmread(io.BytesIO(spoken()))
    block = dataset.private_block(0x000B, NAME, create=True)
    block.add_new(1, "LO", NAME)
    dataset.file_meta.SourceApplicationEntityTitle = NAME
    dataset.preamble = (NAME.encode() * 20)[:128]
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    found = told(file.getvalue(), "x")
    assert {"private tags", "SourceApplicationEntityTitle", "DICOM preamble"} <= set(found.dropped)
    assert NAME not in json.dumps(found.kept) + json.dumps(found.dropped)


@pytest.mark.parametrize("syntax", ["implicit", "big endian", "deflated"])
def test_dicom_in_other_syntaxes(syntax):
    found = told(dicom(ct(), syntax=syntax), "x")
    assert found.patient_id == "PLANTED-ID"
    assert {"PatientName", "PatientID"} <= set(found.dropped)


def test_every_tag_that_may_be_a_label_is_one_of_the_standard():
    assert all(pydicom.datadict.tag_for_keyword(keyword) for keyword in LABEL_TAGS)


def test_what_a_tiff_says():
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for _ in range(2):
            writer.write(noise(4, 5), description=NAME, software=NAME, extratags=[(65000, "s", 0, NAME, True)])
    found = told(file.getvalue(), "x")
    assert found.dropped == ("TIFF ImageDescription", "TIFF Software", "private TIFF tags")
    assert {"TIFF Artist", "TIFF ImageDescription"} <= set(told(by_pillow(ramp(), "TIFF", exif=exif()), "x").dropped)
    assert told(by_pillow(noise(4, 5), "TIFF"), "x").dropped == ()


def test_what_a_volume_says():
    for volume in (nibabel.Nifti1Image, nibabel.Nifti2Image):
        image = volume(np.zeros((2, 3, 4), np.int16), np.eye(4))
        assert told(image.to_bytes(), "x").dropped == ()
        for field in ("descrip", "aux_file", "intent_name"):
            image.header[field] = NAME.encode()
        image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", NAME.encode()))
        found = told(image.to_bytes(), "x").dropped
        assert found == ("NIfTI aux_file", "NIfTI descrip", "NIfTI extension", "NIfTI intent_name")


def test_no_image_is_refused():
    for data in (b"", b"words"):
        with pytest.raises(BadImage):
            told(data, "x")
        with pytest.raises(BadImage):
            kind(data, "x")


def test_what_unpacks_too_far_is_refused(monkeypatch):
    monkeypatch.setattr("core.images.inflate.MOST_MIB", 0)
    with pytest.raises(TooLarge):
        told(dicom(ct(), syntax="deflated"), "x")


@pytest.mark.parametrize("make", [spoken, lambda: by_pillow(ramp(), "TIFF", exif=exif())])
def test_damaged_files_are_refused_in_words_or_told(make):
    data, random = make(), np.random.default_rng(0)
    for _ in range(150):
        hurt = bytearray(data[: random.integers(8, len(data) + 1)])
        for place in random.integers(0, len(hurt), random.integers(0, 8)):
            hurt[place] = random.integers(256)
        try:
            told(bytes(hurt), "x")
        except RefusedInput:
            continue


def test_real_files_are_told_or_refused(real_data):
    counted = 0
    for folder in ("dicom_pydicom", "nifti", "tiff", "hostile_images"):
        for path in sorted(real_data(folder).rglob("*")):
            if path.is_file():
                try:
                    told(path.read_bytes(), path.name)
                except RefusedInput:
                    continue
                counted += 1
    assert counted > 400
