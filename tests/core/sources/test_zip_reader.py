"""A zip of class folders comes in as its folders say; whatever else lies in it is told, not tripped over."""

import struct
import zipfile

import numpy as np
import pytest

from core.errors import BadArchive, BadDataset
from core.images import decode
from core.specs import Severity, Split
from tests.core.sources.sources import KEEP_NAMES, class_folders, picture, rules


def names(shelf, class_name):
    index = shelf.card.classes.index(class_name)
    return list(shelf.items.loc[shelf.items["class_index"] == index, "name"])


def test_class_folders_become_classes_in_natural_order(make_zip, bring_in):
    shelf = bring_in(make_zip(class_folders({"grade 10": 5, "grade 2": 4}, prefix="root/")), KEEP_NAMES)
    assert shelf.card.classes == ("grade 2", "grade 10")
    assert shelf.card.images == 9
    assert names(shelf, "grade 2") == [f"root/grade 2/{number}.png" for number in range(4)]
    assert shelf.card.source == "zip of class folders"
    assert not shelf.card.has_given_split
    assert shelf.card.split.source == "drawn"


def test_split_folders_are_kept(make_zip, bring_in):
    files = class_folders({"a": 4, "b": 3}, "train/") | class_folders({"a": 2, "b": 2}, "valid/")
    files |= class_folders({"a": 1, "b": 2}, "test/")
    card = bring_in(make_zip(files)).card
    assert card.has_given_split
    assert card.split.source == "given"
    assert card.counts == (
        {Split.TRAIN: 4, Split.VALIDATION: 2, Split.TEST: 1},
        {Split.TRAIN: 3, Split.VALIDATION: 2, Split.TEST: 2},
    )


def test_a_missing_validation_folder_is_made_up_for_from_training(make_zip, bring_in):
    files = class_folders({"a": 17, "b": 17}, "train/") | class_folders({"a": 4, "b": 4}, "test/")
    card = bring_in(make_zip(files)).card
    # 15 of the 85 shares that are not test: 17 x 15 / 85 = 3
    assert card.counts == ({Split.TRAIN: 14, Split.VALIDATION: 3, Split.TEST: 4},) * 2


def test_originals_are_kept_as_they_came_under_no_name_from_outside(make_zip, bring_in, folder):
    files = class_folders({"a": 3, "b": 3})
    shelf = bring_in(make_zip(files))
    for row in shelf.items.itertuples():
        assert shelf.original(row.item_id) == files[row.name]
    kept = [path.relative_to(folder / "originals") for path in (folder / "originals").rglob("*") if path.is_file()]
    assert sorted(map(str, kept)) == sorted(shelf.items["file"])
    assert all(len(path.parts) == 2 and len(path.parts[0]) == 2 for path in kept)


def test_one_row_says_everything_about_an_image(make_zip, bring_in):
    files = {"a/grey.png": picture(1, 6, 9, channels=1), "b/colour.png": picture(2, 5, 4)}
    shelf = bring_in(make_zip(files))
    grey, colour = shelf.items.to_dict("records")
    assert (grey["width"], grey["height"], grey["channels"], grey["bit_depth"]) == (9, 6, 1, 8)
    assert (colour["width"], colour["height"], colour["channels"]) == (4, 5, 3)
    assert grey["bytes"] == len(files["a/grey.png"])
    card = shelf.card
    assert (card.grey, card.bit_depth, card.min_side_px, card.max_side_px) == (False, 8, 4, 9)
    assert card.bytes_on_disk == sum(map(len, files.values()))


def test_files_of_the_system_are_passed_over_in_silence(make_zip, bring_in):
    files = class_folders({"a": 20, "b": 20}) | {
        "__MACOSX/a/._0.png": b"resource fork",
        "a/.DS_Store": b"\0",
        "b/Thumbs.db": b"\0",
        ".hidden/1.png": picture(99),
    }
    card = bring_in(make_zip(files)).card
    assert card.images == 40
    assert [finding.rule for finding in card.findings] == ["no_patients"]


def test_files_that_are_no_image_are_one_note(make_zip, bring_in):
    files = class_folders({"a": 20, "b": 20}) | {"README": b"text", "labels.csv": b"a,b", "a/notes.txt": b"text"}
    card = bring_in(make_zip(files)).card
    finding, nobody = card.findings
    assert nobody.rule == "no_patients"
    assert (finding.rule, finding.severity) == ("not_an_image", Severity.NOTE)
    assert sorted(finding.where) == ["README", "a/notes.txt", "labels.csv"]
    assert finding.what == "3 files left out for being no image."


