"""Every knob of every spec keeps the promises that widgets, flags, the README and refusals are made from."""

import json
import re

import pytest
from pydantic import ValidationError

from core.errors import BadSetting
from core.specs import STEPS, Augmentation, CnnConfig, Spec, SplitConfig, TrainingConfig, knob, knobs

TUNABLE = (CnnConfig, TrainingConfig, Augmentation, SplitConfig, *STEPS)
ROWS = [pytest.param(spec, row, id=f"{spec.__name__}.{row.name}") for spec in TUNABLE for row in knobs(spec)]
NUMBERS = [p for p in ROWS if p.values[1].kind in ("integer", "number")]
LISTS = [p for p in ROWS if p.values[1].kind == "integers"]
CHOICES = [p for p in ROWS if p.values[1].kind == "choice"]
SWITCHES = [p for p in ROWS if p.values[1].kind == "switch"]


def refused(spec, row, value):
    """The two sentences with which a value is refused."""
    with pytest.raises(BadSetting) as caught:
        spec.checked({row.name: value})
    return caught.value


def accepts(spec, row, value):
    """Whether a value passes this knob; rules over several settings may still object."""
    try:
        return getattr(spec.model_validate({row.name: value}), row.name) == value
    except ValidationError as error:
        return all(problem["loc"] == () for problem in error.errors())


@pytest.mark.parametrize(("spec", "row"), ROWS)
def test_every_knob_has_a_label_and_two_sentences_of_help(spec, row):
    assert row.label[0].isupper() or row.label[0].isdigit()
    for sentence in (row.does, row.when):
        assert re.fullmatch(r"[A-Z0-9].*[^.\s]\.", sentence), sentence
    assert row.help == f"{row.does} {row.when}"


@pytest.mark.parametrize(("spec", "row"), ROWS)
def test_every_default_is_accepted(spec, row):
    assert accepts(spec, row, row.default)


@pytest.mark.parametrize(("spec", "row"), ROWS)
def test_shown_with_names_another_setting_and_one_of_its_choices(spec, row):
    if row.shown_with is None:
        return
    name, value = row.shown_with
    others = {other.name: other for other in knobs(spec)}
    assert value in (others[name].choices or ("True", "False"))  # a switch is on or off


@pytest.mark.parametrize(("spec", "row"), NUMBERS)
def test_a_number_is_accepted_at_its_limits_and_refused_beyond_them(spec, row):
    beyond = 1 if row.kind == "integer" else 1e-9
    assert accepts(spec, row, row.low)
    assert accepts(spec, row, row.high)
    for value in (row.low - beyond, row.high + beyond):
        error = refused(spec, row, value)
        assert error.what == f"{row.label} ({row.name}) cannot be {value}."
        assert f"{row.low:g}" in error.remedy.replace(",", "") or f"{row.low}" in error.remedy.replace(",", "")


@pytest.mark.parametrize(("spec", "row"), NUMBERS)
@pytest.mark.parametrize("value", ["many", None, float("nan"), float("inf"), [1]])
def test_a_number_that_is_none_is_refused(spec, row, value):
    assert f"({row.name})" in refused(spec, row, value).what


@pytest.mark.parametrize(("spec", "row"), LISTS)
def test_each_entry_of_a_list_lies_within_the_limits(spec, row):
    for low_or_high in (row.low, row.high):
        assert accepts(spec, row, (low_or_high,))
    for value in ((row.low - 1,), (row.high + 1,), ("x",), (1.5,)):
        assert f"({row.name})" in refused(spec, row, value).what


@pytest.mark.parametrize(("spec", "row"), LISTS)
def test_a_list_has_neither_too_few_nor_too_many_entries(spec, row):
    entry = int(row.low)
    assert accepts(spec, row, (entry,) * row.min_items)
    assert accepts(spec, row, (entry,) * row.max_items)
    assert f"({row.name})" in refused(spec, row, (entry,) * (row.max_items + 1)).what
    if row.min_items:
        assert f"({row.name}) cannot be empty." in refused(spec, row, ()).what


@pytest.mark.parametrize(("spec", "row"), CHOICES)
def test_a_choice_takes_its_choices_and_nothing_else(spec, row):
    assert len(row.choices) == len(row.choice_labels) == len(set(row.choice_labels))
    assert all(accepts(spec, row, choice) for choice in row.choices)
    error = refused(spec, row, "something else")
    assert error.what == f"{row.label} ({row.name}) cannot be 'something else'."
    assert all(str(choice) in error.remedy for choice in row.choices)


@pytest.mark.parametrize(("spec", "row"), SWITCHES)
def test_a_switch_is_on_or_off(spec, row):
    assert accepts(spec, row, True)
    assert accepts(spec, row, False)
    assert refused(spec, row, "perhaps").remedy == "Choose on or off."


@pytest.mark.parametrize("spec", TUNABLE)
def test_an_unknown_key_is_refused_and_the_known_ones_are_named(spec):
    with pytest.raises(BadSetting) as caught:
        spec.checked({"colour_of_the_sky": 1})
    assert caught.value.what == "There is no setting called 'colour_of_the_sky'."
    assert all(row.name in caught.value.remedy for row in knobs(spec))


@pytest.mark.parametrize("spec", TUNABLE)
def test_a_spec_comes_back_from_json_and_cannot_be_changed(spec):
    value = spec()
    assert spec.model_validate(json.loads(value.model_dump_json())) == value
    name = next(iter(spec.model_fields))
    with pytest.raises(ValidationError):
        setattr(value, name, getattr(value, name))


def test_the_words_for_the_limits_of_each_kind():
    class Example(Spec):
        count: int = knob(1, "Count", low=1, high=2000, unit="px", does="Counts.", when="Always.")
        share: float = knob(0.5, "Share", low=0, high=0.9, does="Shares.", when="Always.")
        sizes: tuple[int, ...] = knob((1,), "Sizes", low=1, high=8, items=(1, 3), does="Sizes.", when="Always.")
        on: bool = knob(False, "On", does="Turns.", when="Always.")

    assert [row.limits for row in knobs(Example)] == [
        "a whole number from 1 to 2,000 px",
        "a number from 0 to 0.9",
        "1 to 3 whole numbers from 1 to 8",
        "on or off",
    ]


def test_fields_that_are_no_knobs_are_no_rows():
    assert "architecture" not in {row.name for row in knobs(CnnConfig)}
    assert "source" not in {row.name for row in knobs(SplitConfig)}
