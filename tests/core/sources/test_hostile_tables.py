"""A table that is made to take hours or gigabytes is refused or cut in words, and reading one can be stopped."""

import io
import tracemalloc
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from core.errors import BadDataset, Stopped, TooLarge
from core.sources.labels import table_excel, table_maker, table_text
from core.sources.labels.table_marks import with_marked
from core.sources.labels.tables import read_table

CELL = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'


def sheet(rows, head=""):
    """An Excel file whose sheet holds these rows, as XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part("xl/worksheets/sheet1.xml", xml)


def with_part(name, content):
    file, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["c", "d"])
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return file.getvalue()


def row(number, *cells):
    return f'<row r="{number}">{"".join(CELL.format(cell) for cell in cells)}</row>'


def rules(table):
    return {finding.rule: finding for finding in table.findings}


HEAD = row(1, "A1", "B1")


@pytest.mark.parametrize("rows", [row(2_000_000_000, "A2000000000"), row(1_048_577, "A1048577"), row(2, "ZZZ2")])
def test_rows_and_columns_that_excel_does_not_have_are_refused(rows):
    with pytest.raises(BadDataset, match="beyond those that Excel has"):
        read_table(sheet(HEAD + rows), "a.xlsx")


def test_rows_far_below_one_another_come_in_with_their_numbers():
    table = read_table(sheet(HEAD + row(100_000, "A100000") + row(100_002, "A100002", "B100002", "C100002")), "a.xlsx")
    assert table.cells.to_pylist() == [{"x": "x", "x (2)": ""}, {"x": "x", "x (2)": "x"}]
    assert rules(table)["uneven_rows"].where == ("line 100,000", "line 100,002")


def test_the_last_column_of_excel_costs_no_more_than_a_table_may_have():
    table = read_table(sheet(row(1, "A1", "XFD1") + row(2, "A2", "XFD2")), "a.xlsx")
    assert (len(table.columns), table.cells.num_rows) == (1, 1)


def test_empty_rows_without_end_end_the_table(monkeypatch):
    monkeypatch.setattr(table_maker, "MOST_ROWS", 10)
    table = read_table(b"a,b\n1,2\n" + b"\n" * 30 + b"3,4\n", "a.csv")  # twice as many lines as rows are read
    assert table.cells.to_pylist() == [{"a": "1", "b": "2"}]
    assert "the first 1 rows" in rules(table)["table_cut"].what


@pytest.mark.parametrize(
    "data", [b"a,b\n" * 1001, sheet("".join(row(n, f"A{n}", f"B{n}") for n in range(1, 1002)))], ids=["csv", "xlsx"]
)
def test_reading_a_table_can_be_stopped(data):
    calls = []

    def check():
        calls.append(1)
        if len(calls) == 2:
            raise Stopped("It was stopped.", "Start it again.")

    with pytest.raises(Stopped):
        read_table(data, "a", check=check)
    assert len(calls) == 2


def test_a_row_of_more_tags_than_can_be_held_is_refused_before_they_are_built(monkeypatch):
    monkeypatch.setattr(table_excel, "_MOST_ROW_BYTES", 3_000_000)
    with pytest.raises(TooLarge):
        read_table(sheet(f"{HEAD}<row>{'<c/>' * 1_000_000}</row>"), "a.xlsx")
    assert read_table(sheet(HEAD + row(2, "A2")), "a.xlsx").cells.num_rows == 1


def test_a_part_of_more_tags_than_can_be_held_is_refused(monkeypatch):
    monkeypatch.setattr(table_excel, "_MOST_TAGS", 1000)
    with pytest.raises(TooLarge):
        read_table(with_part("docProps/core.xml", "<a>" + "<b/>" * 1001 + "</a>"), "a.xlsx")


def test_pictures_in_the_file_are_left_alone():
    assert read_table(with_part("docProps/app.xml", b'\0\0\1\0 encoding="x" <!DOCTYPE'), "a.xlsx").columns == ["a", "b"]


@pytest.mark.parametrize(
    "data",
    [
        with_part("docProps/app.xml", "<a/>".encode("utf-16")),
        sheet(HEAD + "<!-- <row> -->" + row(2, "A2")),
        sheet(HEAD + "<?x <row> ?>" + row(2, "A2")),
        sheet(HEAD + row(2, "A2"), head='<?xml version="1.0" encoding="cp037"?>'),
        sheet(HEAD + row(2, "A2")).replace(b"PK\x05\x06", b"PK\x05\x07"),
    ],
)
def test_what_could_hide_tags_is_refused(data):
    with pytest.raises(BadDataset, match="damaged"):
        read_table(data, "a.xlsx")


def test_a_cell_of_far_too_many_letters_is_refused_in_words():
    with pytest.raises(BadDataset, match="more than 131,072 letters"):
        read_table(b"image,label\n1.png," + b"x" * 140_000 + b"\n", "a.csv")


@pytest.mark.parametrize("mark", [b"", b'"'])
def test_a_row_of_nothing_but_separators_is_refused_before_it_is_millions_of_cells(mark):
    tracemalloc.start()
    with pytest.raises(TooLarge, match="far too many cells"):
        read_table(b"image,label\n" + mark + b"," * 2_000_000 + b"\n", "a.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000  # the cells alone would be a list of 16 MB, and their copies as many again


def test_a_row_over_several_lines_counts_as_one(monkeypatch):
    monkeypatch.setattr(table_text, "_MOST_SIGNS", 5)
    assert read_table(b'a,b,c\n1,2,"x\ny"\n' * 3, "a.csv").cells.num_rows == 5
    with pytest.raises(TooLarge):
        read_table(b'a,b,c\n1,2,3,"x\n",4,5,6\n', "a.csv")


def test_columns_beyond_the_most_are_cut_off(monkeypatch):
    monkeypatch.setattr(table_maker, "MOST_COLUMNS", 2)
    assert read_table(b"a,b,c\n1,2,3\n", "a.csv").columns == ["a", "b"]


def test_a_table_of_more_bytes_than_are_allowed_is_cut_and_told(monkeypatch):
    monkeypatch.setattr(table_maker, "MOST_BYTES", 1000)
    monkeypatch.setattr(table_maker, "_CHUNK_BYTES", 1000)
    table = read_table(b"a,b\n" + b"x,yyyyyyyyyy\n" * 1000, "a.csv")
    assert 0 < table.cells.num_rows < 100  # 11 letters and two offsets of 4 bytes a row: 53 rows are 1000 bytes
    assert "table_cut" in rules(table)


def test_marks_are_sought_in_some_rows_and_then_seen_in_all():
    marks = np.random.default_rng(0).integers(0, 2, (20_000, 150))
    cells = pa.table({f"c{at}": pa.array(column.astype(str).tolist()) for at, column in enumerate(marks.T)})
    tracemalloc.start()
    assert with_marked(cells)[1] == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000  # all marks and their sums: 3 MB and 24 MB


def test_the_class_that_columns_mark_is_read_in_every_row_of_many():
    names, class_of = ["image", "mel", "nv", "bcc"], np.arange(5000) % 3
    columns = [[f"{n}.png" for n in range(5000)], *(np.where(class_of == at, "1", "0").tolist() for at in range(3))]
    table, _ = with_marked(pa.table(columns, names=names))
    assert table["marked column"].to_pylist() == [names[1 + at] for at in class_of]
