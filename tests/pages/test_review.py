"""The review: what came in by split and patient, each finding with its evidence and its cure, and what was dropped."""

import shutil

import pytest

from core import actions
from core.specs import DatasetState, DroppedTag, Finding, Severity, Split
from pages.parts.data import divided as data_divided
from pages.parts.data import dropped as data_dropped
from pages.parts.data import evidence as data_evidence
from tests.pages.bench import FETCHED, SCRIPT, a_home, page, words
from tests.pages.planted import BY_TABLE, import_now, patients, two_classes, with_copies, zip_of_pictures


@pytest.fixture
def home(tmp_path):
    with a_home(tmp_path) as home:
        yield home


def shown(section=None):
    app = page("data").run()
    assert not app.exception
    if section is not None:
        app.segmented_control(key="data_section").set_value(section).run()
        assert not app.exception
    return app


def card_of(home, dataset_id):
    return actions.dataset(home, dataset_id).card


def put_card(home, dataset_id, **changes):
    home.store.set_card(dataset_id, card_of(home, dataset_id).model_copy(update=changes))


def finding(rule, *where, severity=Severity.WARNING):
    return Finding(severity=severity, rule=rule, where=where, what=f"{rule} was found.", remedy="Mend it.")


def test_the_parts_are_shown_one_at_a_time_with_what_is_to_be_seen_to(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, with_copies()))
    put_card(home, dataset_id, findings=(finding("imbalance"), finding("other", severity=Severity.NOTE)))
    app = shown()
    labels = app.segmented_control(key="data_section").options
    assert labels[0] == "Overview · 1"  # the warning; a note presses nobody
    assert "Images per class and split" in words(app)
    assert "Changes so far" not in words(app)
    app.segmented_control(key="data_section").set_value("changes").run()
    assert "Changes so far" in words(app)
    assert "Images per class and split" not in words(app)


def test_patients_are_counted_beside_the_images(home, tmp_path):
    dataset_id = import_now(home, patients(tmp_path), labelling=BY_TABLE)
    card = card_of(home, dataset_id)
    assert card.patients == 12
    assert sum(card.patients_per_split.values()) == 12  # each in one split
    said = words(shown())
    for line in data_divided.counts(card):
        assert " ".join(line.split()) in said
    assert "Patients" in data_divided.counts(card)[1]


def test_by_image_tears_patients_apart_and_one_click_keeps_them_together(home, tmp_path):
    dataset_id = import_now(home, patients(tmp_path), labelling=BY_TABLE)
    app = shown()
    app.radio(key=f"data_split_by_{dataset_id}").set_value("image").run()
    card = card_of(home, dataset_id)
    assert card.split.by == "image"
    assert sum(card.patients_per_split.values()) > 12  # some stand in two splits
    assert "patient_in_two_splits" in {found.rule for found in card.findings}
    app.segmented_control(key="data_section").set_value("copies").run()
    torn = [group for group in actions.suspects(home, dataset_id) if group.kind == "patient"]
    said = words(app)
    assert said.count("One patient") == min(len(torn), 8)
    item = actions.item(home, dataset_id, torn[0].item_ids[0])
    in_training = torn[0].splits.count("train")
    assert f"Patient {item.patient} has {in_training} image" in said
    app.segmented_control(key="data_section").set_value("overview").run()
    key = next(button.key for button in app.button if button.key and button.key.endswith("_patients"))
    app.button(key=key).click().run()
    assert not app.exception
    card = card_of(home, dataset_id)
    assert card.split.by == "patient"
    assert sum(card.patients_per_split.values()) == 12
    assert app.radio(key=f"data_split_by_{dataset_id}").value == "patient"


