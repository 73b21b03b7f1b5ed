"""A table comes in however it was saved: encodings, separators, formulas, bad rows; and nothing in it is computed."""

import io
import zipfile

import openpyxl
import pytest

from core.errors import BadDataset, TooLarge
from core.sources.labels.tables import MOST_BYTES, read_table
from core.specs import Severity

PLAIN = "image,label\n1.png,cat\n2.png,dog\n"


def cells(table):
    return [table.columns, *map(list, zip(*(table.cells[name].to_pylist() for name in table.columns), strict=True))]


def rules(table):
    return {finding.rule: finding for finding in table.findings}


def excel(*rows, sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name in sheets:
        book.create_sheet(name).append(["other"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "odd"),
    [
        (PLAIN.encode(), set()),
        (b"\xef\xbb\xbf" + PLAIN.encode(), set()),
        (PLAIN.encode("utf-16"), {"encoding"}),
        (PLAIN.encode("utf-16-le"), {"encoding"}),
        (PLAIN.encode("utf-16-be"), {"encoding"}),
        (PLAIN.replace("\n", "\r\n").encode(), set()),
        (PLAIN.replace("\n", "\r").encode(), set()),
        (PLAIN.replace(",", ";").encode(), set()),
        (PLAIN.replace(",", "\t").encode(), set()),
        (PLAIN.replace(",", "|").encode(), set()),
        (b"sep=;\n" + PLAIN.replace(",", ";").encode(), set()),
        (PLAIN.replace(",", " ,  ").encode(), set()),
        (("\n\n" + PLAIN + "\n,,\n").encode(), set()),
        (b'"image","label"\n"1.png","cat"\n"2.png","dog"\n', set()),
    ],
)
def test_however_it_was_saved_the_cells_are_the_same(data, odd):
    table = read_table(data, "labels.csv")
    assert cells(table) == [["image", "label"], ["1.png", "cat"], ["2.png", "dog"]]
    assert set(rules(table)) == odd


def test_letters_of_windows_are_read_and_told():
    table = read_table("Bild,Befund\n1.png,Lungenentz\u00fcndung\n".encode("cp1252"), "a.csv")
    assert table.column("Befund") == ["Lungenentz\u00fcndung"]
    assert "Windows-1252" in rules(table)["encoding"].what


def test_bytes_that_windows_does_not_know_are_latin_1():
    assert read_table(b"a,b\n1,x\x81\n", "a.csv").column("b") == ["x\ufffd"]  # 0x81: a control character there


def test_semicolons_win_over_decimal_commas():
    table = read_table(b"id;size;dx\n1;1,5;a\n2;2,5;b\n3;3,25;a\n", "a.csv")
    assert cells(table)[1] == ["1", "1,5", "a"]


def test_separators_inside_quotation_marks_stay():
    assert read_table(b'image,words\n1.png,"a, b ""c"""\n', "a.csv").column("words") == ['a, b "c"']


def test_a_quotation_mark_that_is_never_closed_swallows_nothing():
    table = read_table(b'image,label\n1.png,"cat\n2.png,dog\n3.png,cat\n', "a.csv")
    assert table.column("label") == ["cat", "dog", "cat"]
    assert rules(table)["quotation_mark"].severity is Severity.WARNING


def test_formulas_are_text_and_told():
    table = read_table(b"image,label\n1.png,=1+1\n2.png,\"=cmd|' /C calc'!A0\"\n", "a.csv")
    assert table.column("label") == ["=1+1", "=cmd|' /C calc'!A0"]
    assert rules(table)["formula"].what.startswith("2 cells begin with")


def test_a_cell_that_an_export_guarded_is_read_as_it_was():
    assert read_table(b"image,label\n1,'+\n2,'-\n3,'x\n", "a.csv").column("label") == ["+", "-", "'x"]


def test_rows_of_another_length_are_told_by_their_line():
    table = read_table(b"image,label\n1.png,a,b\n2.png\n3.png,c\n4.png,d,,\n", "a.csv")
    assert table.column("label") == ["a", "", "c", "d"]
    assert rules(table)["uneven_rows"].where == ("line 2", "line 3")  # the empty cells of line 5 say nothing


def test_columns_without_a_name_or_of_one_name_are_told_apart():
    table = read_table(b"image,,label,label,label (2)\n1,2,3,4,5\n", "a.csv")
    assert table.columns == ["image", "column 2", "label", "label (2)", "label (2)'"]


def test_a_table_without_a_head_keeps_its_first_row():
    table = read_table(b"TRAIN,train0.png,1\nVAL,val0.png,0\n", "a.csv")
    assert table.columns == ["column 1", "column 2", "column 3"]
    assert table.column("column 2") == ["train0.png", "val0.png"]
    assert (rules(table)["no_header"].severity, table.first_row) == (Severity.NOTE, 1)


def test_what_programs_write_for_nothing_is_nothing():
    table = read_table(b"image,a\n1,nan\n2,N/A\n3,NULL\n4,none\n5,\n6,3\n", "a.csv")
    assert table.column("a") == ["", "", "", "none", "", "3"]  # "none" may be a finding: no disease


def test_whole_numbers_lose_their_fraction_and_others_keep_it():
    table = read_table(b"a,b\n1.0,1.0\n2.0,2.5\n,3.0\n", "a.csv")
    assert (table.column("a"), table.column("b")) == (["1", "2", ""], ["1.0", "2.5", "3.0"])


def test_hidden_letters_become_visible():
    assert read_table("a,b\n1,x\u202ey\x1b\n".encode(), "a.csv").column("b") == ["x\ufffdy\ufffd"]


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(BadDataset, match="has no column 'dx'"):
        read_table(PLAIN.encode(), "a.csv").column("dx")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\n",
        b"image,label\n",
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        excel(["a", "b"], [1, 2])[:-400],
        excel(),
    ],
)
def test_what_is_no_table_is_refused_in_words(data):
    with pytest.raises(BadDataset) as caught:
        read_table(data, "a.csv")
    assert caught.value.what.endswith(".")
    assert caught.value.remedy.endswith(".")


