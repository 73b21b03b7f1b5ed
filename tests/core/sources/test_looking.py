"""A look says what is in a source and proposes; the preview then tells what each choice would give."""

import json
import shutil

import numpy as np
import pytest

from core.errors import BadArchive, BadDataset, BadSetting, DataGone, Stopped
from core.sources.image_reader import ImageReader
from core.sources.labels.look_folder import begin, read_look, write_look, write_names, write_table
from core.sources.labels.tables import read_table
from core.sources.looking import look_into
from core.sources.previewing import preview
from core.sources.sources import open_source
from core.specs import ColumnLook, Labelling, Origin, OriginKind, Severity, SourceLook, TableLook
from tests.core.sources.sources import class_folders, picture

ROWS = "".join(f"{n:02d},{'ap' if n % 3 else 'pa'},p{n // 2}\n" for n in range(12))
IMAGES = {f"images/{n:02d}.png": picture(n) for n in range(12)}


@pytest.fixture
def look(settings):
    """Look into a source; what was found, and the folder of it."""
    folder = settings.look_dir("ds_test")

    def go(path, should_stop=lambda: False):
        return look_into(path, folder, settings, lambda progress: None, should_stop), folder

    return go


def test_a_table_beside_the_images_is_a_question_with_a_proposal(make_zip, look, settings):
    path = make_zip(IMAGES | {"data.csv": b"image,projection,patient\n" + ROWS.encode()})
    found, folder = look(path)
    assert (found.kind, found.images, found.formats, found.ask) == ("zip", 12, {".png": 12}, True)
    (table,) = found.tables
    assert (table.name, table.rows) == ("data.csv", 12)
    assert [column.name for column in table.columns] == ["image", "projection", "patient"]
    assert table.first_rows[0] == ("00", "pa", "p0")
    assert found.proposal.label == Origin(kind=OriginKind.COLUMN, name="projection")
    assert found.proposal.patient == Origin(kind=OriginKind.COLUMN, name="patient")
    assert read_look(folder) == found


def test_the_preview_does_not_count_images_that_are_left_out_for_their_split(make_zip, look, settings):
    words = ["train"] * 8 + ["test"] * 2 + ["", "sealed"]
    rows = "".join(f"{n:02d},{'ab'[n % 2]},p{n},{word}\n" for n, word in enumerate(words)).encode()
    _, folder = look(make_zip(IMAGES | {"data.csv": b"image,dx,patient,part\n" + rows}))
    chosen = {"split": Origin(kind=OriginKind.COLUMN, name="part"), "label": Origin(kind=OriginKind.COLUMN, name="dx")}
    chosen |= {"patient": Origin(kind=OriginKind.COLUMN, name="patient"), "table": "data.csv", "image_column": "image"}
    seen = preview(folder, Labelling(**chosen))
    assert (seen.labelled, seen.patients, seen.classes) == (10, 10, {"a": 5, "b": 5})
    assert {"no_split", "unknown_split"} <= {finding.rule for finding in seen.findings}


def test_the_preview_gives_what_the_import_will_read(make_zip, look, settings):
    path = make_zip(IMAGES | {"z.png": b"x", "data.csv": b"image,projection,patient\n" + ROWS.encode() + b"99,ap,p9\n"})
    found, folder = look(path)
    seen = preview(folder, found.proposal)
    assert (seen.images, seen.labelled, seen.patients) == (13, 12, 6)
    assert seen.classes == {"ap": 8, "pa": 4}  # 0, 3, 6 and 9 of 12 are "pa"
    assert (seen.rows[0].name, seen.rows[0].label, seen.rows[0].patient) == ("images/00.png", "pa", "p0")
    with_source = ImageReader(open_source(path, settings), found.proposal, settings)
    assert [(entry.label, entry.patient) for entry in with_source.entries] == [
        (row.label, row.patient) for row in seen.rows if row.label
    ]
    told = {finding.rule: finding.where for finding in seen.findings}
    assert told == {"no_class": ("z.png",), "row_without_image": ("row 14",)}
    with_source.close()


def test_the_preview_needs_nothing_but_what_the_look_left(make_zip, look):
    path = make_zip(IMAGES | {"data.csv": b"image,projection,patient\n" + ROWS.encode()})
    found, folder = look(path)
    path.unlink()
    assert preview(folder, found.proposal).labelled == 12
    other = Labelling(label=Origin(kind=OriginKind.PATTERN), split=Origin(), pattern="{label}")
    assert len(preview(folder, other).classes) == 12
    (error,) = [finding for finding in preview(folder, other).findings if finding.severity is Severity.ERROR]
    assert error.rule == "label_for_each_image"


def test_a_choice_that_cannot_be_is_refused_in_words(make_zip, look):
    _, folder = look(make_zip(IMAGES | {"data.csv": b"image,projection,patient\n" + ROWS.encode()}))
    column = Origin(kind=OriginKind.COLUMN, name="none")
    with pytest.raises(BadDataset, match="no column 'none'"):
        preview(folder, Labelling(label=column, table="data.csv", image_column="image"))
    with pytest.raises(BadDataset, match="not there"):
        preview(folder, Labelling(label=column, table="other.csv", image_column="image"))
    with pytest.raises(BadSetting, match="twice"):
        preview(folder, Labelling(label=Origin(kind=OriginKind.PATTERN), pattern="{label}_{label}"))