def test_a_broken_file_is_named_with_its_reason_and_stops_nothing(make_zip, bring_in):
    whole = picture(99, 64, 64)
    files = class_folders({"a": 20, "b": 20}) | {"a/cut.png": whole[:200], "a/empty.png": b"", "b/no.jpg": b"hello"}
    card = bring_in(make_zip(files), KEEP_NAMES).card
    assert (card.images, card.unreadable) == (40, 3)
    finding = rules(card)["unreadable_file"]
    assert finding.severity is Severity.WARNING
    assert finding.what == "3 of 43 files could not be read and were left out."
    for name in ("a/cut.png", "a/empty.png", "b/no.jpg"):
        assert any(name in reason for reason in finding.where)


def test_of_many_broken_files_a_hundred_are_named(make_zip, bring_in):
    bad = {f"a/bad{number}.png": b"no" for number in range(150)}
    finding = rules(bring_in(make_zip(class_folders({"a": 3, "b": 3}) | bad)).card)["unreadable_file"]
    assert len(finding.where) == 100
    assert finding.what.startswith("150 of 156 files")
    assert finding.what.endswith("The first 100 of 150 are named.")


def test_a_file_damaged_inside_the_zip_is_a_finding(make_zip, bring_in):
    files = class_folders({"a": 3, "b": 3})
    path = make_zip(files, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    inside = data.index(files["a/1.png"]) + 60  # a byte of the pixels: the checksum no longer fits
    data[inside] ^= 0xFF
    path.write_bytes(data)
    card = bring_in(path).card
    assert card.images == 5
    assert rules(card)["unreadable_file"].where == ("The file 'a/1.png' is damaged inside the zip.",)


def test_an_unknown_compression_is_a_finding(make_zip, bring_in):
    path = make_zip(class_folders({"a": 3, "b": 3}))
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 10 : entry + 12] = struct.pack("<H", 93)  # Zstandard, in the table of contents (APPNOTE 4.4.5)
    path.write_bytes(data)
    assert bring_in(path).card.unreadable == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_compression_that_python_knows_is_read(make_zip, bring_in, method):
    assert bring_in(make_zip(class_folders({"a": 3, "b": 3}), method)).card.images == 6


def test_two_files_of_one_name_are_both_kept(make_zip, bring_in):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make_zip([*class_folders({"a": 3, "b": 3}).items(), ("a/0.png", picture(77))])
    shelf = bring_in(path)
    assert shelf.card.images == 7
    assert names(shelf, "a").count("a/0.png") == 1  # the other one is numbered: no two are called the same
    assert "a/image 00002.png" in names(shelf, "a")
    assert rules(shelf.card)["same_name"].where == ("a/0.png",)


def test_the_same_name_in_two_classes_is_two_images(make_zip, bring_in):
    shelf = bring_in(make_zip({"a/1.png": picture(1), "b/1.png": picture(2), "a/2.png": picture(3)}))
    assert shelf.card.images == 3


def test_names_in_other_alphabets_and_hostile_names_are_text(make_zip, bring_in):
    hostile = {"<script>": 3, "Zellen grün": 3, "細胞": 3, "![](x)": 3, "'; DROP TABLE": 3}
    assert set(bring_in(make_zip(class_folders(hostile))).card.classes) == set(hostile)


def test_names_without_the_utf8_flag_are_read_as_their_writer_meant_them(make_zip, bring_in):
    path = make_zip(class_folders({"gr\u00fcn": 3, "rot": 3}))
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags in local headers and table of contents
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + at + 1] &= ~0x08  # bit 11: the name is UTF-8
    path.write_bytes(data)
    assert bring_in(path).card.classes == ("gr\u00fcn", "rot")


def test_names_in_code_page_437_are_read(make_zip, bring_in):
    # "grün" in code page 437: u with diaeresis is the byte 0x81, which is not valid UTF-8 there
    path = make_zip(class_folders({"gr\u00fcn": 3, "rot": 3}))
    data = path.read_bytes().replace("gr\u00fcn".encode(), b"gr\x81nX")
    data = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + at + 1] &= ~0x08
    path.write_bytes(data)
    assert bring_in(path).card.classes == ("gr\u00fcnX", "rot")


