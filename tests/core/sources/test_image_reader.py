"""Class, split and patient of an image come from folders, a table, the file name or a mix of them; the rest is told."""

import pytest

from core.errors import BadDataset, BadSetting
from core.sources.sources import open_reader
from core.specs import Labelling, Origin, OriginKind, Severity

FOLDER, PATTERN, NOTHING = Origin(kind=OriginKind.FOLDER), Origin(kind=OriginKind.PATTERN), Origin()
IMAGES = {f"images/{name}.png": b"x" for name in ("a1", "a2", "a3", "b1", "b2", "b3")}
ROWS = (
    b"file,dx,who,part\n"
    b"a1,ill,p1,train\na2,ill,p1,train\na3,ill,p2,test\nb1,well,p3,train\nb2,well,p3,val\nb3.png,well,,x\n"
)


def column(name):
    return Origin(kind=OriginKind.COLUMN, name=name)


def by_table(**other):
    given = {"label": column("dx"), "split": NOTHING, "table": "labels.csv", "image_column": "file"}
    return Labelling(**given | other)


@pytest.fixture
def read(make_zip, settings):
    """Open a zip of files with a labelling; the reader, and what it says of each image."""

    def go(files, labelling):
        reader = open_reader(make_zip(files), settings, labelling)
        reader.close()
        return reader, {entry.name: (entry.label, entry.split, entry.patient) for entry in reader.entries}

    return go


def rules(reader):
    return {finding.rule: finding for finding in reader.findings}


def test_a_table_gives_class_split_and_patient(read):
    labelling = by_table(split=column("part"), patient=column("who"))
    reader, said = read(IMAGES | {"labels.csv": ROWS}, labelling)
    assert said["images/a1.png"] == ("ill", "train", "p1")
    assert said["images/a3.png"] == ("ill", "test", "p2")
    assert "images/b3.png" not in said  # its split is "x", so nobody knows whether it may be learned from
    assert (reader.classes, reader.patient_name, reader.source) == (("ill", "well"), "who", "zip with a table")
    assert rules(reader)["unknown_split"].where == ("x: 1",)
    assert rules(reader)["unknown_split"].what == "1 image with a split that is none of train, val and test: left out."


def test_images_without_a_patient_are_told(read):
    reader, said = read(IMAGES | {"labels.csv": ROWS}, by_table(patient=column("who")))
    assert said["images/b3.png"] == ("well", "", "")
    assert rules(reader)["no_patient"].where == ("images/b3.png",)


def with_splits(read, *words):
    """A table with two classes and these splits; the reader and the split of each image that comes in."""
    rows = "\n".join(["file,dx,part", *(f"n{at},{'ab'[at % 2]},{word}" for at, word in enumerate(words))])
    files = {f"n{at}.png": b"x" for at in range(len(words))} | {"labels.csv": rows.encode()}
    reader, said = read(files, by_table(split=column("part")))
    return reader, {name.removesuffix(".png"): split for name, (_, split, _) in said.items()}


@pytest.mark.parametrize(
    ("word", "split"),
    [
        *((word, "test") for word in ("holdout", "Held-out", "hold out", "eval", "evaluation", "external", "Test set")),
        *((word, "val") for word in ("dev", "development", "tune", "TUNING", "valid", "validation_set")),
        ("Training", "train"),
    ],
)
def test_many_words_mean_a_split(read, word, split):
    other = "val" if split == "test" else "test"
    reader, said = with_splits(read, "train", "train", word, word, other, other)
    assert (said["n2"], said["n3"]) == (split, split)
    assert {"unknown_split", "no_split", "no_given_split"}.isdisjoint(rules(reader))


def test_images_whose_split_nobody_knows_are_left_out_and_counted(read):
    reader, said = with_splits(read, "train", "train", "", "sealed", "test", "test", "sealed", "nan")
    assert said == {"n0": "train", "n1": "train", "n4": "test", "n5": "test"}
    told = rules(reader)
    assert told["unknown_split"].what.startswith("2 images with a split that is none of train")
    assert told["unknown_split"].where == ("sealed: 2",)
    assert told["no_split"].what == "2 images left out: without a split, while others have one."
    assert told["no_split"].where == ("n2.png", "n7.png")
    assert told["unknown_split"].severity is told["no_split"].severity is Severity.WARNING


def test_ids_that_were_chosen_as_the_split_are_counted_and_not_told(read):
    reader, _ = with_splits(read, "46810", "46811", "P7", "sealed")
    assert rules(reader)["unknown_split"].where == ("sealed: 1",)
    assert rules(reader)["unknown_split"].what.startswith("4 images with a split that is none")


def test_where_no_image_has_a_split_none_is_left_out(read):
    reader, said = with_splits(read, "", "", "", "")
    assert len(said) == 4
    assert "no_split" not in rules(reader)


