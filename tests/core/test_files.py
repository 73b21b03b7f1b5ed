"""A file is there as a whole or as it was before."""

import pytest

from core.files import write_file, written_beside


@pytest.mark.parametrize("content", ["ünï\n", b"\x00\xff"])
def test_a_small_file_is_written_as_it_is(tmp_path, content):
    path = tmp_path / "card.json"
    write_file(path, content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(tmp_path.iterdir()) == [path]


def test_until_the_block_ends_the_old_file_stands(tmp_path):
    path = tmp_path / "model.keras"
    path.write_text("old")
    with written_beside(path) as part:
        part.write_text("new")
        assert part.suffix == ".keras"  # some writers choose the format by it
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_fails_changes_nothing(tmp_path):
    path = tmp_path / "items.parquet"
    path.write_text("old")

    def fail():
        with written_beside(path) as part:
            part.write_text("half")
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