def test_control_characters_in_names_are_made_visible(make_zip, bring_in):
    shelf = bring_in(make_zip({"a\u202egnp/1.png": picture(1), "b\x1b[31m/1.png": picture(2)}))
    assert shelf.card.classes == ("a\ufffdgnp", "b\ufffd[31m")


def test_backslashes_are_folders(make_zip, bring_in):
    shelf = bring_in(make_zip({"a\\1.png": picture(1), "b\\1.png": picture(2)}))
    assert shelf.card.classes == ("a", "b")


def test_images_outside_class_folders_are_told(make_zip, bring_in):
    card = bring_in(make_zip(class_folders({"a": 20, "b": 20}) | {"stray.png": picture(99)}), KEEP_NAMES).card
    assert card.images == 40
    assert rules(card)["no_class"].where == ("stray.png",)


def test_an_archive_inside_is_told_and_not_opened(make_zip, bring_in):
    card = bring_in(make_zip(class_folders({"a": 20, "b": 20}) | {"more.zip": b"PK"}), KEEP_NAMES).card
    assert rules(card)["nested_archive"].where == ("more.zip",)


def test_a_class_of_which_nothing_can_be_read_is_told(make_zip, bring_in):
    card = bring_in(make_zip(class_folders({"a": 20, "c": 20}) | {"b/1.png": b"no"})).card
    assert card.classes == ("a", "c")
    assert rules(card)["class_without_images"].where == ("b",)


def test_the_order_in_the_zip_does_not_matter(make_zip, bring_in):
    files = class_folders({"a": 3, "b": 3})
    there = bring_in(make_zip(files)).card.content_digest
    back = bring_in(make_zip(dict(reversed(files.items())))).card.content_digest
    assert there == back


def test_an_empty_zip_is_refused(make_zip, refuse):
    assert "empty" in refuse(BadArchive, make_zip({})).what
    assert "empty" in refuse(BadArchive, make_zip({"a/": b"", "b/": b""})).what


def test_a_zip_without_images_is_refused(make_zip, refuse):
    refuse(BadArchive, make_zip({"a/readme.txt": b"text", "b/table.csv": b"1,2"}))


def test_a_zip_of_zips_is_refused_with_the_reason(make_zip, refuse):
    assert "other archives" in refuse(BadArchive, make_zip({"train.zip": b"PK", "test.zip": b"PK"})).what


def test_one_class_is_refused(make_zip, refuse):
    assert "one class only: 'a'" in refuse(BadDataset, make_zip(class_folders({"a": 5})), KEEP_NAMES).what
    halves = class_folders({"a": 5}, "train/") | class_folders({"a": 5}, "test/")
    assert "'a'" in refuse(BadDataset, make_zip(halves), KEEP_NAMES).what
    # the folder may be called after a patient
    assert "one class only: [name not kept]" in refuse(BadDataset, make_zip(class_folders({"a": 5}))).what


def test_images_in_no_folders_are_refused(make_zip, refuse):
    refuse(BadDataset, make_zip({"1.png": picture(1), "2.png": picture(2)}))
    refuse(BadDataset, make_zip({"train/1.png": picture(1), "test/2.png": picture(2)}))


def test_a_folder_for_every_image_is_refused(make_zip, refuse):
    files = {f"{number}/x.png": b"" for number in range(1001)}
    assert "1,001 different folders" in refuse(BadDataset, make_zip(files)).what


def test_a_class_name_of_a_page_is_refused(make_zip, refuse):
    refuse(BadDataset, make_zip({f"{'a' * 200}/1.png": picture(1), "b/1.png": picture(2)}))


def test_nothing_readable_is_refused_with_the_first_reason(make_zip, refuse):
    error = refuse(BadDataset, make_zip({"a/1.png": b"no", "b/1.dcm": bytes(128) + b"DICM"}))
    assert "None of the 2 files" in error.what
    assert "a/1.png" in error.what


def test_one_readable_class_is_refused(make_zip, refuse):
    assert "'a'" in refuse(BadDataset, make_zip(class_folders({"a": 3}) | {"b/1.png": b"no"})).what


def test_the_pixels_decode_to_what_was_put_in(make_zip, bring_in):
    shelf = bring_in(make_zip({"a/1.png": picture(5), "b/1.png": picture(6)}))
    decoded = decode(shelf.original(0), name="1", max_pixels=10**6)
    assert np.array_equal(decoded.pixels, decode(picture(5), name="2", max_pixels=10**6).pixels)
