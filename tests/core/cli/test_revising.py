"""`revise` and `export` without a worker: what they ask for, what they refuse."""

import json

import pytest

from core import actions
from core.cli import main
from core.cli.parser import build_parser
from core.cli.revising import edits_from, numbers
from core.errors import BadSetting, NotFound
from core.specs import DatasetCard, Edits, Split, SplitConfig

COUNTS = ({Split.TRAIN: 7, Split.VALIDATION: 2, Split.TEST: 1},) * 2
SIZES = {"median_width_px": 16, "median_height_px": 16, "min_side_px": 16, "max_side_px": 16}
SPLIT = SplitConfig(source="given", train_percent=50, val_percent=25, test_percent=25)
CARD = DatasetCard(split=SPLIT, source="drawn", classes=("a", "b=c"), counts=COUNTS, images=20, grey=True, **SIZES)


def edits(*words):
    return edits_from(build_parser().parse_args(["revise", "ds_a", *words]), CARD)


@pytest.mark.parametrize(("text", "found"), [("3", [3]), ("3, 17,20-22", [3, 17, 20, 21, 22]), ("5-4", [])])
def test_numbers_of_images(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize("text", ["", "x", "1,,2", "1-x", "-1", "0-99999999", "²"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(BadSetting):
        numbers(text)


def test_a_data_set_is_divided_anew():
    (edit,) = edits("--folds", "5", "--fold", "2", "--split-seed", "7", "--by-image").edits
    assert (edit.split.folds, edit.split.fold, edit.split.seed, edit.split.by) == (5, 2, 7, "image")
    assert (edit.split.source, edit.split.test_percent) == ("drawn", 25), "the shares stay"
    with pytest.raises(BadSetting, match="no fold 6"):
        edits("--folds", "5", "--fold", "6")


def test_every_change_has_a_flag(tmp_path):
    more = tmp_path / "more.json"
    more.write_text('[{"edit": "exclude", "item_ids": [9]}]')
    words = ("--exclude", "1,2", "--relabel", "a=3", "--rename-class", "b=c=d", "--place", "test=4-5")
    words += ("--settle-copies", "together", "--near", "--sample", "10", "--seed", "3", "--merge", "ds_b")
    words += ("--patients", "{patient}_*", "--edits", str(more))
    assert edits(*words).model_dump(mode="json")["edits"] == [
        {"edit": "exclude", "item_ids": [1, 2]},
        {"edit": "relabel", "item_ids": [3], "label": "a"},
        {"edit": "rename_class", "class_index": 1, "label": "d"},
        {"edit": "place", "item_ids": [4, 5], "split": "test"},
        {"edit": "settle_copies", "how": "together", "near": True},
        {"edit": "sample", "per_class": 10, "seed": 3},
        {"edit": "merge", "dataset_id": "ds_b"},
        {"edit": "patients_from_names", "pattern": "{patient}_*"},
        {"edit": "exclude", "item_ids": [9]},
    ]
    more.write_text(Edits(edits=edits("--exclude", "1").edits).model_dump_json())
    assert edits("--edits", str(more)) == edits("--exclude", "1")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--relabel", "a"),
        ("--rename-class", "z=y"),
        ("--place", "nowhere=1"),
        ("--sample", "0"),
    ],
)
def test_what_cannot_be_read_is_refused(words):
    with pytest.raises(BadSetting):
        edits(*words)


@pytest.mark.parametrize("text", ["no json", "3", "{}", '[{"edit": "none"}]'])
def test_a_file_of_edits_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "edits.json").write_text(text)
    with pytest.raises(BadSetting):
        edits("--edits", str(tmp_path / "edits.json"))
    with pytest.raises(NotFound):
        edits("--edits", str(tmp_path / "none.json"))


@pytest.mark.parametrize("words", [("revise", "ds_none", "--sample", "3"), ("export", "ds_none"), ("look", "none.zip")])
def test_what_is_not_there_is_refused(capsys, words, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_START_WORKER", "0")
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "not_found"


def test_without_a_network_a_public_set_is_refused_at_once(capsys, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_START_WORKER", "0")
    monkeypatch.setenv("LIGHTBOX_NETWORK", "0")
    assert main(["import", "--public", "breastmnist"]) == 1
    assert "forbid" in capsys.readouterr().err
    with actions.open_home().store as store:
        assert store.datasets() == []
