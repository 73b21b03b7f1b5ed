"""A zip that would do harm is refused as a whole; of links and of paths that leave it nothing is ever unpacked."""

import shutil
import stat
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.datasets import import_source
from core.errors import BadArchive, LightboxError, TooLarge
from core.settings import Settings
from tests.core.sources.sources import KEEP_NAMES, class_folders, picture, rules


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd.png",
        "../out.png",
        "a/../../out.png",
        "C:/windows.png",
        "c:out.png",
        "\\\\server\\x.png",
        "a\\..\\b.png",
    ],
)
def test_paths_that_leave_the_folder_are_left_out_and_told(make_zip, bring_in, refuse, name):
    card = bring_in(make_zip(class_folders({"a": 3, "b": 3}) | {name: picture(9)}), KEEP_NAMES).card
    assert card.images == 6
    finding = rules(card)["stray_path"]
    assert finding.what == "1 file in the zip left out: a path that leaves its folder."
    assert finding.where == (name.replace("\\", "/"),)


def test_a_zip_of_nothing_but_such_paths_is_refused(make_zip, refuse):
    assert "leave its folder" in refuse(BadArchive, make_zip({"../a/1.png": picture(1), "/b/1.png": picture(2)})).what


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_left_out_and_told(make_zip, bring_in, kind):
    link = zipfile.ZipInfo("a/link.png")
    link.external_attr = (kind | 0o777) << 16
    shelf = bring_in(make_zip([*class_folders({"a": 3, "b": 3}).items(), (link, b"/etc/passwd")]), KEEP_NAMES)
    assert rules(shelf.card)["link"].where == ("a/link.png",)
    assert "a/link.png" not in set(shelf.items["name"])


def test_a_password_is_refused(make_zip, refuse):
    path = make_zip(class_folders({"a": 3, "b": 3}))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # bit 0 of the flags: encrypted
    path.write_bytes(data)
    assert "password" in refuse(BadArchive, path).what


def test_too_many_files_are_refused(make_zip, refuse):
    assert "at most 5" in refuse(TooLarge, make_zip(class_folders({"a": 3, "b": 3})), max_files=5).what


def test_a_zip_that_says_it_is_too_large_is_refused_before_unpacking(make_zip, refuse):
    files = class_folders({"a": 3, "b": 3}) | {"a/large.png": bytes(1_000_000)}  # zeros: about 1 KB in the zip
    refuse(TooLarge, make_zip(files), max_unpacked_bytes=1_000_000)


def test_a_zip_that_lies_about_its_size_is_refused_while_unpacking(make_zip, refuse, monkeypatch):
    path = make_zip(class_folders({"a": 3, "b": 3}) | {"a/large.png": bytes(50_000_000)})
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.index(b"a/large.png", data.index(b"PK\x01\x02")))
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)  # the size unpacked, in the table of contents
    path.write_bytes(data)
    written = []
    monkeypatch.setattr("core.sources.originals._write", _counting(written))
    assert "larger than the zip says" in refuse(BadArchive, path, max_unpacked_bytes=10_000_000).what
    assert sum(written) < 100_000  # refused at the first piece beyond, not after 50 MB


def _counting(written):
    from core.sources import originals

    real = originals._write

    def write(path, chunks):
        def counted():
            for chunk in chunks:
                written.append(len(chunk))
                yield chunk

        return real(path, counted())

    return write


def test_an_image_file_beyond_the_limit_is_a_finding_and_is_not_unpacked(make_zip, bring_in):
    files = class_folders({"a": 3, "b": 3}) | {"a/large.png": bytes(1_000_000)}
    card = bring_in(make_zip(files), max_image_bytes=100_000).card
    assert (card.images, card.unreadable) == (6, 1)


def test_files_inside_one_another_are_refused(make_zip, refuse):
    path = make_zip(class_folders({"a": 3, "b": 3}))
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]  # the second entry points at the first file
    path.write_bytes(data)
    assert "inside one another" in refuse(BadArchive, path).what


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_zip_that_was_cut_off_is_refused(make_zip, refuse, keep):
    path = make_zip(class_folders({"a": 3, "b": 3}))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert "cut off" in refuse(BadArchive, path).what


def test_places_before_the_beginning_of_the_file_are_refused(make_zip, refuse):
    path = make_zip(class_folders({"a": 3, "b": 3}))
    data = bytearray(path.read_bytes())
    end = data.index(b"PK\x05\x06")  # where the table of contents lies, as the end of the file tells it: 4.3.16
    data[end + 16 : end + 20] = struct.pack("<I", struct.unpack("<I", data[end + 16 : end + 20])[0] + 1000)
    path.write_bytes(data)
    refuse(BadArchive, path)


def test_a_name_that_begins_with_a_zero_byte_is_a_name(make_zip, bring_in):
    path = make_zip(class_folders({"a": 3, "b": 3}))
    path.write_bytes(path.read_bytes().replace(b"a/0.png", b"\0/0.png"))
    assert bring_in(path).card.images == 6


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n", "neither"),
        (b"7z\xbc\xaf\x27\x1c", "7z archive"),
        (b"\x1f\x8b\x08", "gzip file"),
    ],
)
def test_other_files_are_refused_by_what_they_are(tmp_path, refuse, head, words):
    path = tmp_path / "upload.zip"
    path.write_bytes(head)
    assert words in refuse(BadArchive, path).what


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_happens_to_a_zip_it_comes_in_or_is_refused_in_words(make_zip, tmp_path, data):
    path = tmp_path / "fuzzed.zip"
    bytes_ = bytearray(make_zip(class_folders({"a": 2, "b": 2})).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes_[: data.draw(st.integers(len(bytes_) // 2, len(bytes_)))])
    folder = tmp_path / "fuzzed"
    shutil.rmtree(folder, ignore_errors=True)  # of the example before
    try:
        card = import_source(path, folder, Settings(home=tmp_path), lambda progress: None, lambda: False)
    except LightboxError:
        assert not folder.exists()
    else:
        assert card.images + card.unreadable <= 4
    assert not folder.with_name("fuzzed.part").exists()
