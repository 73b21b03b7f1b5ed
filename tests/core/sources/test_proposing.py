"""What is proposed follows from content and names of columns, in any language; what is doubtful is not proposed."""

import random

import pytest

from core.sources.labels.column_facts import column_facts
from core.sources.labels.name_shapes import pattern_of
from core.sources.labels.pattern import Pattern
from core.sources.labels.proposing import propose
from core.sources.labels.tables import read_table
from core.specs import FREE_TEXT_TAGS, GROUP_TAGS, OriginKind, TagLook

IDS = [f"{number:04x}" for number in random.Random(1).sample(range(16**4), 60)]
NAMES = [f"data/images/{name}.png" for name in IDS]


def table_of(**columns):
    """A CSV of columns, each a list or a function of the row's number."""
    rows = [",".join(columns)]
    rows += [",".join(str(c(n) if callable(c) else c[n]) for c in columns.values()) for n in range(60)]
    return read_table("\n".join(rows).encode(), "table.csv")


def proposed(*tables, names=NAMES, folders=None, tags=()):
    made = propose(tables, names, folders or {"": len(names)}, tags)
    said = made.labelling
    return {
        "image": said.image_column,
        "label": said.label.name or said.label.kind.value,
        "patient": said.patient.name or said.patient.kind.value,
        "split": said.split.name or said.split.kind.value,
    }, made.ask


def of(values):
    return lambda number: values[number % len(values)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (  # as the chest X-rays of Hannover
            {
                "patient_id": lambda n: f"0{n // 3:03d}a",
                "image_id": IDS,
                "sex": of("mf"),
                "age": "",
                "modality": of(["CR", "DX", "CR"]),
                "projection": of(["ap", "ap", "pa"]),
                "crp_val": lambda n: n / 7,
                "offset": lambda n: n % 15,
            },
            ("image_id", "projection", "patient_id"),
        ),
        (  # in German
            {
                "PatientenNr": lambda n: n // 4,
                "Bilddatei": [f"{name}.png" for name in IDS],
                "Geschlecht": of(["m", "w"]),
                "Aufnahmedatum": lambda n: f"2020-01-{n % 28 + 1:02d}",
                "Befund": of(["gesund", "krank"]),
            },
            ("Bilddatei", "Befund", "PatientenNr"),
        ),
        (
            {"file": IDS, "diagnosis": of(["benign", "malignant"]), "subject": lambda n: f"S{n // 2:02d}"},
            ("file", "diagnosis", "subject"),
        ),
        (  # as HAM10000
            {
                "lesion_id": lambda n: f"HAM_{n // 2:07d}",
                "image_id": IDS,
                "dx": of(["nv", "mel", "bkl"]),
                "dx_type": of(["histo", "follow_up"]),
                "age": of(["45.0", "50.0", "", "80.0"]),
                "sex": of(["male", "female"]),
                "localization": of(["back", "face", "ear", "hand"]),
            },
            ("image_id", "dx", "lesion_id"),
        ),
        (  # words that say nothing: the content decides
            {
                "a": of(["x", "y"]),
                "b": lambda n: f"K-{n // 3:02d}",
                "c": IDS,
                "d": lambda n: n * 0.37,
            },
            ("c", "a", "b"),
        ),
        (  # as ISIC marks its classes
            {
                "image": IDS,
                "MEL": lambda n: f"{n % 3 == 0:d}.0",
                "NV": lambda n: f"{n % 3 == 1:d}.0",
                "BCC": lambda n: f"{n % 3 == 2:d}.0",
            },
            ("image", "marked column", "none"),
        ),
    ],
)
def test_the_columns_are_proposed_by_what_is_in_them(columns, expected):
    columns = {name: (column or (lambda n: "")) for name, column in columns.items()}
    said, ask = proposed(table_of(**columns))
    assert (said["image"], said["label"], said["patient"]) == expected
    assert said["split"] == "folder"
    assert ask


def test_a_table_without_a_head_as_medmnist_writes_it():
    parts = [(part, n) for part in ("train", "val", "test") for n in range(20)]
    names = [f"{part}{n}.png" for part, n in parts]
    rows = [f"{part.upper()},{part}{n}.png,{n % 2}" for part, n in parts]
    said, _ = proposed(read_table("\n".join(rows).encode(), "breast.csv"), names=names)
    assert said == {"image": "column 2", "label": "column 3", "patient": "none", "split": "column 1"}


def test_numbers_that_are_measured_and_dates_are_not_proposed_as_classes():
    table = table_of(image=IDS, size=lambda n: n / 3, score=lambda n: n, date=lambda n: f"2020-01-{n % 5 + 1:02d}")
    said, _ = proposed(table)
    assert said["label"] == "folder"


def test_a_column_of_ages_is_not_taken_for_numbered_images():
    names = [f"{number}.png" for number in range(60)]
    said, _ = proposed(table_of(age=lambda n: n % 40, nr=lambda n: n, dx=of(["a", "b"])), names=names)
    assert (said["image"], said["label"]) == ("nr", "dx")


def test_a_table_of_something_else_is_left_alone():
    table = table_of(city=lambda n: f"city {n}", country=of(["a", "b"]))
    said, ask = proposed(table, folders={"cat": 30, "dog": 30})
    assert (said["image"], said["label"], ask) == ("", "folder", False)