def test_a_table_beyond_the_limits_is_refused_before_it_is_read():
    class Large(bytes):
        def __len__(self):
            return MOST_BYTES + 1

    with pytest.raises(TooLarge):
        read_table(Large(b"a,b"), "a.csv")


def test_more_rows_than_a_table_may_have_are_told(monkeypatch):
    monkeypatch.setattr("core.sources.labels.table_maker.MOST_ROWS", 2)
    table = read_table(b"image,label\n1,a\n2,b\n3,c\n", "a.csv")
    assert table.column("label") == ["a", "b"]
    assert "the first 2 rows" in rules(table)["table_cut"].what


def test_two_hundred_thousand_rows_come_in():
    data = b"image,label\n" + b"".join(b"img%06d.png,%d\n" % (row, row % 3) for row in range(200_000))
    table = read_table(data, "a.csv")
    assert table.cells.num_rows == 200_000
    assert table.column("image")[199_999] == "img199999.png"


def test_excel_gives_the_same_cells():
    table = read_table(excel(["image", "label"], ["1.png", "cat"], [None, None], ["2.png", "dog"]), "a.xlsx")
    assert cells(table) == [["image", "label"], ["1.png", "cat"], ["2.png", "dog"]]
    assert table.findings == ()


def test_numbers_dates_and_truth_in_excel_are_written_as_people_write_them():
    import datetime

    day, moment = datetime.datetime(2020, 3, 1), datetime.datetime(2020, 3, 1, 12, 30)
    table = read_table(excel(["a", "b", "c", "d", "e"], [17.0, 2.5, day, moment, True]), "a.xlsx")
    assert cells(table)[1] == ["17", "2.5", "2020-03-01", "2020-03-01T12:30:00", "TRUE"]