def test_images_outside_of_the_split_folders_are_left_out_and_counted(read):
    files = {f"{part}/{c}/{n}.png": b"x" for part in ("train", "test", "more") for c in "ab" for n in range(2)}
    reader, said = read(files, Labelling())
    assert {name.partition("/")[0] for name in said} == {"train", "test"}
    assert rules(reader)["no_split"].what.startswith("4 images left out")


def test_a_folder_that_is_held_out_is_the_test(read):
    files = {f"{part}/{c}/{n}.png": b"x" for part in ("train", "holdout") for c in "ab" for n in range(2)}
    _, said = read(files, Labelling())
    assert {(name.partition("/")[0], split) for name, (_, split, _) in said.items()} == {
        ("train", "train"),
        ("holdout", "test"),
    }


def test_rows_without_an_image_and_images_without_a_row_are_findings(read):
    files = IMAGES | {"images/c.png": b"x", "labels.csv": ROWS + b"z9,ill,p9,train\n"}
    reader, said = read(files, by_table())
    assert len(said) == 6
    assert rules(reader)["row_without_image"].where == ("row 8",)  # the head is row 1, six rows are in between
    assert rules(reader)["no_class"].where == ("images/c.png",)
    assert {finding.severity for finding in reader.findings} <= {Severity.NOTE, Severity.WARNING}


def test_rows_that_repeat_are_told_and_those_that_contradict_leave_the_image_out(read):
    files = IMAGES | {"labels.csv": ROWS + b"a1.png,ill,p1,train\nimages/b1.png,ill,p3,train\n"}
    reader, said = read(files, by_table())
    assert "images/b1.png" not in said
    assert said["images/a1.png"][0] == "ill"
    assert rules(reader)["duplicate_row"].where == ("row 8",)
    assert rules(reader)["contradictory_row"].where == ("rows 5, 9",)


def test_rows_that_differ_in_other_columns_do_not_contradict_one_another(read):
    reader, said = read(IMAGES | {"labels.csv": ROWS + b"a1,ill,p2,train\n"}, by_table())
    assert said["images/a1.png"][0] == "ill"
    assert "contradictory_row" not in rules(reader)


def test_the_patient_may_stand_in_a_table_and_the_class_in_folders(read):
    files = {"ill/a1.png": b"x", "well/b1.png": b"x", "labels.csv": ROWS + b"a1,ill,p2,train\n"}
    reader, said = read(files, by_table(label=FOLDER, patient=column("who")))
    assert said == {"ill/a1.png": ("ill", "", ""), "well/b1.png": ("well", "", "p3")}
    assert rules(reader)["contradictory_row"].what.endswith("of which nothing was taken from the table.")
    assert reader.source == "zip of class folders"


def test_a_row_for_each_folder_holds_for_all_images_in_it(read):
    files = {f"data/{who}/series {n}/{n}.png": b"x" for who in ("007", "P2") for n in range(2)} | {"data/x/1.png": b"x"}
    reader, said = read(files | {"labels.csv": b"file,dx\n7,ill\nP2,well\nP3,well\n"}, by_table())
    assert said == {
        "data/007/series 0/0.png": ("ill", "", ""),
        "data/007/series 1/1.png": ("ill", "", ""),
        "data/P2/series 0/0.png": ("well", "", ""),
        "data/P2/series 1/1.png": ("well", "", ""),
    }
    assert rules(reader)["row_without_image"].where == ("row 4",)
    assert rules(reader)["no_class"].where == ("data/x/1.png",)


def test_a_row_that_names_another_folder_labels_no_image_and_is_told(read):
    files = {f"site1/p{number}.png": b"x" for number in (1, 2, 3, 4)}
    rows = b"file,dx\nsite2/p1,malignant\nsite1/p2,benign\nsite1/p3,benign\nsite2/p2,malignant\nsite1/p4,malignant\n"
    reader, said = read(files | {"labels.csv": rows}, by_table())
    assert {name: label for name, (label, _, _) in said.items()} == {
        "site1/p2.png": "benign",
        "site1/p3.png": "benign",
        "site1/p4.png": "malignant",
    }
    told = rules(reader)
    assert (told["other_folder"].severity, told["other_folder"].where) == (Severity.WARNING, ("row 2", "row 5"))
    assert told["no_class"].where == ("site1/p1.png",)
    assert "row_without_image" not in told


def test_folders_that_are_called_otherwise_in_the_table_are_told(read):
    files = {"images/1.png": b"x", "images/2.png": b"x"}
    reader, said = read(files | {"labels.csv": b"file,dx\nscans/1,ill\nscans/2,well\n"}, by_table())
    assert [label for label, _, _ in said.values()] == ["ill", "well"]
    assert rules(reader)["other_folder"].what.startswith("2 rows of the table name another folder than their image")


def test_a_folder_around_everything_is_nobodys(read):
    files = {f"data/{who}/1.png": b"x" for who in ("a", "b")}
    _, said = read(files | {"labels.csv": b"file,dx\ndata,ill\nb,well\na,ill\n"}, by_table())
    assert [label for label, _, _ in said.values()] == ["ill", "well"]


