"""Originals are kept once under the hash of their content, and only whole."""

import hashlib

import pytest

from core.sources.originals import Arrivals, Originals


def left(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_hash(tmp_path):
    stored = Originals(tmp_path).put([b"ab", b"c"])
    digest = hashlib.sha256(b"abc").hexdigest()
    assert (stored.digest, stored.size, stored.file) == (digest, 3, f"{digest[:2]}/{digest[2:]}")
    assert (tmp_path / stored.file).read_bytes() == b"abc"


def test_the_same_content_is_kept_once(tmp_path):
    originals = Originals(tmp_path)
    assert originals.put([b"abc"]) == originals.put([b"a", b"bc"]) == originals.keep(b"abc")
    assert (tmp_path / originals.keep(b"abc").file).read_bytes() == b"abc"
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


@pytest.mark.parametrize("size", [0, 3, 5_000_000])
def test_what_arrives_can_be_taken_once_and_leaves_nothing(tmp_path, size):
    arrivals = Arrivals(tmp_path / "arrivals")
    stored = arrivals.put([b"x" * (size // 2), b"y" * (size - size // 2)])
    assert stored.size == size
    assert arrivals.take(stored) == b"x" * (size // 2) + b"y" * (size - size // 2)
    assert left(tmp_path) == []
    with pytest.raises(FileNotFoundError):
        arrivals.take(stored)


def test_what_arrived_and_was_not_taken_is_gone_in_the_end(tmp_path):
    arrivals = Arrivals(tmp_path / "arrivals")
    small, large = arrivals.put([b"small"]), arrivals.put([bytes(3_000_000), bytes(3_000_000)])
    assert len(left(tmp_path)) == 1  # the large one
    arrivals.close()
    assert not (tmp_path / "arrivals").exists()
    for stored in (small, large):
        with pytest.raises(FileNotFoundError):
            arrivals.take(stored)


def test_an_arrival_that_breaks_off_leaves_nothing(tmp_path):
    def pieces():
        yield bytes(6_000_000)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        Arrivals(tmp_path).put(pieces())
    assert left(tmp_path) == []
