"""An exported data set can be opened by anybody, harms no spreadsheet, and comes back the same when it is imported."""

import csv
import hashlib
import io
import zipfile

import pytest

from core.datasets import Shelf, import_source
from core.datasets.exporting import COLUMNS, export
from core.errors import DataGone, Stopped
from core.sources.looking import look_into
from core.sources.safe_names import Names, bare_cell, safe_cell, safe_name
from core.specs import Exclude, Relabel
from tests.core.revisions.test_revising import change  # noqa: F401
from tests.core.sources.sources import class_folders, picture


@pytest.fixture
def shelf(make_zip, bring_in):
    return bring_in(make_zip(class_folders({"a": 12, "b": 8})))


@pytest.fixture
def exported(tmp_path):
    """Export a shelf; the path of the zip."""

    def go(shelf, name="out.zip", **more):
        export(shelf, tmp_path / name, lambda _: None, lambda: False, **more)
        return tmp_path / name

    return go


def table(path):
    with zipfile.ZipFile(path) as archive:
        text = archive.read("labels.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_images_lie_in_folders_and_the_table_names_each(shelf, exported):
    path = exported(shelf, notes="Two kinds of noise")
    rows = table(path)
    assert tuple(rows[0]) == COLUMNS
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {*archive.namelist()} == {"labels.csv", "card.json", "README.txt", *(row["file"] for row in rows)}
        for row, original in zip(rows, map(shelf.original, range(20)), strict=True):
            assert archive.read(row["file"]) == original
            assert row["sha256"] == hashlib.sha256(original).hexdigest()
            assert row["file"].startswith(f"{row['split']}/{row['class']}/")
            assert (row["width"], row["height"], row["patient"]) == ("8", "8", "")
        assert archive.read("README.txt").startswith(b"Two kinds of noise\n")
        assert b"not a medical device" in archive.read("README.txt")


def test_the_same_data_set_gives_the_same_bytes(shelf, exported):
    assert exported(shelf).read_bytes() == exported(Shelf(shelf.folder), "again.zip").read_bytes()


def test_what_was_exported_comes_back_the_same(shelf, exported, settings, change):  # noqa: F811
    revised = change(shelf, Exclude(item_ids=(3, 15)))
    folder = settings.dataset_dir("ds_again")
    import_source(exported(revised), folder, settings, lambda _: None, lambda: False)
    again = Shelf(folder)
    assert again.card.classes == revised.card.classes
    assert again.card.split.source == "given"

    def content(shelf):
        return sorted(zip(shelf.items["digest"], shelf.items["class_index"], shelf.items["split"], strict=True))

    assert content(again) == content(revised)


def test_hostile_names_of_classes_become_folders_and_stay_as_they_are_in_the_table(shelf, exported, change):  # noqa: F811
    names = ["../../etc", "a/b", "a:b", 'A"b', "test", "=1+1", "CON", ".hidden", "x" * 120, "\u202eevil", "  ", "a?b"]
    labels = [name for name in names if name.strip()]
    hostile = change(shelf, *(Relabel(item_ids=(number,), label=name) for number, name in enumerate(labels)))
    assert len(hostile.card.classes) == len(labels) + 2
    rows = table(exported(hostile))
    folders = {row["class"]: row["file"].split("/")[1] for row in rows}
    assert len({folder.casefold() for folder in folders.values()}) == len(labels) + 2
    for row in rows:
        split, folder, name = row["file"].split("/")
        assert split in ("train", "val", "test")
        assert not folder.startswith(".")
        assert folder.casefold() not in ("train", "val", "test", "con", "..")
        assert folder.isprintable()
        assert name.endswith(".png")
    assert folders["'=1+1"] == "=1+1"
    assert folders["a/b"] == "a_b"


def test_an_archive_of_hostile_classes_comes_back_with_as_many(shelf, exported, change, settings):  # noqa: F811
    hostile = change(shelf, *(Relabel(item_ids=(n,), label=name) for n, name in enumerate(("../up", "a:b", "test"))))
    import_source(exported(hostile), settings.dataset_dir("ds_again"), settings, lambda _: None, lambda: False)
    again = Shelf(settings.dataset_dir("ds_again"))
    assert sorted(again.items["class_index"].value_counts()) == sorted(hostile.items["class_index"].value_counts())


def test_by_its_table_an_archive_comes_back_with_every_name(make_zip, bring_in, exported, settings):
    shelf = bring_in(make_zip(class_folders({"+": 8, "=cmd": 8, "Test": 8})))
    path, nothing = exported(shelf), (lambda _: None, lambda: False)
    look = look_into(path, settings.look_dir("ds_again"), settings, *nothing)
    import_source(path, settings.dataset_dir("ds_again"), settings, *nothing, look.proposal)
    again = Shelf(settings.dataset_dir("ds_again"))

    def content(shelf):
        names = [shelf.card.classes[index] for index in shelf.items["class_index"]]
        return sorted(zip(shelf.items["digest"], names, shelf.items["split"], strict=True))

    assert content(again) == content(shelf)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_is_a_formula(cell):
    assert safe_cell(cell) == f"'{cell}"
    assert bare_cell(safe_cell(cell)) == cell


def test_harmless_cells_stay():
    for cell in ("", "a", "1", "a=b", "'a", "'"):
        assert safe_cell(cell) == bare_cell(cell) == cell


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("benign", "benign"),
        ("Gruß Ärzte 漢字", "Gruß Ärzte 漢字"),
        ("a/b\\c", "a_b_c"),
        ("..", "_"),
        ("...", "_"),
        ("", "_"),
        (" x. ", "x"),
        (".git", "_git"),
        ("con", "_con"),
        ("COM1.txt", "_COM1.txt"),
        ("a\x00b\nc", "a_b_c"),
        ("e\u0301", "é"),
    ],
)
def test_names_become_safe(name, safe):
    assert safe_name(name) == safe


def test_names_are_given_out_once_whatever_their_capitals():
    names = Names(reserved=("test",))
    assert [names.free(name, ".png") for name in ("a", "A", "a", "a (2)")] == [
        "a.png",
        "A (2).png",
        "a (3).png",
        "a (2) (2).png",
    ]
    assert names.free("Test") == "Test (2)"
    assert len(safe_name("ä" * 500).encode()) <= 200


def test_many_images_of_one_name_are_numbered(make_zip, bring_in, exported):
    files = {f"{name}/{folder}/image.png": picture([n, ord(name)]) for name in "ab" for n, folder in enumerate("xyz")}
    assert len({row["file"].casefold() for row in table(exported(bring_in(make_zip(files))))}) == 6


def test_a_stop_or_a_lost_file_leaves_the_archive_before(shelf, exported, tmp_path):
    before = exported(shelf).read_bytes()
    with pytest.raises(Stopped):
        export(shelf, tmp_path / "out.zip", lambda _: None, lambda: True)
    (shelf.folder / "originals" / shelf.items["file"].iloc[9]).unlink()
    with pytest.raises(DataGone):
        exported(shelf)
    assert (tmp_path / "out.zip").read_bytes() == before
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.zip"]


def test_measured_values_come_with_their_scale(shelf, exported):
    items = shelf.items.assign(tone_slope=1.0, tone_intercept=-1024.0, tone_low=-160.0, tone_unit="HU")
    items.to_parquet(shelf.folder / "items.parquet", index=False)
    row = table(exported(Shelf(shelf.folder)))[0]
    assert {name: row[name] for name in row if name not in COLUMNS} == {
        "value_slope": "1.0",
        "value_intercept": "-1024.0",
        "window_low": "-160.0",
        "window_high": "",
        "value_unit": "HU",
    }
