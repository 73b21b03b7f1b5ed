"""The README's tables are the program's own rows."""

from pathlib import Path

import pytest

from core.cli import main
from core.cli.tables import environment_table, settings_table, write_into
from core.errors import BadSetting
from core.settings import Settings
from core.specs import STEPS, Augmentation, CnnConfig, SplitConfig, TrainingConfig, knobs

README = Path(__file__).parents[3] / "README.md"


def test_the_table_has_a_row_for_every_knob():
    rows = [line for line in settings_table().splitlines() if line.startswith("| `")]
    specs = (CnnConfig, TrainingConfig, *STEPS, Augmentation, SplitConfig)
    assert len(rows) == sum(len(knobs(spec)) for spec in specs)


def test_a_row_says_default_limits_and_help():
    (row,) = [line for line in settings_table().splitlines() if line.startswith("| `kernel_size`")]
    assert row == (
        "| `kernel_size` | Kernel size | 3 | a whole number from 1 to 11 px | The side of the window that each filter"
        " looks through. Raise it when the patterns that matter are coarse; 3 suits most images. |"
    )


def test_the_table_has_a_row_for_every_variable():
    table = environment_table()
    assert all(f"`LIGHTBOX_{name.upper()}`" in table for name in Settings.model_fields)


def test_the_readme_holds_the_tables_as_they_are_now(tmp_path):
    copy = tmp_path / "README.md"
    copy.write_text(README.read_text())
    write_into(copy, {"settings": settings_table(), "environment": environment_table()})
    assert copy.read_text() == README.read_text(), "write them anew with: make readme"


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("before\n<!-- x -->\nold\n<!-- /x -->\nafter\n")
    write_into(file, {"x": "new"})
    assert file.read_text() == "before\n<!-- x -->\nnew\n<!-- /x -->\nafter\n"


@pytest.mark.parametrize("text", ["", "<!-- x -->", "<!-- /x -->"])
def test_a_file_without_marks_is_refused_and_left_as_it_is(tmp_path, text):
    file = tmp_path / "page.md"
    file.write_text(text)
    with pytest.raises(BadSetting, match="has no marks"):
        write_into(file, {"x": "new"})
    assert file.read_text() == text


def test_the_command_prints_both_tables(capsys):
    assert main(["tables"]) == 0
    out = capsys.readouterr().out
    assert "`learning_rate`" in out
    assert "`LIGHTBOX_HOME`" in out
