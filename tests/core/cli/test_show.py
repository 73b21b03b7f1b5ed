"""What commands print lines up, and no name from a stranger steers the terminal."""

import json

from core.cli.show import figure, plain, print_json, print_table


def test_columns_line_up_and_numbers_stand_to_the_right(capsys):
    print_table(("name", "images"), [("a", 12480), ("longer", 7), ("none", None)])
    assert capsys.readouterr().out.splitlines() == [
        "name    images",
        "a       12,480",
        "longer       7",
        "none         -",
    ]


def test_a_table_without_rows_is_its_header(capsys):
    print_table(("a", "b"), [])
    assert capsys.readouterr().out == "a  b\n"


def test_control_characters_become_visible():
    # ESC ] 0 ; would set the terminal's title, U+202E would turn the text around
    assert plain("a\x1b]0;b\u202ec\n") == "a\\x1b]0;b\\x202ec\\x0a"
    assert plain("Übersicht 細胞 <script>") == "Übersicht 細胞 <script>"


def test_json_is_one_object_of_plain_letters(capsys):
    print_json({"name": "細胞\x1b"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"name": "細胞\x1b"}


def test_a_figure_has_three_decimals_or_is_a_dash():
    assert figure(0.91449) == "0.914"
    assert figure(None) == "-"
