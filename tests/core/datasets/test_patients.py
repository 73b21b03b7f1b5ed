"""What is said of patients: who is in two splits, which class is one patient only, whose images are nobody's."""

import numpy as np
import pandas as pd

from core.datasets.patients import nobody_known, patients
from core.specs import Severity


def found(*rows, classes=("a", "b")):
    """Findings by rule about images of (class_index, patient, split); every image is a file of its own."""
    items = pd.DataFrame(rows, columns=["class_index", "patient", "split"])
    items = items.assign(source_file=np.arange(len(items)))
    return {finding.rule: finding for finding in patients(items, classes)}


SOUND = [(0, "p1", "train"), (0, "p2", "test"), (1, "p3", "train"), (1, "p4", "val")]


def test_patients_who_are_kept_together_are_no_finding():
    assert found(*SOUND) == {}


def test_a_patient_in_two_splits_is_a_warning_that_counts():
    finding = found(*SOUND, (0, "p1", "test"), (0, "p1", "test"), (1, "p3", "val"))["patient_in_two_splits"]
    assert finding.severity is Severity.WARNING
    assert finding.where == ("p1: 1 train, 2 test", "p3: 1 train, 1 val")  # who has most images first
    assert "2 of 4 patients have images in more than one split, 5 images in all" in finding.what


def test_of_many_patients_a_hundred_are_named():
    rows = [(0, f"p{number // 2}", "train" if number % 2 else "test") for number in range(300)]
    finding = found(*rows, (1, "q1", "train"), (1, "q2", "train"))["patient_in_two_splits"]
    assert len(finding.where) == 100
    assert "150 of 152 patients" in finding.what


def test_images_of_nobody_are_not_one_patient():
    rows = [(0, "", "train"), (0, "", "test"), (1, "", "train"), (1, "", "test")]
    assert found(*rows) == {}


def test_a_class_of_one_patient_says_what_can_be_done():
    finding = found(*SOUND[:2], (1, "p3", "train"), (1, "p3", "train"), (1, "p3", "train"))["one_patient_class"]
    assert finding.where == ("b: 3 images",)
    assert "cannot be divided" in finding.what
    assert "Add images of other patients" in finding.remedy


def test_a_class_of_one_image_is_told_elsewhere():
    assert "one_patient_class" not in found(*SOUND[:2], (1, "p3", "train"))


def test_images_without_a_patient_among_others_are_counted():
    finding = found(*SOUND, (0, "", "train"), (1, "", "test"))["no_patient"]
    assert finding.what.startswith("Of 2 images it is not known whose they are")


def test_where_nobody_is_known_the_set_says_that_a_patient_may_be_on_both_sides():
    (finding,) = nobody_known(pd.DataFrame({"patient": ["", ""]}))
    assert (finding.severity, finding.rule) == (Severity.NOTE, "no_patients")
    assert finding.what == (
        "Nothing says whose the images are, so images of one patient may stand on both sides of the split."
    )
    assert list(nobody_known(pd.DataFrame({"patient": ["p1", ""]}))) == []


def test_a_table_without_patients_has_no_findings():
    assert list(patients(pd.DataFrame({"class_index": [0], "split": ["train"]}), ("a",))) == []
