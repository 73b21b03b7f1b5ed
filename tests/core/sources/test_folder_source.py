"""A folder on the server comes in as a zip does; links are never followed, and uploaded files keep their own names."""

import contextlib
import json
import os
import stat

import pytest

from core.errors import BadArchive, BadImage, DataGone, TooLarge
from core.sources.folder_source import NAMES, FolderSource
from core.sources.joined_source import parts_of
from core.sources.source import contents
from core.sources.sources import open_source
from tests.core.sources.sources import class_folders, picture, rules


@pytest.fixture
def make_folder(tmp_path):
    """Write `{name: bytes}` below a fresh folder, and return it."""

    def make(files, root=None):
        root = root or tmp_path / f"folder-{len(list(tmp_path.iterdir()))}"
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        return root

    return make


def test_a_folder_gives_what_a_zip_of_it_gives(make_folder, make_zip, bring_in):
    files = class_folders({"a": 4, "b": 3})
    there = bring_in(make_folder(files)).card
    zipped = bring_in(make_zip(files)).card
    assert there.source == "folder of class folders"
    assert there.content_digest == zipped.content_digest


def test_links_are_told_and_never_followed(make_folder, bring_in, tmp_path):
    outside = make_folder(class_folders({"c": 3}), tmp_path / "outside")
    root = make_folder(class_folders({"a": 3, "b": 3}))
    (root / "c").symlink_to(outside / "c")
    (root / "a" / "link.png").symlink_to(outside / "c" / "0.png")
    (root / "b" / "loop").symlink_to(root)
    os.mkfifo(root / "b" / "pipe.png")
    card = bring_in(root).card
    assert card.classes == ("a", "b")
    assert card.images == 6
    assert rules(card)["link"].what == "4 files left out: a link or a device instead of a file."


def test_a_file_that_becomes_a_link_is_not_followed(make_folder, settings):
    root = make_folder({"a/1.png": b"x"})
    source = FolderSource(root, settings)
    (root / "a" / "1.png").unlink()
    (root / "a" / "1.png").symlink_to("/etc/passwd")
    with pytest.raises(BadImage, match="cannot be opened"):
        contents(source, source.files[0])


def swapped(folder, other):
    """Put a link to another folder in the place of a folder."""
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(other)


@pytest.mark.parametrize("which", ["a", "."])
def test_a_folder_that_becomes_a_link_is_not_followed(make_folder, settings, tmp_path, which):
    """A folder on the way, or the root itself: the secret file of the same name is never read."""
    root = make_folder({"a/1.png": b"mine"})
    secret = make_folder({"1.png": b"secret", "a/1.png": b"secret"}, tmp_path / "secret")
    source = FolderSource(root, settings)
    swapped((root / which).resolve(), secret)
    if which == ".":  # the folder that was opened is read, wherever it lies now
        assert contents(source, source.files[0]) == b"mine"
    else:
        with pytest.raises(BadImage, match="cannot be opened"):
            contents(source, source.files[0])


def test_a_folder_that_becomes_a_link_while_it_is_walked_is_not_followed(make_folder, settings, tmp_path, monkeypatch):
    root = make_folder({"a/1.png": b"x", "2.png": b"x"})
    secret = make_folder({"secret.png": b"x"}, tmp_path / "secret")
    scandir = os.scandir

    def swap_then_scan(folder):
        entries = scandir(folder)
        if not (root / "a").is_symlink():
            monkeypatch.setattr("os.scandir", scandir)
            found = list(entries)
            swapped(root / "a", secret)
            return contextlib.nullcontext(found)
        return entries

    monkeypatch.setattr("os.scandir", swap_then_scan)
    assert [file.name for file in FolderSource(root, settings).files] == ["2.png"]


@pytest.mark.parametrize("part", ["studies", "studies/chest"])
def test_below_an_import_root_no_link_leads_out_that_was_made_after_the_check(make_folder, settings, tmp_path, part):
    """Neither in the place of the folder nor of one above it; a root that the settings name may be a link itself."""
    root = make_folder({"studies/chest/a/1.png": b"x"}, tmp_path / "root")
    secret = make_folder({"chest/a/1.png": b"secret", "a/1.png": b"secret"}, tmp_path / "secret")
    bounded = settings.model_copy(update={"import_roots": str(root)})
    open_source(root / "studies" / "chest", bounded).close()
    swapped(root / part, secret)
    with pytest.raises(DataGone, match="not there any more"):
        open_source(root / "studies" / "chest", bounded)