def test_class_folders_leave_no_question(make_zip, look):
    found, folder = look(make_zip(class_folders({"a": 4, "b": 3}) | {"notes.csv": b"x,y\n1,2\n"}))
    assert (found.ask, found.classes_by_folder) == (False, {"a": 4, "b": 3})
    assert found.proposal.label.kind is OriginKind.FOLDER
    assert preview(folder, found.proposal).classes == {"a": 4, "b": 3}


def test_an_npz_leaves_no_question(make_npz, look):
    images, labels = np.zeros((4, 8, 8), np.uint8), np.array([0, 1, 1, 1])
    found, folder = look(make_npz(train_images=images, train_labels=labels))
    assert (found.kind, found.images, found.ask) == ("npz", 4, False)
    assert preview(folder, Labelling()).classes == {"class 0": 1, "class 1": 3}


def test_a_table_that_cannot_be_read_is_told_and_stops_nothing(make_zip, look):
    found, _ = look(make_zip(class_folders({"a": 4, "b": 3}) | {"broken.xlsx": b"PK\x03\x04no", "empty.csv": b""}))
    assert found.tables == ()
    assert [(finding.rule, finding.where) for finding in found.findings] == [
        ("unreadable_table", ("broken.xlsx",)),
        ("unreadable_table", ("empty.csv",)),
    ]


def test_a_second_look_finds_nothing_of_the_first(make_zip, look):
    _, folder = look(make_zip(IMAGES | {"data.csv": b"image,projection,patient\n" + ROWS.encode()}))
    assert (folder / "table_0.parquet").exists()
    look(make_zip(class_folders({"a": 4, "b": 3})))
    assert sorted(path.name for path in folder.iterdir()) == ["look.json", "names.parquet"]


def test_a_look_can_be_stopped_and_is_not_there_then(make_zip, look, settings):
    with pytest.raises(Stopped):
        look(make_zip(IMAGES | {"data.csv": b"image,projection\n" + ROWS.encode()}), lambda: True)
    with pytest.raises(DataGone):
        read_look(settings.look_dir("ds_test"))


def test_a_folder_can_be_looked_into(tmp_path, look):
    for name, data in class_folders({"a": 2, "b": 2}).items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    assert look(tmp_path / "in")[0].kind == "folder"


def test_chest_x_rays_with_their_table(real_data, look):
    found, folder = look(real_data("chest_xray_hannover"))
    said = found.proposal
    assert (said.table, said.image_column) == ("data.csv", "image_id")
    assert (said.label.name, said.patient.name, found.ask) == ("projection", "patient_id", True)
    seen = preview(folder, said)
    assert (seen.labelled, seen.patients, seen.classes) == (243, 71, {"ap": 194, "pa": 49})
    assert seen.findings == ()


def test_dicom_tags_are_sampled(real_data, make_zip, look, settings):
    folder = real_data("dicom_pydicom/test_files")
    names = ("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "rtplan.dcm")
    found, _ = look(make_zip({name: (folder / name).read_bytes() for name in names}))
    tags = {tag.keyword: tag for tag in found.tags}
    assert found.tags[0].keyword == "PatientID"
    assert set(tags["Modality"].examples) >= {"CT", "MR"}
    assert found.proposal.label.kind is OriginKind.TAG


def test_volumes_are_a_question(real_data, make_zip, look):
    data = real_data("nifti/anatomical.nii").read_bytes()
    found, _ = look(make_zip({"a/1.nii": data, "b/2.nii": data}))
    assert (found.volumes, found.ask, found.classes_by_folder) == (True, True, {"a": 1, "b": 1})


def test_what_is_refused_names_no_file(make_zip, look):
    with pytest.raises(BadArchive) as caught:
        look(make_zip({"Anna Meier.zip": b"PK"}))
    assert "Meier" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_nothing_of_a_look_lies_outside_its_folder(make_zip, look, settings):
    _, folder = look(make_zip(IMAGES | {"data.csv": b"image,projection,patient\n" + ROWS.encode()}))
    shutil.rmtree(folder)
    left = [path for path in settings.home.rglob("*") if path.is_file()]
    assert left == []


def test_a_look_is_json_that_holds_a_sample_of_the_names(make_zip, look):
    files = {f"a/{number}.png": b"" for number in range(500)} | {f"b/{number}.png": b"" for number in range(500)}
    found, folder = look(make_zip(files))
    assert len(found.names) == 200
    assert json.loads((folder / "look.json").read_text())["images"] == 1000


def test_two_hundred_thousand_rows_are_previewed(tmp_path):
    folder = tmp_path / "look"
    begin(folder)
    table = read_table(b"image,label\n" + b"".join(b"%06d,%d\n" % (n, n % 2) for n in range(200_000)), "t.csv")
    write_names(folder, [f"images/{number:06d}.png" for number in range(200_000)])
    write_table(folder, 0, table)
    looked = TableLook(name="t.csv", rows=200_000, columns=(ColumnLook(name="image", distinct=2, empty=0),))
    write_look(folder, SourceLook(kind="zip", images=200_000, tables=(looked,)))
    label = Origin(kind=OriginKind.COLUMN, name="label")
    seen = preview(folder, Labelling(label=label, split=Origin(), table="t.csv", image_column="image"))
    assert seen.classes == {"0": 100_000, "1": 100_000}
