"""A table whose first row is an image has no head: no cell of it becomes the name of a column, and no image is lost."""

import pytest

from core.datasets.importing import import_source
from core.errors import BadDataset
from core.sources.labels.column_words import is_patient
from core.sources.labels.first_row import is_no_head
from core.sources.labels.tables import read_table
from core.sources.looking import look_into
from core.specs import Labelling, Origin, OriginKind
from tests.core.sources.sources import picture

NAMES = [f"img{n:03d}.png" for n in range(8)]
ROWS = "".join(f"img{n:03d},{'benign' if n % 2 == 0 else 'malignant'},Zyxmeier{n // 2}\n" for n in range(8)).encode()


def no_head(data, names):
    return is_no_head(read_table(data, "t.csv"), names)


def column(name):
    return Origin(kind=OriginKind.COLUMN, name=name)


def labelling(image, label, patient):
    return Labelling(
        label=column(label),
        patient=column(patient),
        split=Origin(),
        table="labels.csv",
        image_column=image,
    )


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (ROWS, NAMES),
        (ROWS, [f"data/a/{name}" for name in NAMES]),
        (b"a7f,x\nb21,y\nccc,x\n", ["a7f.png", "b21.png", "ccc.png"]),
        (b"img007,x\nimg008,y\nimg009,x\n", ["img008.png", "img009.png"]),  # of an image that is not there
        (b"17,x,5\n18,y,5\n19,x,6\n", ["0017.png", "0018.png", "0019.png"]),
        (
            b"".join(b"img%d,x\n" % n for n in range(3000)),
            [f"img{n}.png" for n in range(2000, 2900)],
        ),  # a part is there
        (b"anna,x\nberta,y\nclara,x\n", ["anna/1.png", "berta/1.png", "clara/2.png"]),  # a row for each folder
    ],
)
def test_a_first_row_that_is_an_image_is_no_head(data, names):
    assert no_head(data, names)


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"image,dx\nimage,x\nscan2,y\n", ["image.png", "scan2.png"]),  # an image of the name of its column
        (b"id,x\nscan1,x\nscan2,y\n", ["id.png", "scan1.png", "scan2.png"]),
        (b"file,0,1\n0,1,0\n1,0,1\n2,1,0\n3,1,0\n4,0,1\n", [f"{n}.png" for n in range(5)]),  # columns called as images
        (b"serial,dx\n1,x\n2,y\n", ["1.png", "2.png"]),
        (b"a,b\n1,2\n", ["x.png", "y.png"]),
    ],
)
def test_a_head_stays_a_head(data, names):
    assert not no_head(data, names)


def test_a_look_numbers_the_columns_and_counts_every_row(make_zip, settings):
    path = make_zip({name: picture(n) for n, name in enumerate(NAMES)} | {"labels.csv": ROWS})
    look = look_into(path, settings.look_dir("ds_x"), settings, lambda progress: None, lambda: False)
    (table,) = look.tables
    assert ([each.name for each in table.columns], table.rows) == (["column 1", "column 2", "column 3"], 8)
    assert "no_header" in {finding.rule for finding in table.findings}
    assert (look.proposal.image_column, look.proposal.label) == ("column 1", column("column 2"))


def test_all_images_come_in_and_nobody_is_named_in_the_card(make_zip, settings, tmp_path):
    path = make_zip({name: picture(n) for n, name in enumerate(NAMES)} | {"labels.csv": ROWS})
    chosen = labelling("column 1", "column 2", "column 3")
    card = import_source(path, tmp_path / "ds", settings, lambda progress: None, lambda: False, chosen)
    assert (card.images, card.classes, card.patients) == (8, ("benign", "malignant"), 4)
    assert card.patient_name == "a column of the table"
    kept = b"".join(file.read_bytes() for file in (tmp_path / "ds").rglob("*") if file.is_file())
    assert b"zyxmeier" not in kept.lower()


def test_cells_of_the_first_row_are_no_columns_and_the_refusal_does_not_say_them(make_zip, settings, tmp_path):
    path = make_zip({name: picture(n) for n, name in enumerate(NAMES)} | {"labels.csv": ROWS})
    chosen = labelling("img000", "benign", "Zyxmeier0")
    with pytest.raises(BadDataset, match="no row with the names of its columns") as caught:
        import_source(path, tmp_path / "ds", settings, lambda progress: None, lambda: False, chosen)
    assert "Zyxmeier" not in caught.value.what + caught.value.remedy


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("patient", True),
        ("Patient_ID", True),
        ("patientId", True),
        ("PATIENTID", True),
        ("site", True),
        ("Zyxmeier0", False),
        ("patient 4711", False),
        ("Patient Meier", False),
        ("\u60a3\u8005", False),
        ("", False),
    ],
)
def test_only_plain_words_name_what_keeps_images_together(name, plain):
    assert is_patient(name) is plain
