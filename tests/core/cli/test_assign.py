"""`--set` and `--config` reach every knob, and refuse with the specs' own sentences."""

import json

import pytest

from core.cli.assign import SECTIONS, known_keys, parse, run_config
from core.errors import BadSetting, NotFound
from core.specs import (
    Augmentation,
    CnnConfig,
    Colour,
    DatasetCard,
    Equalize,
    Recipe,
    Resize,
    RunConfig,
    Split,
    TrainingConfig,
    knobs,
)

KEYS = [pytest.param(section, knob, id=key) for key, (section, knob) in known_keys().items()]


@pytest.fixture
def card():
    sizes = {"median_width_px": 40, "median_height_px": 40, "min_side_px": 40, "max_side_px": 40}
    counts = ({Split.TRAIN: 1}, {Split.TRAIN: 1})
    return DatasetCard(source="drawn", classes=("a", "b"), counts=counts, images=2, grey=False, **sizes)


def test_without_settings_a_run_has_the_defaults_of_its_data(card):
    assert run_config("ds_a", card, None, []) == RunConfig(
        dataset_id="ds_a", recipe=Recipe(steps=(Colour(mode="rgb"), Resize(side_px=40)))
    )


def test_settings_of_every_part_are_assigned(card):
    texts = ["learning_rate=0.0003", "filters=16, 32", "dense_units=", "rotation_degrees=10", "side_px=64"]
    texts += ["mode=grey", "batch_normalization=on", "optimizer=sgd", "epochs = 3"]
    config = run_config("ds_a", card, None, texts)
    assert config.model == CnnConfig(filters=(16, 32), dense_units=(), batch_normalization=True)
    assert config.training == TrainingConfig(learning_rate=0.0003, optimizer="sgd", epochs=3)
    assert config.augmentation == Augmentation(rotation_degrees=10)
    assert config.recipe.steps == (Colour(mode="grey"), Resize(side_px=64))


def test_no_key_means_two_settings():
    in_sections = [knob.name for spec in SECTIONS.values() for knob in knobs(spec)]
    in_steps = [knob.name for spec in (Colour, Resize) for knob in knobs(spec)]
    assert len({*in_sections, *in_steps}) == len(in_sections) + len(in_steps)


@pytest.mark.parametrize(("section", "knob"), KEYS)
def test_every_knob_can_be_assigned_its_own_default(card, section, knob):
    text = ",".join(map(str, knob.default)) if knob.kind == "integers" else str(knob.default)
    config = run_config("ds_a", card, None, [f"{knob.name}={text}"])
    if section in SECTIONS:
        assert getattr(config, section) == SECTIONS[section]()


@pytest.mark.parametrize(("section", "knob"), KEYS)
def test_every_knob_refuses_nonsense_by_name(card, section, knob):
    with pytest.raises(BadSetting, match=knob.name):
        run_config("ds_a", card, None, [f"{knob.name}=nonsense"])


def test_an_unknown_key_is_refused_and_the_known_ones_are_listed(card):
    with pytest.raises(BadSetting) as caught:
        run_config("ds_a", card, None, ["lerning_rate=1"])
    assert caught.value.what == "There is no setting called 'lerning_rate'."
    assert all(key in caught.value.remedy for key in ("learning_rate", "filters", "rotation_degrees", "side_px"))


def test_a_value_outside_its_limits_is_refused_as_on_the_page(card):
    with pytest.raises(BadSetting) as caught:
        run_config("ds_a", card, None, ["kernel_size=12"])
    assert str(caught.value) == "Kernel size (kernel_size) cannot be '12'. Choose a whole number from 1 to 11 px."


def test_a_key_without_a_value_is_refused(card):
    with pytest.raises(BadSetting, match="has no value"):
        run_config("ds_a", card, None, ["epochs"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settings.json", '{"training": {"epochs": 3}, "model": {"filters": [8]}}'),
        ("settings.toml", "[training]\nepochs = 3\n[model]\nfilters = [8]\n"),
    ],
)
def test_a_file_gives_settings_and_set_goes_before_it(card, tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    config = run_config("ds_a", card, file, ["epochs=4"])
    assert (config.training.epochs, config.model.filters) == (4, (8,))


def test_a_runs_own_config_trains_the_same_on_another_data_set(card, tmp_path):
    before = RunConfig(
        dataset_id="ds_old",
        recipe=Recipe(steps=(Equalize(), Colour(mode="grey"), Resize(side_px=24, fit="stretch"))),
        training=TrainingConfig(seed=5),
    )
    file = tmp_path / "config.json"
    file.write_text(before.model_dump_json())
    assert run_config("ds_new", card, file, []) == before.model_copy(update={"dataset_id": "ds_new"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("[1]", "is not a table of settings"),
        (json.dumps({"trainig": {}}), "no section called 'trainig'"),
        (json.dumps({"training": 3}), "'training' is not a table"),
        (json.dumps({"training": {"epoch": 3}}), "no setting called 'epoch'"),
        (json.dumps({"recipe": {"steps": []}}), "exactly one colour step"),
        (json.dumps({"recipe": 3}), "'recipe' is not a table"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(card, tmp_path, text, words):
    file = tmp_path / "settings.json"
    file.write_text(text)
    with pytest.raises(BadSetting, match=words):
        run_config("ds_a", card, file, [])


def test_a_file_that_is_not_there_is_refused(card, tmp_path):
    with pytest.raises(NotFound, match=r"settings\.json"):
        run_config("ds_a", card, tmp_path / "settings.json", [])


@pytest.mark.parametrize(("text", "value"), [("on", True), ("No", False), ("1", True), ("perhaps", "perhaps")])
def test_a_switch_is_read_from_words(text, value):
    _, knob = known_keys()["class_weights"]
    assert parse(knob, text) == value
