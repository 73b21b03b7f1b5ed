"""Of many tables those that name images are read first; the others are told."""

import pytest

from core.errors import Stopped
from core.sources import looking
from core.sources.looking import look_into
from core.sources.table_choice import MOST_TABLES
from tests.core.sources.sources import picture

IMAGES = {f"images/img{n:02d}.png": picture(n) for n in range(6)}
LABELS = b"image,label\n" + b"".join(b"img%02d,%d\n" % (n, n % 2) for n in range(6))
MEASURED = {f"measured/{n:02d}.csv": b"x,y\n" + b"1,2\n" * (100 + n) for n in range(12)}


@pytest.fixture
def look(make_zip, settings):
    def go(files, should_stop=lambda: False):
        return look_into(make_zip(files), settings.look_dir("ds_a"), settings, lambda progress: None, should_stop)

    return go


def test_of_many_tables_the_one_that_names_images_is_read_however_small(look):
    found = look(IMAGES | MEASURED | {"labels.csv": LABELS})
    assert len(found.tables) == MOST_TABLES
    assert (found.tables[0].name, found.proposal.table) == ("labels.csv", "labels.csv")
    (left,) = [finding for finding in found.findings if finding.rule == "tables_left_out"]
    assert left.where == ("measured/02.csv", "measured/01.csv", "measured/00.csv")  # 13 tables, the smallest 3
    assert left.what.startswith("Of 13 tables 10 were read")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_it_is_known_in_any_encoding_and_with_paths(look, encoding):
    data = "file;label\nimages\\img00.png;a\nimages\\img01.png;b\n".encode(encoding)
    assert look(IMAGES | MEASURED | {"z.csv": data}).tables[0].name == "z.csv"


def test_few_tables_are_all_read_and_nothing_is_told(look):
    found = look(IMAGES | {"labels.csv": LABELS, "other.csv": b"x,y\n1,2\n"})
    assert len(found.tables) == 2
    assert found.findings == ()


def test_a_cell_that_is_far_too_long_stops_no_look(look):
    found = look(IMAGES | {"labels.csv": LABELS, "notes.csv": b"image,x\n1.png," + b"x" * 140_000})
    assert [table.name for table in found.tables] == ["labels.csv"]
    assert [(finding.rule, finding.where) for finding in found.findings] == [("unreadable_table", ("notes.csv",))]


def test_tables_that_are_too_much_together_are_told(look, monkeypatch):
    monkeypatch.setattr(looking, "_MOST_HELD_BYTES", 3000)
    found = look(IMAGES | {"large.csv": b"x,y\n" + b"1,2\n" * 200, "labels.csv": b"x,y\n" + b"1,2\n" * 150})
    assert [table.name for table in found.tables] == ["large.csv"]  # 200 rows of 2 letters and 2 offsets: 2 KB
    assert "together" in found.findings[0].what


def test_a_look_is_stopped_in_the_middle_of_a_table(look):
    asked = []

    def should_stop():
        asked.append(1)
        return len(asked) == 3  # every 500 rows

    with pytest.raises(Stopped):
        look(IMAGES | {"labels.csv": b"x,y\n" + b"1,2\n" * 5000}, should_stop)
    assert len(asked) == 3