def test_below_an_import_root_a_zip_that_becomes_a_link_is_refused(make_folder, make_zip, settings, tmp_path):
    root = make_folder({"one.zip": zipped(make_zip, {"1.png": b"x"})}, tmp_path / "root")
    secret = make_zip({"secret.png": b"x"})
    bounded = settings.model_copy(update={"import_roots": str(root)})
    open_source(root / "one.zip", bounded).close()
    (root / "one.zip").unlink()
    (root / "one.zip").symlink_to(secret)
    with pytest.raises(DataGone, match="become a link"):
        open_source(root / "one.zip", bounded)


def test_a_zip_of_a_set_in_parts_that_becomes_a_link_is_left_out(make_folder, make_zip, settings, monkeypatch):
    root = make_folder({f"{name}.zip": zipped(make_zip, {f"{name}.png": b"x"}) for name in "ab"})
    secret = make_zip({"secret.png": b"x"})

    def swap(folder):
        (root / "a.zip").unlink()
        (root / "a.zip").symlink_to(secret)
        return parts_of(folder)

    monkeypatch.setattr("core.sources.joined_source.parts_of", swap)
    source = open_source(root, settings)
    assert [file.name for file in source.files] == ["b/b.png"]
    assert [finding.rule for finding in source.findings] == ["unusable_archive"]
    source.close()


def test_a_file_that_becomes_a_pipe_does_not_hold_the_import(make_folder, settings):
    root = make_folder({"a/1.png": b"x"})
    source = FolderSource(root, settings)
    (root / "a" / "1.png").unlink()
    os.mkfifo(root / "a" / "1.png")
    with pytest.raises(BadImage, match="not an ordinary file"):
        contents(source, source.files[0])


def test_a_file_that_grows_is_read_as_far_as_it_was(make_folder, settings):
    root = make_folder({"1.png": b"abc"})
    source = FolderSource(root, settings)
    (root / "1.png").write_bytes(b"abcdef")
    assert contents(source, source.files[0]) == b"abc"


def test_a_file_beyond_the_limit_of_an_image_is_refused(make_folder, settings):
    source = FolderSource(make_folder({"1.png": b"abc"}), settings.model_copy(update={"max_image_bytes": 2}))
    with pytest.raises(BadImage, match="more than an image may"):
        contents(source, source.files[0])


def test_hidden_folders_and_files_of_the_system_are_passed_over(make_folder, settings):
    root = make_folder({"a/1.png": b"x", ".git/1.png": b"x", "a/.DS_Store": b"x", "__MACOSX/a/1.png": b"x"})
    assert [file.name for file in FolderSource(root, settings).files] == ["a/1.png"]


def test_a_folder_that_may_not_be_read_is_told(make_folder, settings, monkeypatch):
    root = make_folder({"a/1.png": b"x", "b/1.png": b"x"})
    opened = os.open

    def refuse_b(path, *how, **where):
        if path == "b":
            raise PermissionError(13, "no")
        return opened(path, *how, **where)

    monkeypatch.setattr("os.open", refuse_b)
    (finding,) = FolderSource(root, settings).findings
    assert (finding.rule, finding.where) == ("closed_folder", ("b",))


def test_names_are_made_readable(make_folder, settings):
    root = make_folder({"a\u202eb/1.png": b"x"})
    name = os.path.join(os.fsencode(root), b"a\xff.png")
    with open(name, "wb") as file:
        file.write(b"y")
    source = FolderSource(root, settings)
    assert sorted(file.name for file in source.files) == ["a\ufffd.png", "a\ufffdb/1.png"]
    assert {contents(source, file) for file in source.files} == {b"x", b"y"}


def test_an_empty_folder_and_one_that_is_gone_are_refused(tmp_path, settings):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadArchive, match="holds no files"):
        FolderSource(tmp_path / "empty", settings)
    with pytest.raises(DataGone):
        FolderSource(tmp_path / "none", settings)


def test_too_many_files_are_refused(make_folder, settings):
    root = make_folder({f"{number}.png": b"x" for number in range(4)})
    with pytest.raises(TooLarge, match="more than 3 files"):
        FolderSource(root, settings.model_copy(update={"max_files": 3}))


def upload(make_folder, settings, files):
    """Uploaded files as they lie in their basket."""
    kept = {f"{number:06d}": name for number, name in enumerate(files)}
    basket = make_folder({key: files[name] for key, name in kept.items()}, settings.uploads_dir / "basket")
    (basket / NAMES).write_text(json.dumps(kept))
    return basket