def test_a_table_of_which_the_archive_holds_a_part_is_found():
    said, _ = proposed(table_of(image=IDS, label=of(["a", "b"])), names=NAMES[:8])
    assert (said["image"], said["label"]) == ("image", "label")


def test_a_table_with_a_row_for_each_folder_is_found():
    names = [f"{who}/{n}.png" for who in IDS for n in range(3)]
    table = table_of(id=IDS, diagnosis=of(["a", "b"]), age=lambda n: n % 7)
    said, _ = proposed(table, names=names, folders=dict.fromkeys(IDS, 3))
    assert (said["image"], said["label"]) == ("id", "diagnosis")


def test_class_folders_leave_no_question():
    assert proposed(folders={"cat": 30, "dog": 30}) == (
        {"image": "", "label": "folder", "patient": "none", "split": "folder"},
        False,
    )


def test_class_folders_beside_a_table_of_patients_keep_the_class_and_take_the_patient():
    table = table_of(image=IDS, sex=of(["m", "f"]), patient=lambda n: n // 3)
    said, ask = proposed(table, folders={"cat": 30, "dog": 30})
    assert (said["label"], said["patient"], ask) == ("folder", "patient", True)


@pytest.mark.parametrize(
    ("folders", "classes"),
    [
        ({"cat": 30, "dog": 30}, True),
        ({"0": 30, "1": 30}, True),
        ({"grade 1": 30, "grade 2": 30}, True),
        ({"part_1": 30, "part_2": 30}, False),
        ({f"{number:03d}": 3 for number in range(20)}, False),
        ({"images": 60}, False),
        ({"a": 5, "b": 5, "": 50}, False),
        ({f"folder of {number}": 1 for number in range(60)}, False),
    ],
)
def test_which_folders_are_classes(folders, classes):
    assert proposed(folders=folders)[1] is not classes


def test_dicom_files_are_told_apart_by_a_tag_and_kept_together_by_their_patient():
    tags = (
        TagLook(keyword="PatientID", files=60, distinct=20),
        TagLook(keyword="Modality", files=60, distinct=1),
        TagLook(keyword="ViewPosition", files=60, distinct=2),
    )
    said, ask = proposed(names=[f"IM{n:04d}" for n in range(60)], tags=tags)
    assert (said["label"], said["patient"], ask) == ("ViewPosition", "PatientID", True)


@pytest.mark.parametrize("keyword", [*FREE_TEXT_TAGS, *GROUP_TAGS])
def test_free_text_and_who_somebody_is_are_never_proposed_as_the_class(keyword):
    tags = (TagLook(keyword=keyword, files=60, distinct=2),)
    said, ask = proposed(names=[f"IM{n:04d}" for n in range(60)], tags=tags)
    assert (said["label"], ask) == ("folder", True)  # which has none, so that the user is asked


def test_dicom_in_class_folders_leaves_no_question_and_keeps_patients_together():
    tags = (TagLook(keyword="PatientID", files=60, distinct=20),)
    said, ask = proposed(folders={"ill": 30, "well": 30}, tags=tags)
    assert (said["label"], said["patient"], ask) == ("folder", "PatientID", False)


@pytest.mark.parametrize(
    ("make", "pattern", "label"),
    [
        (lambda n: f"person{n}_{('virus', 'bacteria')[n % 2]}_{n * 7}.jpeg", "*_{label}_#", "virus"),
        (lambda n: f"{('cat', 'dog')[n % 2]}.{n}.jpg", "{label}.#", "cat"),
        (lambda n: f"P{n:02d}_L_{('ben', 'mal')[n % 2]}.png", "*_{label}", "ben"),
        (lambda n: f"lung{('aca', 'n')[n % 2]}{n}.png", "{label}#", "lungaca"),
        (lambda n: f"{('ill', 'well')[n % 2]}.{n}.x.png", "{label}.*.*", "ill"),
        (lambda n: f"{n}-{('ill', 'well')[n % 2]}-{n}a.png", "#-{label}-*", "ill"),
        (lambda n: f"{n}.png", "", ""),
        (lambda n: f"ISIC_{n:07d}.jpg", "", ""),
        (lambda n: f"{'abcdefghijklmnopqrstuvwxyz'[n % 26] * n}_x.png", "", ""),
    ],
)
def test_names_that_are_built_alike_give_a_pattern(make, pattern, label):
    names = [make(number) for number in range(50)]
    assert pattern_of(names) == pattern
    if pattern:
        assert Pattern(pattern).read(names[0]).label == label
        said, _ = proposed(names=names)
        assert said["label"] == OriginKind.PATTERN.value


def test_what_a_column_holds_is_counted():
    table = read_table(b"image,x\n1,a\n2,a\n3,b\n4,NaN\n5,\n", "a.csv")
    look = column_facts(table)[1].look()
    assert (look.distinct, look.empty, look.examples) == (2, 2, ("a", "b"))


def test_whole_numbers_are_whole_with_a_fraction_of_nothing_too():
    names = [f"{number:04d}.png" for number in range(60)]
    table = table_of(image=lambda number: f"{number}.0", label=of(["1.0", "0.0", "1", "0"]))
    said, _ = proposed(table, names=names)
    assert (said["image"], said["label"]) == ("image", "label")
    assert column_facts(table)[0].values()[:2] == ["0", "1"]


def test_a_split_is_known_by_many_words():
    table = table_of(file=IDS, dx=of(["a", "b"]), part=of(["train", "dev", "holdout"]))
    assert proposed(table)[0]["split"] == "part"
