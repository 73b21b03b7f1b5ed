"""One number, one class and one patient are one, however they are written; and nobody is called "unknown"."""

import pytest

from core.sources.labels.labels import read_labels
from core.sources.labels.tables import read_table
from core.sources.labels.written_alike import as_one, form, known_patient
from core.specs import Labelling, Origin, OriginKind, Severity


@pytest.mark.parametrize(
    "texts",
    [("7", "007", "7.0", " 7 ", "+7", "7,0", "7.000"), ("P7", "p7", "p 7"), ("-1", "-1.0", "-01"), ("0", "-0", "0.0"),
     ("0.5", "0.50", "0,5"), ("12345678901234567890123456789012", "012345678901234567890123456789012")],
)  # fmt: skip
def test_what_differs_in_writing_alone_is_of_one_form(texts):
    assert len(set(map(form, texts))) == 1


@pytest.mark.parametrize(
    "texts",
    [("7", "70", "-7", "7.5", "0.7"), ("P7", "P07", "7"), ("1,000", "1"), ("1.2.3", "1.2", "1.2.30"), ("", "0"),
     ("12345678901234567890123456789012", "12345678901234567890123456789013")],
)  # fmt: skip
def test_what_differs_in_more_stays_apart(texts):
    assert len(set(map(form, texts))) == len(texts)


@pytest.mark.parametrize(
    "text", ["unknown", "Unknown", "NONE", "n/a", "anonymous", "-", "?", "??", " ", "", "not known"]
)
def test_nobody_is_no_patient(text):
    assert known_patient(text) == ""


@pytest.mark.parametrize("text", ["7", "P7", "unknown 7", "Anonymous12", "\u674e", "a-"])
def test_anybody_else_is_one(text):
    assert known_patient(text) == text


def test_the_most_frequent_way_of_writing_is_taken():
    assert as_one(["p7", "P7", "P7", "8"]) == (["P7", "P7", "P7", "8"], 1)


def column(name):
    return Origin(kind=OriginKind.COLUMN, name=name)


def read(labels, patients):
    rows = [f"{at},{dx},{who}" for at, (dx, who) in enumerate(zip(labels, patients, strict=True))]
    table = read_table("\n".join(["image,dx,who", *rows]).encode(), "t.csv")
    chosen = Labelling(label=column("dx"), patient=column("who"), split=Origin(), table="t.csv", image_column="image")
    found = read_labels([f"{at}.png" for at in range(len(rows))], chosen, table)
    return found, {finding.rule: finding for finding in found.findings}


def test_numbers_with_and_without_a_fraction_are_two_classes_and_not_four():
    found, told = read(["1.0", "0.0", "1", "0", ""], "abcde")
    assert found.label == ["1", "0", "1", "0", ""]
    assert "similar_patients" not in told


def test_a_column_of_other_numbers_keeps_its_fractions():
    assert read(["1.0", "0.5", "1", "0"], "abcd")[0].label == ["1.0", "0.5", "1", "0"]


def test_patients_of_one_number_or_one_name_are_one_and_that_is_told_without_naming_them():
    found, told = read("ababab", ["7", "007", "7.0", "P7", "p7", "unknown"])
    # of 7, 007 and 7.0 none is more frequent, so the first is taken; the column is not one of numbers alone
    assert found.patient == ["7", "7", "7", "P7", "P7", ""]
    assert told["similar_patients"].severity is Severity.WARNING
    assert told["similar_patients"].what.startswith("2 patients are written in several ways")
    assert "7" not in told["similar_patients"].what + told["similar_patients"].remedy
    assert (told["similar_patients"].where, told["no_patient"].where) == ((), ("5.png",))


def test_unknown_patients_are_each_their_own_and_are_told():
    found, told = read("abab", ["unknown", "?", "p1", "n/a"])
    assert found.patient == ["", "", "p1", ""]
    assert told["no_patient"].what.startswith("3 images without a patient")
