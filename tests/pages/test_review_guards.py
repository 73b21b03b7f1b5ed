"""The leak guard and the odd images: groups side by side, one click each, everything at once, and the way back."""

import numpy as np
import pandas as pd
import pytest

from core import actions
from core.errors import WrongState
from core.specs import DatasetState, Edits, Exclude, Finding, Place, Severity, Split
from pages.parts.data import found as data_found
from pages.parts.data import guards as data_guards
from pages.parts.data.divided import in_words
from pages.parts.data.guards import nothing_crosses
from pages.parts.picker import picker
from tests.pages.bench import FETCHED, SCRIPT, a_home, page, words
from tests.pages.planted import (
    BY_TABLE,
    change_now,
    fail_now,
    import_now,
    picture,
    two_classes,
    with_copies,
    zip_of_pictures,
)


@pytest.fixture
def home(tmp_path):
    with a_home(tmp_path) as home:
        yield home


def shown(section="copies"):
    app = page("data").run()
    app.segmented_control(key="data_section").set_value(section).run()
    assert not app.exception
    return app


def card_of(home, dataset_id):
    return actions.dataset(home, dataset_id).card


def torn(home, tmp_path, pairs=3):
    """A data set in review with pairs of copies, each with one image in training and one in the test."""
    dataset_id = import_now(home, zip_of_pictures(tmp_path, with_copies(pairs=pairs)))
    groups = actions.suspects(home, dataset_id)
    assert len(groups) == pairs
    for split, place in ((Split.TRAIN, 0), (Split.TEST, 1)):
        ids = tuple(group.item_ids[place] for group in groups)
        actions.revise(home, dataset_id, Edits(edits=(Place(item_ids=ids, split=split),)))
        change_now(home)
    return dataset_id


def keys(app, ending):
    return [button.key for button in app.button if button.key and button.key.endswith(ending)]


def test_a_set_without_copies_says_so(home, tmp_path):
    import_now(home, zip_of_pictures(tmp_path, two_classes()))
    said = words(shown())
    assert "No picture stands on two sides of the split. Whose the images are is not known." in said
    assert "at once" not in said


def test_of_patients_the_page_speaks_only_as_far_as_they_are_known(home, tmp_path):
    pictures = two_classes()
    names = [f"p{number // 2}" for number in range(len(pictures))]
    table = [(name, name[0], patient) for name, patient in zip(pictures, names, strict=True)]
    card = card_of(home, import_now(home, zip_of_pictures(tmp_path, pictures, table), labelling=BY_TABLE))
    assert nothing_crosses(card) == "No picture and no patient stands on two sides of the split."
    assert in_words(card).endswith("All images of a patient are in one split.")
    some = Finding(severity=Severity.NOTE, rule="no_patient", what="Of 1 image it is not known.", remedy="None.")
    partly = card.model_copy(update={"findings": (some,)})
    assert "no known patient stands on two sides" in nothing_crosses(partly)
    assert in_words(partly).endswith("in one split, as far as patients are known.")


def test_each_group_stands_side_by_side_with_class_and_split(home, tmp_path):
    dataset_id = torn(home, tmp_path)
    app = shown()
    said = words(app)
    assert said.count("Copies across the split") == 3
    group = actions.suspects(home, dataset_id)[0]
    for item_id in group.item_ids:
        assert f"/api/images/{dataset_id}/{item_id}?" in said
    assert said.count("<span><b>a</b></span><span>Training</span>") == 3
    assert said.count("<span><b>a</b></span><span>Test</span>") == 3
    assert app.segmented_control(key="data_section").options[1] == "Copies and leaks · 3"


def test_one_click_puts_a_group_on_one_side_and_then_it_goes_quiet(home, tmp_path):
    dataset_id = torn(home, tmp_path)
    app = shown()
    group = actions.suspects(home, dataset_id)[0]
    app.button(key="data_group_0_train").click().run()
    assert not app.exception
    assert app.button(key="data_change_cancel")
    assert app.button(key="data_group_0_train").disabled  # one change at a time
    card = change_now(home)
    app.run()
    splits = [actions.item(home, dataset_id, item_id).split for item_id in group.item_ids]
    assert splits == [Split.TRAIN, Split.TRAIN]
    assert card.changes[-1].images
    assert words(app).replace("\\", "").count(card.changes[-1].what) == 1
    assert app.segmented_control(key="data_section").options[1] == "Copies and leaks · 2"
    assert len(keys(app, "_drop")) == 3 + 1  # two torn groups, a quiet one, and all at once
    app.button(key="data_undo").click().run()
    assert not app.exception
    assert actions.item(home, dataset_id, group.item_ids[1]).split is Split.TEST
    assert app.segmented_control(key="data_section").options[1] == "Copies and leaks · 3"


