"""Of very many images the preview is made elsewhere: the same answer, the same refusals, no memory of ours."""

import tracemalloc

import pytest

from core.errors import BadDataset, WorkFailed
from core.sources import previewing
from core.sources.labels.look_folder import begin, write_look, write_names, write_table
from core.sources.labels.tables import read_table
from core.sources.previewing import preview
from core.specs import ColumnLook, Labelling, Origin, OriginKind, SourceLook, TableLook

LABELLING = Labelling(
    label=Origin(kind=OriginKind.COLUMN, name="label"), split=Origin(), table="t.csv", image_column="image"
)


@pytest.fixture
def looked(tmp_path):
    """A folder that a look at so many images and rows has left."""

    def go(count):
        folder = tmp_path / "look"
        begin(folder)
        rows = b"".join(b"%06d,%s\n" % (n, "äb"[n % 2].encode()) for n in range(count))
        write_names(folder, [f"images/{number:06d}.png" for number in range(count)])
        write_table(folder, 0, read_table(b"image,label\n" + rows + b"none,b\n", "t.csv"))
        column = ColumnLook(name="image", distinct=2, empty=0)
        table = TableLook(name="t.csv", rows=count + 1, columns=(column,))
        write_look(folder, SourceLook(kind="zip", images=count, tables=(table,)))
        return folder

    return go


def test_it_is_the_same_preview(looked, monkeypatch):
    folder = looked(10)
    here = preview(folder, LABELLING)
    assert here.classes == {"b": 5, "ä": 5}
    assert [finding.rule for finding in here.findings] == ["row_without_image"]
    monkeypatch.setattr(previewing, "MOST_HERE", 20)  # 10 images and 11 rows
    monkeypatch.setattr(previewing, "preview_here", None)
    assert preview(folder, LABELLING) == here


def test_the_same_question_is_asked_once_and_anew_after_another_look(looked, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_HERE", 1)
    folder = looked(10)
    assert preview(folder, LABELLING).images == 10
    with monkeypatch.context() as patch:
        patch.setattr(previewing.subprocess, "run", None)
        assert preview(folder, LABELLING).images == 10
    assert preview(looked(12), LABELLING).images == 12


def test_it_refuses_in_the_same_words(looked, monkeypatch):
    folder = looked(10)
    monkeypatch.setattr(previewing, "MOST_HERE", 1)
    with pytest.raises(BadDataset, match="no column 'none'"):
        preview(folder, LABELLING.model_copy(update={"image_column": "none"}))


def test_a_process_that_takes_for_ever_is_told_of(looked, monkeypatch):
    folder = looked(11)
    monkeypatch.setattr(previewing, "MOST_HERE", 1)
    monkeypatch.setattr(previewing, "_LIMIT_S", 0.01)
    with pytest.raises(WorkFailed, match="could not be found out"):
        preview(folder, LABELLING)


def test_sixty_thousand_images_and_rows_take_no_memory_of_ours(looked):
    folder = looked(60_000)
    tracemalloc.start()
    assert preview(folder, LABELLING).labelled == 60_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000  # the names alone: 60,000 texts of 66 bytes
