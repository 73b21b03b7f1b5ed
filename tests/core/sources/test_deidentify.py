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
    plain_name,
    plain_names,
    plain_of,
    without_names,
)
from core.sources.plain_names import VOCABULARY, Plain
from core.sources.reader import Entry
from core.specs import Finding, Severity

untimed = settings(deadline=None)
ANY = Plain()


def names_of(entries, **options):
    return plain_names(entries, plain_of(entries, **options))


@pytest.mark.parametrize(
    ("name", "label", "kept"),
    [
        ("a/1.png", "a", "a/1.png"),
        ("train/NORMAL/IMG_0115.jpeg", "NORMAL", "train/NORMAL/IMG_0115.jpeg"),
        ("lung_aca/lungaca1.jpeg", "lung_aca", "lung_aca/lungaca1.jpeg"),
        ("train_images/00017", "class 0", "train_images/00017"),
        ("<script>/01.png", "<script>", "<script>/01.png"),
        ("scan 3, slice 12.nii.gz", "cyst", "scan 3, slice 12.nii.gz"),
    ],
)
def test_plain_names_stay(name, label, kept):
    assert plain_name(name, label, 7, ANY) == kept


@pytest.mark.parametrize(
    ("name", "label", "kept"),
    [
        ("a/Meier.png", "a", "a/image 00007.png"),
        ("Meier, Erika/1.png", "a", "1.png"),  # the folder goes, the name may stay
        ("a/Meier/IM00001", "a", "a/IM00001"),
        ("a/IM000001", "a", "a/image 00007"),  # six digits, of which five are zeros
        ("a/010170.png", "a", "a/image 00007.png"),  # a date
        ("a/0101_70.png", "a", "a/image 00007.png"),
        ("a/12345.png", "a", "a/image 00007.png"),  # no running number of a few images
        ("a/4711_1_benign.png", "benign", "image 00007.png"),
        ("a/4711/3.png", "a", "a/3.png"),
        ("train/17/a/3.png", "a", "train/a/3.png"),
        ("a/²³.png", "a", "a/image 00007.png"),
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
    assert plain_name(name, label, 7, ANY) == kept


def test_no_two_names_are_the_same():
    entries = [Entry(name, "a") for name in ("one/1.png", "two/1.png", "a/1.png", "a/1.png", "a/image 00003.png")]
    assert names_of(entries) == [
        "1.png",
        "image 00002.png",
        "a/1.png",
        "a/image 00004.png",
        "a/image 00005.png",
    ]


def test_names_stay_if_the_user_asks():
    entries = [Entry("Meier/1.png", "a"), Entry("Meier/Erika.png", "a")]
    assert plain_names(entries, ANY, keep_names=True) == ["Meier/1.png", "Meier/Erika.png"]


@untimed
@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_names_become_different_ones(names):
    plain = names_of([Entry(name, "a") for name in names])
    assert len(set(plain)) == len(names)


def test_a_running_number_is_no_larger_than_there_are_images():
    for number, images, plain in [(999, 3, True), (1000, 3, False), (1000, 1000, True), (1001, 1000, False)]:
        assert Plain(images)(f"{number}") is plain
    assert not Plain(10**6)("000017")


@pytest.mark.parametrize(
    ("patient", "name"),
    [
        ("417", "417.png"),
        ("417", "00417.png"),
        ("00417", "scan 417.png"),
        ("417", "417_1.png"),
        ("417", "4171.png"),  # with a running number behind it
        ("417", "14_17.png"),
        ("4-17", "417.png"),
        ("MRN 417/b", "img 417.png"),
        ("7", "7.png"),
        ("Page", "page 1.png"),
        ("XRay", "xray 1.png"),
    ],
)
def test_what_shares_a_word_or_a_number_with_the_id_of_any_patient_is_numbered(patient, name):
    entries = [Entry(name, "a", "", "somebody else"), Entry("2.png", "a", "", patient), *[Entry("", "a")] * 5000]
    assert names_of(entries)[:2] == ["image 00001.png", "2.png"]
    assert names_of([Entry(name, "a"), *[Entry("", "a")] * 5000])[0] == name  # where nobody has that id


def test_folders_with_a_number_or_a_patients_name_are_dropped():
    entries = [Entry(f"a/{folder}/1.png", "a", "", "Ray") for folder in ("4711", "p 1", "ray", "images")]
    assert names_of(entries) == ["a/1.png", "a/image 00002.png", "a/image 00003.png", "a/images/1.png"]


def test_no_number_is_kept_where_the_ids_stand_in_the_files():
    entries = [Entry(name, "a") for name in ("a/417.dcm", "a/left.dcm", "a/fold/IM2")]
    assert names_of(entries, ids_in_files=True) == ["a/image 00001.dcm", "a/left.dcm", "a/fold/image 00003"]


WORDS = st.sampled_from(sorted(VOCABULARY | {"cyst", "Ovarian", "IMG"}))
NUMBERS = st.integers(0, 1200).flatmap(lambda number: st.sampled_from([f"{number}", f"{number:04d}", f"{number:06d}"]))
SIGNS = st.sampled_from([" ", "_", "-", ".", "(", ", "])


@untimed
@given(st.lists(st.one_of(WORDS, NUMBERS), min_size=1, max_size=5), SIGNS, st.integers(0, 1100), st.data())
def test_what_is_plain_holds_nothing_but_known_words_and_short_numbers(tokens, sign, images, data):
    text, numbers = sign.join(tokens), [token for token in tokens if token.isdecimal()]
    few = len(numbers) <= 2 and len("".join(numbers)) <= 5
    is_plain = few and all(int(number) <= max(999, images) for number in numbers)
    assert Plain(images)(text, "ovarian cyst") is is_plain
    assert Plain(images, numbers=False)(text, "ovarian cyst") is not numbers
    assert not Plain(images, [data.draw(st.sampled_from(tokens)).upper()])(text, "ovarian cyst")
    for strange in ("meier", "123456", "é", "1 1 1"):
        at = data.draw(st.integers(0, len(tokens)))
        assert not Plain(images)(sign.join([*tokens[:at], strange, *tokens[at:]]), "ovarian cyst")


@untimed
@given(st.text(min_size=1, max_size=20))
def test_no_text_is_plain_with_a_strange_word_or_a_long_number(text):
    for strange in (" meier", " 123456"):
        assert not Plain(10**9)(text + strange)


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
    names = Names(entries, ["image 00001.png", "cyst/2.png", "image 00003.png"], ANY, ["cyst", "tumour"], keep=False)
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
    assert Names(entries, ["", "", ""], ANY, [], keep=True).finding(finding) == finding


def test_numbers_in_findings_are_those_of_rows_and_of_files_and_nobodys_id():
    entries = [Entry("1.png", "cyst", "", "417")]
    names = Names(entries, ["1.png"], plain_of(entries), ["cyst"], keep=False)
    kept = ("row 4,711", "rows 3, 5, 4,711", "line 12", "cyst: 417 images", "images/7.png", "notes.txt")
    hidden = ("418: 2", "417.png", "scan 418: cyst", "12345.pdf", "images/417/7.png", "418/7.png", "'417' and '418'")
    finding = Finding(severity=Severity.NOTE, rule="r", where=kept + hidden, what="'418', '1.png'.", remedy="'7.png'")
    told = names.finding(finding)
    assert told.where[: len(kept)] == kept
    assert not any(number in "".join(told.where[len(kept) :]) for number in ("417", "418", "12345"))
    assert (told.what, told.remedy) == (f"{NOT_KEPT}, '1.png'.", NOT_KEPT)