def test_one_click_leaves_the_copies_of_a_group_out(home, tmp_path):
    dataset_id = torn(home, tmp_path)
    app = shown()
    app.button(key="data_group_0_drop").click().run()
    assert change_now(home).images == 42  # 20 + 20 and 3 copies, one of them left out
    app.run()
    assert len(actions.suspects(home, dataset_id)) == 2
    app.button(key="data_undo").click().run()
    assert card_of(home, dataset_id).images == 43


def test_all_copies_are_left_out_at_once(home, tmp_path):
    dataset_id = torn(home, tmp_path)
    app = shown()
    assert app.button(key="data_settle_drop").label == "Keep one of each, leave 3 copies out"
    app.button(key="data_settle_drop").click().run()
    assert change_now(home).images == 40
    app.run()
    assert actions.suspects(home, dataset_id) == ()
    assert "No picture stands on two sides of the split" in words(app)


def test_all_groups_are_put_on_one_side_at_once(home, tmp_path):
    dataset_id = torn(home, tmp_path)
    app = shown()
    app.button(key="data_settle_together").click().run()
    assert change_now(home).images == 43
    app.run()
    assert not any(group.crossing for group in actions.suspects(home, dataset_id))
    assert not keys(app, "_train")  # nothing has to be put anywhere


def test_the_same_picture_under_two_labels_is_settled_by_the_right_one(home, tmp_path):
    pictures = two_classes()
    dataset_id = import_now(home, zip_of_pictures(tmp_path, pictures | {"b/100.png": pictures["a/0.png"]}))
    app = shown()
    assert "Two labels" in words(app)
    assert len(actions.suspects(home, dataset_id)) == 1
    app.button(key="data_group_0_class_1").click().run()  # b is right: the image in a goes
    card = change_now(home)
    assert [sum(counts.values()) for counts in card.counts] == [19, 21]
    app.run()
    assert actions.suspects(home, dataset_id) == ()


def test_a_change_that_fails_says_why_and_can_be_put_away(home, tmp_path):
    torn(home, tmp_path)
    app = shown()
    app.button(key="data_group_0_drop").click().run()
    fail_now(home, WrongState(f"A class would be empty {FETCHED}.", "Leave fewer images out."))
    app.run()
    said = words(app)
    assert "The change was not made" in said
    assert "Leave fewer images out" in said
    assert FETCHED not in said
    app.button(key="data_change_seen").click().run()
    assert "The change was not made" not in words(app)


def test_a_change_under_way_can_be_cancelled(home, tmp_path):
    dataset_id = torn(home, tmp_path)
    app = shown()
    app.button(key="data_group_0_drop").click().run()
    app.button(key="data_change_cancel").click().run()
    app.run()
    assert actions.revise_job(home, dataset_id).state.final
    assert not app.button(key="data_group_0_drop").disabled
    assert card_of(home, dataset_id).images == 43


def test_an_accepted_set_stays_and_a_change_makes_a_revision_of_it(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, with_copies()), accept=True)
    app = shown()
    app.button(key=keys(app, "_drop")[0]).click().run()
    assert not app.exception
    (child,) = [row for row in actions.list_datasets(home) if row.id != dataset_id]
    assert child.parent_id == dataset_id
    change_now(home)
    app.run()
    assert "### Planted" in words(app).replace("\\", "")
    child = actions.dataset(home, child.id)
    assert (child.state, child.card.revision) == (DatasetState.REVIEW, 2)
    assert card_of(home, dataset_id).images == 43
    assert not [button for button in app.button if button.key == "data_undo"]  # nothing to go back to but the parent
    app.button(key="data_parent").click().run()
    assert not app.exception
    assert dataset_id in app.query_params["data"]


def test_hostile_names_in_a_group_stay_text(home, tmp_path):
    name = SCRIPT.replace("/", "_")
    pictures = {f"{name}/{number}.png": picture(number) for number in range(20)}
    pictures |= {f"b/{number}.png": picture(100 + number) for number in range(20)} | {f"b/x{name}.png": picture(0)}
    import_now(home, zip_of_pictures(tmp_path, pictures))
    app = shown()
    assert "Two labels" in words(app)
    assert "<script>" not in words(app)
    label = app.button(key="data_group_0_class_0").label
    assert "<script>" not in label.replace("\\<", "")


def with_odd_ones():
    """Two classes, of which two images are far darker than the others, and one is blank."""
    dark = {f"a/9{number}.png": picture(200 + number) // 16 for number in range(2)}
    return two_classes() | dark | {"b/90.png": np.full((16, 16), 128, np.uint8)}


def test_odd_images_stand_by_kind_and_are_left_out_by_a_click(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, with_odd_ones()))
    odd = actions.odd_ones(home, dataset_id)
    dark = [one for one in odd if one.rule == "too_dark"]
    assert len(dark) == 2
    app = shown("odd")
    said = words(app)
    assert "#### Too dark · 2" in said
    assert "#### Blank · 1" in said
    assert app.button(key="data_odd_too_dark_drop").disabled
    app.button(key="data_odd_too_dark_tick").click().run()
    assert app.button(key="data_odd_too_dark_drop").label == "Leave 2 images out"
    app.button(key="data_odd_too_dark_drop").click().run()
    assert change_now(home).images == 41
    app.run()
    assert "Too dark" not in words(app)


