"""Plain names stay, all others become numbers; patients become hashes that only this home can make."""

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.deidentify import (
    NOT_KEPT,
    Names,
    hashed_patient,
    is_plain,
    plain_name,
    plain_names,
    without_names,
)
from core.sources.reader import Entry
from core.specs import Finding, Severity

untimed = settings(deadline=None)


@pytest.mark.parametrize(
    ("name", "label", "kept"),
    [
        ("a/1.png", "a", "a/1.png"),
        ("train/NORMAL/IMG_0115.jpeg", "NORMAL", "train/NORMAL/IMG_0115.jpeg"),
        ("lung_aca/lungaca1.jpeg", "lung_aca", "lung_aca/lungaca1.jpeg"),
        ("train_images/000017", "class 0", "train_images/000017"),
        ("<script>/01.png", "<script>", "<script>/01.png"),
        ("scan 3, slice 12.nii.gz", "cyst", "scan 3, slice 12.nii.gz"),
    ],
)
def test_plain_names_stay(name, label, kept):
    assert plain_name(name, label, 7) == kept


@pytest.mark.parametrize(
    ("name", "label", "kept"),
    [
        ("a/Meier.png", "a", "a/image 00007.png"),
        ("Meier, Erika/1.png", "a", "1.png"),  # the folder goes, the name may stay
        ("a/Meier/IM000001", "a", "a/IM000001"),
        ("a/19450312.png", "a", "a/image 00007.png"),  # eight digits: a date
        ("a/1945-03-12.png", "a", "a/image 00007.png"),  # three numbers: a date
        ("a/1.2.840.113619.dcm", "a", "a/image 00007.dcm"),
        ("a/1.meier", "a", "a/image 00007"),  # the ending is none that is known
        ("a/image 00003.png", "a", "a/image 00007.png"),  # or it would look like the third
        ("a/scan–1.png", "a", "a/image 00007.png"),
        ("a/.png", "a", "a/image 00007.png"),
        ("x/١٢٣.png", "a", "image 00007.png"),
    ],
)
def test_all_others_are_numbered(name, label, kept):
    assert plain_name(name, label, 7) == kept


def test_no_two_names_are_the_same():
    entries = [Entry(name, "a") for name in ("one/1.png", "two/1.png", "a/1.png", "a/1.png", "a/image 00003.png")]
    assert plain_names(entries, keep_names=False) == [
        "1.png",
        "image 00002.png",
        "a/1.png",
        "a/image 00004.png",
        "a/image 00005.png",
    ]


def test_names_stay_if_the_user_asks():
    entries = [Entry("Meier/1.png", "a"), Entry("Meier/Erika.png", "a")]
    assert plain_names(entries, keep_names=True) == ["Meier/1.png", "Meier/Erika.png"]


@untimed
@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_names_become_different_ones(names):
    plain = plain_names([Entry(name, "a") for name in names], keep_names=False)
    assert len(set(plain)) == len(names)


@untimed
@given(st.text(min_size=1, max_size=20))
def test_what_is_plain_holds_nothing_but_known_words_and_short_numbers(text):
    assert not is_plain(f"{text}meier")
    assert not is_plain(f"{text}123456")


def test_the_same_patient_has_the_same_hash_in_one_home_only(tmp_path):
    here, there = tmp_path / "a" / "salt", tmp_path / "b" / "salt"
    assert hashed_patient("4711", here) == hashed_patient(" 4711 ", here) != hashed_patient("4712", here)
    assert hashed_patient("4711", here) != hashed_patient("4711", there)
    assert hashed_patient(" ", here) == ""
    hashed = hashed_patient("4711", here)
    assert len(hashed) == 11
    assert hashed[0] == "p"
    assert "4711" not in hashed
    if os.name == "posix":
        assert stat.S_IMODE(here.stat().st_mode) == 0o600


def test_quoted_names_are_taken_out_of_a_sentence():
    text = "The file 'a/Meier.png' of the class 'cyst' is not the zip's own; \"O'Neil\" and 'a/1.png' are, 'Meier' too."
    plain = {"a/Meier.png": "a/image 00001.png"}
    assert without_names(text, {"cyst"}, plain) == (
        f"The file 'a/image 00001.png' of the class 'cyst' is not the zip's own; {NOT_KEPT} and {NOT_KEPT} are,"
        f" {NOT_KEPT} too."
    )


@untimed
@given(st.text(min_size=1, max_size=30))
def test_no_quoted_name_passes_whatever_it_is(name):
    told = without_names(f"The file {name + 'Meier'!r} is no image: {'Meier' + name!r}.")
    assert "Meier" not in told


def test_findings_of_a_reader_tell_only_what_is_kept():
    entries = [Entry("Meier.png", "cyst"), Entry("cyst/2.png", "cyst"), Entry("Meier.png", "tumour")]
    names = Names(entries, ["image 00001.png", "cyst/2.png", "image 00003.png"], ["cyst", "tumour"], keep=False)
    where = ("Meier.png: cyst, tumour", "cyst/2.png", "Schulze.pdf", "Meier.pdf", "cyst: 2 images", "Erika: Meier")
    finding = Finding(severity=Severity.NOTE, rule="r", where=where, what="'Erika' twice.", remedy="Look at 'cyst'.")
    told = names.finding(finding)
    assert told.where == (
        "image 00001.png: cyst, tumour",
        "cyst/2.png",
        f"{NOT_KEPT}.pdf (2)",
        "cyst: 2 images",
        f"{NOT_KEPT}: {NOT_KEPT}",
    )
    assert (told.what, told.remedy) == (f"{NOT_KEPT} twice.", "Look at 'cyst'.")
    assert Names(entries, ["", "", ""], [], keep=True).finding(finding) == finding