def test_formulas_in_excel_are_never_computed():
    table = read_table(excel(["image", "label"], ["1.png", "=1+1"], ["2.png", "x"]), "a.xlsx")
    assert table.column("label") == ["", "x"]  # openpyxl saves no result, so there is none to read
    assert "1 formula" in rules(table)["formula"].what


def test_of_several_sheets_the_first_that_holds_anything_is_read():
    table = read_table(excel(["image", "label"], ["1.png", "cat"], sheets=["more"]), "a.xlsx")
    assert rules(table)["other_sheets"].where == ("more",)


def test_an_excel_file_is_known_by_its_content():
    assert read_table(excel(["a", "b"], [1, 2]), "a.csv").columns == ["a", "b"]
    assert read_table(PLAIN.encode(), "a.xlsx").columns == ["image", "label"]


def rewritten(data, name, change):
    """An Excel file with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == name else content)
    return file.getvalue()


def test_an_excel_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("core.sources.labels.table_excel._MOST_TEXT_BYTES", 1_000_000)
    zeros = b"\0" * 1_100_000
    with pytest.raises(TooLarge, match="unpack"):
        read_table(rewritten(excel(["a"], ["b"]), "docProps/core.xml", lambda content: zeros), "a.xlsx")


def test_xml_that_grows_when_it_is_read_is_refused():
    doctype = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'

    def grow(content):
        head, sign, rest = content.partition(b"?>")
        return head + sign + doctype + rest if sign else doctype + content

    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        with pytest.raises(BadDataset, match="damaged"):
            read_table(rewritten(excel(["a", "b"], ["c", "d"]), part, grow), "a.xlsx")


def test_a_sheet_that_says_it_is_huge_is_as_large_as_it_is():
    def huge(content):
        return content.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')

    table = read_table(rewritten(excel(["a", "b"], ["c", "d"]), "xl/worksheets/sheet1.xml", huge), "a.xlsx")
    assert cells(table) == [["a", "b"], ["c", "d"]]


def test_columns_that_mark_the_class_give_its_name():
    data = b"image,MEL,NV,BCC,male\n1,1.0,0.0,0.0,1\n2,0.0,1.0,0.0,0\n3,0.0,0.0,1.0,1\n4,1.0,0.0,0.0,0\n"
    table = read_table(data, "a.csv")
    assert table.column("marked column") == ["MEL", "NV", "BCC", "MEL"]
    assert rules(table)["marked_columns"].where == ("MEL", "NV", "BCC")


def test_other_columns_of_noughts_and_ones_beside_the_marks_are_left_alone():
    data = b"image,male,a,b,c,none,smoker\n1,1,1,0,0,0,1\n2,0,0,1,0,0,1\n3,0,0,0,1,0,0\n4,1,1,0,0,0,1\n"
    assert rules(read_table(data, "a.csv"))["marked_columns"].where == ("a", "b", "c")


def test_two_sexes_are_no_classes():
    assert read_table(b"image,male,female\n1,1,0\n2,0,1\n", "a.csv").columns == ["image", "male", "female"]


def test_a_row_with_several_marks_has_no_class():
    rows = b"".join(b"%d,1,0\n%d,0,1\n" % (row, row) for row in range(20))
    table = read_table(b"image,benign,malignant\n" + rows + b"99,1,1\n", "a.csv")  # 1 of 41 rows: under 5 %
    assert table.column("marked column")[-3:] == ["benign", "malignant", ""]
    assert "1 row has no mark or several" in rules(table)["marked_columns"].what


def test_numbers_that_only_look_like_marks_give_no_column():
    assert "marked column" not in read_table(b"image,dead,male\n1,1,1\n2,0,1\n3,0,0\n", "a.csv").columns


def test_no_sentence_about_a_table_holds_its_name_or_its_cells():
    data = 'image,label\n1.png,"anna\nMEIER.png,=anna\u00fc,x\n'.encode("cp1252")
    for finding in read_table(data, "meier.csv").findings:
        words = f"{finding.what} {finding.remedy} {finding.where}".casefold()
        assert "meier" not in words
        assert "anna" not in words