def test_nothing_is_asked_about_patients_that_nobody_knows(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    assert not [radio for radio in shown().radio if radio.key == f"data_split_by_{dataset_id}"]


def test_folds_share_one_test_split_and_are_chosen_by_a_click(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    app = shown()
    app.number_input(key=f"data_split_folds_{dataset_id}").set_value(5).run()
    card = card_of(home, dataset_id)
    assert (card.split.folds, card.split.fold, card.split.test_percent) == (5, 1, 15)
    assert card.split.val_percent == 17  # a fifth of the 85 % that the test leaves
    assert not [field for field in app.number_input if field.key == f"data_split_train_percent_{dataset_id}"]
    app.segmented_control(key=f"data_split_fold_{dataset_id}").set_value(3).run()
    assert card_of(home, dataset_id).split.fold == 3
    app.number_input(key=f"data_split_folds_{dataset_id}").set_value(2).run()
    assert not app.exception
    card = card_of(home, dataset_id)
    assert (card.split.folds, card.split.fold) == (2, 2)  # there is no third fold any more
    app.number_input(key=f"data_split_folds_{dataset_id}").set_value(1).run()
    assert not app.exception
    assert card_of(home, dataset_id).split.folds == 1
    assert card_of(home, dataset_id).count(Split.TEST) == 6  # 15 % of 20 in either class


def test_a_finding_leads_to_where_it_can_be_mended(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, with_copies()))
    put_card(home, dataset_id, findings=(finding("exact_duplicate", "a/0.png"),))
    app = shown()
    assert "exact_duplicate was found." in words(app).replace("\\", "")
    app.button(key="data_finding_0_go").click().run()
    assert not app.exception
    assert app.segmented_control(key="data_section").value == "copies"
    assert "Keep all in" in words(app) or "one side of the split" in words(app)


def test_many_notes_are_folded_below_what_is_more_than_a_note(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    notes = tuple(finding(f"note_{number}", severity=Severity.NOTE) for number in range(4))
    put_card(home, dataset_id, findings=(*notes, finding("warned")))
    app = shown()
    (fold,) = [part for part in app.expander if part.label == "4 notes"]
    folded = "\n".join(element.value for element in fold.markdown).replace("\\", "")
    assert all(f"note_{number} was found." in folded for number in range(4))
    assert "warned was found." not in folded
    assert "warned was found." in words(app).replace("\\", "")
    put_card(home, dataset_id, findings=(*notes[:3], finding("warned")))
    assert not [part for part in shown().expander if part.label.endswith("notes")]


def test_the_evidence_of_a_shortcut_is_a_small_table_of_escaped_words(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    evidence = (f"{SCRIPT}: width 512 px in 98 %, elsewhere in 3 %", "no colon here")
    put_card(home, dataset_id, findings=(finding("shortcut", *evidence),))
    said = words(shown())
    assert "Can be told by" in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</td><td>width 512 px in 98 %, elsewhere in 3 %" in said
    assert "<script>" not in said
    _, rows = data_evidence.evidence_table(evidence)
    assert rows == [[SCRIPT, "width 512 px in 98 %, elsewhere in 3 %"], ["", "no colon here"]]


def test_dropped_tags_are_named_the_commonest_first(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    names = DroppedTag(name="file name", files=40)
    tags = (names, DroppedTag(name=SCRIPT, files=2), DroppedTag(name="PatientName", files=40))
    put_card(home, dataset_id, dropped_tags=tags, names_kept=True)
    said = words(shown())
    assert "<td>file name</td>" not in said  # told in a sentence
    assert said.index("<td>PatientName</td>") < said.index("&lt;script&gt;")
    assert "replaced by numbers" in said
    assert data_dropped.sentences(card_of(home, dataset_id).model_copy(update={"dropped_tags": (names,)})) == [
        "File names that may name somebody were replaced by numbers."
    ]


def test_nothing_is_said_of_tags_where_no_file_had_any(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    put_card(home, dataset_id, dropped_tags=(), names_kept=True)
    assert "Left behind" not in words(shown())


def test_hostile_words_of_findings_and_classes_stay_text_in_every_part(home, tmp_path):
    pictures = {name.replace("a/", f"{FETCHED.replace('/', '_')}/"): pixels for name, pixels in with_copies().items()}
    dataset_id = import_now(home, zip_of_pictures(tmp_path, pictures))
    put_card(home, dataset_id, findings=(finding("imbalance", SCRIPT),))
    actions.rename_dataset(home, dataset_id, FETCHED)
    for section in ("overview", "copies", "odd", "images", "changes"):
        app = shown(section)
        said = words(app)
        markdown = "\n".join(element.value for element in [*app.markdown, *app.caption])
        assert "<script>" not in said
        assert "![x](http" not in markdown


def test_a_data_set_whose_images_are_gone_says_so_and_can_be_deleted(home, tmp_path):
    other = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()), accept=True)
    shutil.rmtree(home.settings.dataset_dir(dataset_id))
    app = shown()
    assert any("not on the server" in error.value for error in app.error)
    assert app.button(key="data_delete")
    assert app.button(key=f"data_take_{other}")


def test_the_class_that_is_the_finding_keeps_its_name_when_classes_are_numbered_anew(home, tmp_path):
    dataset_id = import_now(home, zip_of_pictures(tmp_path, two_classes()))
    app = shown()
    app.radio(key=f"data_positive_{dataset_id}").set_value(1).run()
    put_card(home, dataset_id, classes=("b", "c"))  # what was the second class is now the first
    app.run()
    assert app.radio(key=f"data_positive_{dataset_id}").value == 0
    app.button(key="data_accept").click().run()
    assert actions.dataset(home, dataset_id).state is DatasetState.ACCEPTED