def test_a_pattern_gives_class_and_patient(read):
    files = {f"{name}.png": b"x" for name in ("p1_ill_1", "p1_ill_2", "p2_well_1", "other")}
    reader, said = read(files, Labelling(label=PATTERN, patient=PATTERN, split=NOTHING, pattern="{patient}_{label}_#"))
    assert said["p1_ill_2.png"] == ("ill", "", "p1")
    assert rules(reader)["no_class"].where == ("other.png",)
    assert reader.patient_name == "file name"


def test_folders_of_patients_inside_folders_of_classes(read):
    files = {f"{c}/{p}/{n}.png": b"x" for c, p in (("ill", "p1"), ("ill", "p2"), ("well", "p3")) for n in range(2)}
    _, said = read(files, Labelling(patient=FOLDER))
    assert said["ill/p2/1.png"] == ("ill", "", "p2")
    assert said["well/p3/0.png"] == ("well", "", "p3")


def test_a_tag_is_left_to_whoever_reads_the_files(read):
    labelling = Labelling(
        label=Origin(kind=OriginKind.TAG, name="Modality"), patient=Origin(kind=OriginKind.TAG, name="PatientID")
    )
    reader, said = read({"1.dcm": b"x", "2.dcm": b"x"}, labelling)
    assert (reader.label_tag, reader.patient_tag, reader.classes) == ("Modality", "PatientID", ())
    assert said == {"1.dcm": ("", "", ""), "2.dcm": ("", "", "")}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (b"file,dx\na1,ill\na2,ill\n", "one class only: 'ill'"),
        (b"file,dx\nz1,ill\nz2,well\n", "No image gets a class"),
        (b"file,dx\na1,1\na2,2\na3,3\nb1,4\nb2,5\nb3,6\n", "label of its own"),
        (b"file,other\na1,ill\n", "no column 'dx'"),
        (b"", "no rows"),
    ],
)
def test_labels_that_make_no_classes_are_refused_in_words(read, rows, words):
    with pytest.raises(BadDataset) as caught:
        read(IMAGES | {"labels.csv": rows}, by_table())
    assert words in caught.value.what


def test_more_labels_than_classes_may_be_are_refused(read):
    names = [f"{number:04d}" for number in range(2002)]
    files = {f"{name}.png": b"" for name in names}
    rows = "\n".join(["file,dx", *(f"{name},c{number // 2}" for number, name in enumerate(names))])
    with pytest.raises(BadDataset, match="1,001 different labels"):
        read(files | {"labels.csv": rows.encode()}, by_table())


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (["2020-03-01", "2020-03-01", "02.04.2020", "02.04.2020"], "dates_as_labels"),
        (["AP", "AP", "ap", "pa"], "similar_classes"),
        (["1", "1", "01", "2"], "similar_classes"),
        (["mass", "mass", "nodule", "nodule", "mass|nodule"], "several_labels"),
        ([f"{number / 7:.3f}" for number in range(25) for _ in (0, 1)], "measured_labels"),
    ],
)
def test_labels_that_are_hardly_meant_are_told(read, values, rule):
    files = {f"n{number}.png": b"x" for number in range(len(values))}
    rows = "\n".join(["file,dx", *(f"n{number},{value}" for number, value in enumerate(values))])
    reader, _ = read(files | {"labels.csv": rows.encode()}, by_table())
    assert rules(reader)[rule].severity is Severity.WARNING
    assert rules(reader)[rule].remedy.endswith(".")


def test_a_table_that_is_not_there_is_refused(read):
    with pytest.raises(BadDataset, match="not among the files"):
        read(IMAGES, by_table())


def test_a_column_chosen_twice_is_refused():
    with pytest.raises(ValueError, match="chosen twice"):
        Labelling(label=column("dx"), patient=column("dx"), table="labels.csv", image_column="file")


def test_a_tag_cannot_be_the_split_and_a_pattern_needs_a_place_for_what_is_asked(read):
    with pytest.raises(BadSetting, match="cannot be the split"):
        read(IMAGES, Labelling(split=Origin(kind=OriginKind.TAG, name="Modality")))
    with pytest.raises(BadSetting, match="no place for the patient"):
        read(IMAGES, Labelling(label=PATTERN, patient=PATTERN, pattern="{label}#"))


def test_a_column_that_is_no_split_is_told_and_one_is_drawn(read):
    _, said = read(IMAGES | {"labels.csv": ROWS}, by_table(split=column("who")))
    assert {split for _, split, _ in said.values()} == {""}


def test_the_bytes_of_each_entry_are_its_own(make_zip, settings):
    files = {"a/1.png": b"first", "a/10.png": b"tenth", "b/2.png": b"second"}
    reader = open_reader(make_zip(files), settings)
    assert [b"".join(reader.pieces(number)) for number in range(3)] == [files[entry.name] for entry in reader.entries]
    reader.close()
