"""Flags say where the labels are, as the page does."""

import pytest

from core.cli.labelling import as_flags, labelling_from, needs_look
from core.cli.parser import build_parser
from core.errors import BadSetting
from core.specs import ColumnLook, Labelling, Origin, OriginKind, SourceLook, TableLook

COLUMN, TAG, PATTERN = OriginKind.COLUMN, OriginKind.TAG, OriginKind.PATTERN


def flags(*words):
    return build_parser().parse_args(["import", "x.zip", *words])


def look(*names, **proposal):
    tables = tuple(
        TableLook(name=name, rows=1, columns=(ColumnLook(name="file", distinct=1, empty=0),)) for name in names
    )
    return SourceLook(kind="zip", images=1, tables=tables, proposal=Labelling(**proposal))


BY_COLUMNS = Labelling(
    label=Origin(kind=COLUMN, name="projection"),
    patient=Origin(kind=COLUMN, name="patient_id"),
    table="data.csv",
    image_column="image_id",
)


def test_without_a_flag_the_folders_say_it():
    assert labelling_from(flags()) == Labelling()


@pytest.mark.parametrize(
    ("words", "labelling"),
    [
        (("--label-column", "projection", "--patient-column", "patient_id", "--table", "data.csv",
          "--image-column", "image_id"), BY_COLUMNS),
        (("--label-tag", "Modality", "--patient-tag", "PatientID"),
         Labelling(label=Origin(kind=TAG, name="Modality"), patient=Origin(kind=TAG, name="PatientID"))),
        (("--pattern", "{patient}_*_{label}"),
         Labelling(label=Origin(kind=PATTERN), patient=Origin(kind=PATTERN), pattern="{patient}_*_{label}")),
        (("--pattern", "{patient}_*", "--label-tag", "Modality"),
         Labelling(label=Origin(kind=TAG, name="Modality"), patient=Origin(kind=PATTERN), pattern="{patient}_*")),
        (("--planes", "middle", "--slice-axis", "0", "--keep-names", "--keep-patient-ids"),
         Labelling(planes="middle", slice_axis=0, keep_names=True, keep_patient_ids=True)),
    ],
)  # fmt: skip
def test_flags_become_a_labelling_and_back(words, labelling):
    assert labelling_from(flags(*words)) == labelling
    again = labelling_from(flags(*as_flags(labelling)))
    assert again.model_dump(include={"label", "split", "patient", "table", "image_column", "pattern"}) == (
        labelling.model_dump(include={"label", "split", "patient", "table", "image_column", "pattern"})
    )


def test_the_only_table_and_its_column_of_images_need_no_flag():
    arguments = flags("--label-column", "projection", "--patient-column", "patient_id")
    assert needs_look(arguments)
    found = look("data.csv", table="data.csv", image_column="image_id", label=Origin(kind=COLUMN, name="x"))
    assert labelling_from(arguments, found) == BY_COLUMNS


@pytest.mark.parametrize(
    ("words", "found", "what"),
    [
        (("--label-column", "a"), look(), "There is none"),
        (("--label-column", "a"), look("a.csv", "b.csv"), "There are 2: a.csv, b.csv"),
        (("--label-column", "a", "--table", "t.csv"), look("t.csv"), "names the images"),
        (("--label-column", "a", "--patient-column", "a", "--table", "t.csv", "--image-column", "i"), None, "twice"),
    ],
)
def test_what_does_not_go_together_is_refused(words, found, what):
    with pytest.raises(BadSetting, match=what):
        labelling_from(flags(*words), found)