def test_images_with_text_in_them_are_shown_the_surest_first(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    table = home.settings.dataset_dir(dataset_id) / "items.parquet"
    items = pd.read_parquet(table)
    items["text_hint"] = 0.0
    items.loc[[3, 7], "text_hint"] = [0.9, 1.0]
    items.to_parquet(table)
    assert [one.item_id for one in actions.odd_ones(home, dataset_id)] == [7, 3]
    said = words(shown("odd"))
    assert "#### Text in the picture · 2" in said
    assert "may name the patient" in said


def test_a_set_without_odd_images_says_so(home, tmp_path):
    import_now(home, zip_of_pictures(tmp_path, two_classes()))
    assert "Nothing odd" in words(shown("odd"))


def test_what_was_found_is_read_anew_when_the_content_changes(home, tmp_path, monkeypatch):
    dataset_id = torn(home, tmp_path)
    asked = []
    monkeypatch.setattr(
        actions, "suspects", lambda _home, which, ask=actions.suspects: asked.append(which) or ask(home, which)
    )
    app = shown()
    app.run()
    assert len(asked) == 1  # for all three runs of the script
    actions.revise(home, dataset_id, Edits(edits=(Exclude(item_ids=(0,)),)))
    change_now(home)
    app.run()
    assert len(asked) == 2


def test_a_turned_copy_under_another_label_gets_the_right_one(home, tmp_path):
    scene = np.kron(np.arange(16, dtype=np.uint8).reshape(4, 4) * 16, np.ones((8, 8), np.uint8))
    pictures = {name: np.kron(pixels[:4, :4], np.ones((8, 8), np.uint8)) for name, pixels in two_classes().items()}
    pictures |= {"a/100.png": scene, "b/100.png": np.rot90(scene)}
    dataset_id = import_now(home, zip_of_pictures(tmp_path, pictures))
    app = shown()
    assert "Its images are in more than one class" in words(app)
    torn = next(group for group in actions.suspects(home, dataset_id) if len(set(group.class_indices)) > 1)
    assert torn.kind == "near"
    app.button(key="data_group_0_class_0").click().run()
    card = change_now(home)
    assert [sum(counts.values()) for counts in card.counts] == [22, 20]  # both stay, as class a
    app.run()
    assert "more than one class" not in words(app)


def test_no_copy_is_counted_twice():
    def group(kind, item_ids, class_indices):
        return type("Group", (), {"kind": kind, "item_ids": item_ids, "class_indices": class_indices})

    exact, turned = group("same_pixels", (0, 1), (0, 0)), group("near", (0, 1, 2), (0, 0, 0))
    torn, apart = group("conflict", (5, 6, 7), (0, 1, 1)), group("same_pixels", (8, 9), (1, 1))
    assert data_guards.how_many_copies([exact, turned]) == 2  # one of 0, 1 and 2 stays
    assert data_guards.how_many_copies([exact, torn, apart]) == 3  # of the torn ones one of each class stays


def test_only_what_crosses_or_contradicts_presses():
    def group(kind, crossing, *class_indices):
        return type("Group", (), {"kind": kind, "crossing": crossing, "class_indices": class_indices})

    assert data_found.is_pressing(group("near", True, 0, 0))
    assert data_found.is_pressing(group("conflict", False, 0, 1))
    assert data_found.is_pressing(group("near", False, 0, 1))
    assert not data_found.is_pressing(group("same_pixels", False, 0, 0))
    assert not data_found.is_torn(group("patient", True, 0, 1))  # somebody ill in one eye only


def test_what_the_browser_says_of_an_older_choice_does_not_count(monkeypatch):
    told = {}
    monkeypatch.setattr(picker.st, "session_state", {})
    monkeypatch.setattr(picker, "_piece", lambda **_options: type("Result", (), {"chosen": told.get("chosen")}))

    def pick():
        return picker.pick([], "ds", "grid", label="", small=False, version="")

    pick()
    told["chosen"] = {"turn": 1, "ids": [3, 5]}
    assert pick() == {3, 5}
    picker.set_chosen("grid")
    assert pick() == set()  # the browser still says 3 and 5, of the turn before
    told["chosen"] = {"turn": 2, "ids": [7]}
    assert pick() == {7}
    assert picker.chosen_of("grid") == {7}
