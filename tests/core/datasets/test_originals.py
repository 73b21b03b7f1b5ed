"""Originals are kept once under the hash of their content, and only whole."""

import hashlib

import pytest

from core.datasets.originals import Originals


def left(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_hash(tmp_path):
    stored = Originals(tmp_path).put([b"ab", b"c"])
    digest = hashlib.sha256(b"abc").hexdigest()
    assert (stored.digest, stored.size, stored.file) == (digest, 3, f"{digest[:2]}/{digest[2:]}")
    assert (tmp_path / stored.file).read_bytes() == b"abc"


def test_the_same_content_is_kept_once(tmp_path):
    originals = Originals(tmp_path)
    assert originals.put([b"abc"]) == originals.put([b"a", b"bc"])
    assert len(left(tmp_path)) == 1


def test_pieces_that_break_off_leave_nothing(tmp_path):
    def pieces():
        yield b"a"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        Originals(tmp_path).put(pieces())
    assert left(tmp_path) == []


def test_only_what_is_wanted_remains(tmp_path):
    originals = Originals(tmp_path)
    kept, other = originals.put([b"kept"]), originals.put([b"other!"])
    assert originals.keep_only({kept.file}) == 4
    assert left(tmp_path) == [kept.file]
    assert not originals.path(other.file).exists()
