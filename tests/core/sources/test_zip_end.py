"""How large a zip's table of contents is, is known before it is loaded; what is far too large is never loaded."""

import struct
import tracemalloc
import zipfile

import pytest

from core.errors import BadArchive, TooLarge
from core.settings import Settings
from core.sources.zip_checks import open_archive
from core.sources.zip_end import ZipEnd, zip_end
from tests.core.sources.sources import class_folders

ENTRY = 46 + len("a/0.png")  # 46 bytes before the name: 4.3.12 of the specification


def contents_of(entries, extra=0):
    """A table of contents of empty entries, each with some bytes of no use."""
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, extra, 0, 0, 0, 0, 0)
    return (one + b"x" + bytes(extra)) * entries


def end_of(entries, size):
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, min(entries, 65535), min(entries, 65535), size, 0, 0)


def end_of_64(entries, size):
    larger = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, 0)
    return larger + struct.pack("<4sLQL", b"PK\x06\x07", 0, size, 1)


def test_a_plain_zip(make_zip):
    assert zip_end(make_zip(class_folders({"a": 3, "b": 2}))) == ZipEnd(size=5 * ENTRY, entries=5)


def test_a_zip_with_a_comment_in_which_another_end_stands(make_zip):
    path = make_zip(class_folders({"a": 3}))
    with zipfile.ZipFile(path, "a") as out:
        out.comment = b"words " + end_of(0, 0) + b" words"
    assert zip_end(path) == ZipEnd(size=0, entries=0)
    with zipfile.ZipFile(path) as archive:  # which takes the last mark, too
        assert archive.infolist() == []


def test_a_large_zip_says_so_elsewhere(tmp_path):
    path, contents = tmp_path / "a.zip", contents_of(3)
    path.write_bytes(contents + end_of_64(3, len(contents)) + end_of(0xFFFF, 0xFFFFFFFF))
    assert zip_end(path) == ZipEnd(size=len(contents), entries=3)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) == 3


def test_what_is_no_zip_has_no_such_end(tmp_path):
    (tmp_path / "a").write_bytes(b"PK\x03\x04" + bytes(500))
    assert zip_end(tmp_path / "a") is None


@pytest.mark.parametrize("large", [False, True])
def test_more_entries_than_are_allowed_are_refused_before_they_are_loaded(tmp_path, large):
    path, contents = tmp_path / "a.zip", contents_of(100_000)
    ends = end_of_64(1, len(contents)) + end_of(1, 0xFFFFFFFF) if large else end_of(1, len(contents))  # it says 1
    path.write_bytes(contents + ends)
    tracemalloc.start()
    with pytest.raises(TooLarge, match="holds 100,000 files; at most 1,000"):
        open_archive(path, Settings(home=tmp_path, max_files=1000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000  # 100,000 entries as Python's objects: 60 MB


def test_entries_of_more_bytes_than_they_can_need_are_refused(tmp_path):
    path, contents = tmp_path / "a.zip", contents_of(200, extra=60_000)
    path.write_bytes(contents + end_of(200, len(contents)))
    with pytest.raises(TooLarge, match="far larger than its files need"):
        open_archive(path, Settings(home=tmp_path))


def test_folders_do_not_count_as_files(make_zip, settings):
    files = class_folders({"a": 3, "b": 3}) | {"a/": b"", "b/": b""}
    with open_archive(make_zip(files), settings.model_copy(update={"max_files": 6})) as archive:
        assert len(archive.infolist()) == 8


def test_a_size_that_reaches_beyond_the_file_is_refused(tmp_path, settings):
    path, contents = tmp_path / "a.zip", contents_of(3)
    path.write_bytes(contents + end_of(3, 0xFFFFFFFE))
    with pytest.raises((BadArchive, TooLarge)):
        open_archive(path, settings)