def test_uploaded_files_have_the_names_that_they_had(make_folder, settings, bring_in):
    basket = upload(make_folder, settings, class_folders({"a": 3, "b": 3}))
    card = bring_in(basket).card
    assert (card.classes, card.images, card.source) == (("a", "b"), 6, "upload of class folders")


def test_names_beside_files_elsewhere_are_an_ordinary_hidden_file(make_folder, settings):
    root = make_folder({"1.png": b"x", NAMES: b'{"1.png": "other.png"}'})
    source = FolderSource(root, settings)
    assert (source.kind, [file.name for file in source.files]) == ("folder", ["1.png"])


def test_the_same_files_uploaded_again_have_the_same_fingerprint(make_folder, settings, tmp_path):
    def fingerprint(files):
        basket = upload(make_folder, settings, files)
        found = FolderSource(basket, settings).fingerprint()
        for path in basket.iterdir():
            path.unlink()
        return found

    first = fingerprint({"a/1.png": b"x", "b/1.png": b"y"})
    assert fingerprint({"b/1.png": b"y", "a/1.png": b"x"}) == first
    assert fingerprint({"a/1.png": b"x", "b/1.png": b"z"}) != first


def test_a_fingerprint_tells_nothing_outside_its_home(make_folder, settings, tmp_path):
    root = make_folder({"a/1.png": b"x"})
    here = FolderSource(root, settings).fingerprint()
    other = FolderSource(root, settings.model_copy(update={"home": tmp_path / "other"})).fingerprint()
    assert here != other
    assert stat.S_IMODE(settings.salt_file.stat().st_mode) == 0o600


def test_a_changed_file_changes_the_fingerprint_of_a_folder(make_folder, settings):
    root = make_folder({"a/1.png": b"x"})
    before = FolderSource(root, settings).fingerprint()
    assert FolderSource(root, settings).fingerprint() == before
    os.utime(root / "a" / "1.png", ns=(1, 1))
    assert FolderSource(root, settings).fingerprint() != before


def zipped(make_zip, files):
    return make_zip(files).read_bytes()


def test_a_zip_and_a_table_uploaded_together_are_one_source(make_folder, make_zip, settings):
    files = {
        "images.zip": zipped(make_zip, {"1.png": b"one", "2.png": b"two"}),
        "labels.csv": b"image,label\n1,a\n2,b\n",
    }
    source = open_source(upload(make_folder, settings, files), settings)
    assert {file.name: contents(source, file) for file in source.files} == {
        "1.png": b"one",
        "2.png": b"two",
        "labels.csv": files["labels.csv"],
    }
    assert source.kind == "files"
    source.close()


def test_a_set_in_several_zips_keeps_its_parts_apart(make_folder, make_zip, bring_in):
    root = make_folder(
        {
            "ill.zip": zipped(make_zip, {f"{n}.png": picture(n) for n in range(3)}),
            "well.zip": zipped(make_zip, {f"{n}.png": picture(n + 10) for n in range(3)}),
            "notes.txt": b"x",
        }
    )
    card = bring_in(root).card
    assert (card.classes, card.images) == (("ill", "well"), 6)


def test_a_part_that_is_damaged_is_told_and_a_zip_in_a_part_stays_closed(make_folder, make_zip, settings):
    good = zipped(make_zip, {"a/1.png": b"x", "more.zip": zipped(make_zip, {"b/1.png": b"y"})})
    source = open_source(make_folder({"good.zip": good, "bad.zip": b"PK\x03\x04no"}), settings)
    assert [file.name for file in source.files] == ["good/a/1.png", "good/more.zip"]
    assert [(finding.rule, finding.where) for finding in source.findings] == [("unusable_archive", ("bad.zip",))]
    source.close()


def test_zips_beside_images_stay_closed(make_folder, make_zip, bring_in):
    root = make_folder(class_folders({"a": 3, "b": 3}) | {"a/more.zip": zipped(make_zip, {"x/1.png": b""})})
    assert rules(bring_in(root).card)["nested_archive"].where


def test_the_limits_hold_for_all_parts_together(make_folder, make_zip, settings):
    part = zipped(make_zip, {f"{n}.png": b"x" for n in range(3)})
    root = make_folder({"a.zip": part, "b.zip": part})
    with pytest.raises(TooLarge):
        open_source(root, settings.model_copy(update={"max_files": 5}))
