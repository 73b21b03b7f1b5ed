"""Choosing where labels are written: drafts become labellings or say why not; the form follows what was found."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.errors import BadDataset, BadSetting
from core.sources.looking import look_into
from core.specs import (
    ColumnLook,
    DatasetState,
    Finding,
    JobKind,
    LabelledRow,
    Labelling,
    LabellingPreview,
    Origin,
    OriginKind,
    Severity,
    SourceLook,
    TableLook,
    TagLook,
    Task,
)
from core.store import new_id
from pages.parts.data import choosing_places, choosing_words
from pages.parts.data import words as data_words
from pages.parts.data.choosing_draft import draft_of, labelling_of
from pages.parts.data.choosing_sheets import rows_html, sheet_html, tags_html
from tests.pages.bench import FETCHED, SCRIPT, a_home, bring_in, page, words, zip_of

COLUMN, TAG, PATTERN, FOLDER, NONE = (
    OriginKind.COLUMN,
    OriginKind.TAG,
    OriginKind.PATTERN,
    OriginKind.FOLDER,
    OriginKind.NONE,
)
TABLE = TableLook(
    name="data.csv",
    rows=40,
    columns=(
        ColumnLook(name="patient_id", distinct=9, empty=0),
        ColumnLook(name="image_id", distinct=40, empty=0),
        ColumnLook(name="view", distinct=2, empty=3),
    ),
    first_rows=(("p1", "a1", "ap"), ("p1", "a2", SCRIPT)),
)
BY_TABLE = Labelling(
    label=Origin(kind=COLUMN, name="view"),
    split=Origin(),
    patient=Origin(kind=COLUMN, name="patient_id"),
    table="data.csv",
    image_column="image_id",
)
CHESTS = SourceLook(kind="zip", images=40, formats={".png": 40}, tables=(TABLE,), proposal=BY_TABLE, ask=True)
BY_TAG = Labelling(label=Origin(kind=TAG, name="Modality"), split=Origin(), patient=Origin(kind=TAG, name="PatientID"))
HEADERS = SourceLook(
    kind="files",
    images=7,
    formats={"": 5, ".dcm": 1, ".dicom": 1},
    tags=(
        TagLook(keyword="Modality", files=7, distinct=2, examples=("CT", FETCHED)),
        TagLook(keyword="PatientID", files=7, distinct=5, examples=("4711",)),
    ),
    volumes=True,
    proposal=BY_TAG,
    ask=True,
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


Choosing = Callable[..., tuple[str, AppTest]]


@pytest.fixture
def choosing(home: actions.Home, monkeypatch: pytest.MonkeyPatch) -> Choosing:
    """A data set whose labels are to be chosen, and the page that asks for them: `choosing(look)`."""

    def open_(look: SourceLook, preview: LabellingPreview | None = None, name: str = "Chests") -> tuple[str, AppTest]:
        def preview_labelling(_home: actions.Home, _id: str, labelling: Labelling) -> LabellingPreview:
            return preview or previewed(labelling)

        monkeypatch.setattr(actions, "look", lambda _home, _id: look)
        monkeypatch.setattr(actions, "preview_labelling", preview_labelling)
        dataset_id = new_id("ds")
        home.store.add_dataset(dataset_id, name, Task.CLASSIFICATION, DatasetState.CHOOSING)
        app = page("data").run()
        assert not app.exception
        return dataset_id, app

    return open_


def previewed(labelling: Labelling) -> LabellingPreview:
    """What a labelling gives here: two classes, and nine patients where they are asked for."""
    patients = 9 if labelling.patient.kind is COLUMN else None
    rows = (LabelledRow(name="x/a1.png", label="ap", patient="p1"), LabelledRow(name="x/a2.png", label=SCRIPT))
    return LabellingPreview(images=40, labelled=37, classes={"ap": 30, SCRIPT: 7}, patients=patients, rows=rows)


def error(rule: str) -> LabellingPreview:
    found = Finding(severity=Severity.ERROR, rule=rule, what="Every image has a class of its own.", remedy="Choose.")
    return previewed(BY_TABLE).model_copy(update={"findings": (found,)})


@pytest.mark.parametrize("labelling", [BY_TABLE, BY_TAG, Labelling(), Labelling(planes="middle", keep_names=True)])
def test_a_draft_gives_back_the_labelling_it_was_made_of(labelling: Labelling) -> None:
    assert labelling_of(draft_of(labelling)) == labelling


def test_what_is_not_in_use_stays_in_the_draft_and_out_of_the_labelling() -> None:
    draft = draft_of(BY_TABLE).with_kind("label", FOLDER).with_kind("patient", NONE)
    assert labelling_of(draft) == Labelling(split=Origin())
    assert labelling_of(draft.with_kind("label", COLUMN).with_kind("patient", COLUMN)) == BY_TABLE


def test_a_column_chosen_twice_is_named_with_both_its_roles() -> None:
    with pytest.raises(BadSetting) as refused:
        labelling_of(draft_of(BY_TABLE).with_column("patient", "view"))
    assert refused.value.what == "The column view is chosen twice: for the class and for the patient."
    with pytest.raises(BadSetting) as refused:
        labelling_of(draft_of(BY_TABLE).with_column("label", "image_id"))
    assert refused.value.what == "The column image_id is chosen twice: for the image and for the class."


def test_what_is_missing_is_said() -> None:
    draft = draft_of(BY_TABLE)
    for broken, said in [
        (draft.with_rest(image_column=""), "which column names the image"),
        (draft.with_column("label", ""), "which column holds the class"),
        (draft.with_kind("patient", TAG), "which DICOM tag holds the patient"),
        (draft.with_kind("label", NONE), "where the class"),
        (draft.with_kind("split", PATTERN).with_rest(pattern="{label}_*"), "where in the file name the split"),
    ]:
        with pytest.raises(BadSetting, match=said):
            labelling_of(broken)


def test_columns_in_use_are_marked_with_what_they_are_for() -> None:
    roles = draft_of(BY_TABLE).roles_of_columns()
    assert roles == {"image_id": "image", "view": "class", "patient_id": "patient"}
    assert draft_of(Labelling()).roles_of_columns() == {}


def test_only_places_that_this_source_has_are_offered() -> None:
    folders = SourceLook(kind="zip", images=4, classes_by_folder={"a": 2, "b": 2})
    draft = draft_of(folders.proposal)
    assert choosing_places.places("label", draft, folders) == [FOLDER, PATTERN]
    assert choosing_places.places("patient", draft, folders) == [NONE, PATTERN]
    assert choosing_places.places("label", draft_of(BY_TABLE), CHESTS) == [COLUMN, PATTERN]
    assert choosing_places.places("patient", draft_of(BY_TAG), HEADERS) == [NONE, TAG, PATTERN]


def test_who_somebody_is_may_be_no_class() -> None:
    ids = HEADERS.model_copy(update={"tags": HEADERS.tags[1:]})  # PatientID alone
    assert choosing_places.places("label", draft_of(Labelling()), ids) == [FOLDER, PATTERN]
    assert [tag.keyword for tag in choosing_places.tags("label", HEADERS)] == ["Modality"]
    assert [tag.keyword for tag in choosing_places.tags("patient", HEADERS)] == ["Modality", "PatientID"]
    with pytest.raises(BadSetting, match="PatientID tells people"):
        labelling_of(draft_of(BY_TAG).with_tag("label", "PatientID").with_kind("patient", NONE))


def test_the_table_is_escaped_and_its_columns_in_use_stand_first() -> None:
    text = sheet_html(TABLE, {"view": "class"})
    assert text.index("view") < text.index("patient_id") < text.index("image_id")
    assert "2 values, 3 empty" in text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert text.count('class="used"') == 3  # the head and a cell in each of two rows
    long = TABLE.model_copy(update={"first_rows": (("x" * 500, "", "ap"),)})
    assert "x" * 41 not in sheet_html(long, {})


def test_the_first_images_show_only_what_is_asked_for() -> None:
    rows = previewed(BY_TABLE).rows
    assert "Patient" in rows_html(rows, draft_of(BY_TABLE))
    assert "Patient" not in rows_html((LabelledRow(name="a.png", label="ap"),), draft_of(Labelling()))
    assert "<script>" not in rows_html(rows, draft_of(BY_TABLE))
    assert "Split" not in rows_html(rows, draft_of(Labelling())), "no folder says so"
    assert "Class" in rows_html((LabelledRow(name="a.png"),), draft_of(Labelling())), (
        "that none is read is worth seeing"
    )


def test_tags_are_escaped_and_the_chosen_ones_stand_first() -> None:
    text = tags_html(
        (TagLook(keyword="Modality", files=2, distinct=1, examples=(SCRIPT,)), HEADERS.tags[1]), {"PatientID"}
    )
    assert text.index("PatientID") < text.index("Modality")
    assert "<script>" not in text


def test_the_form_begins_with_the_proposal_and_its_preview(choosing: Choosing) -> None:
    dataset_id, app = choosing(CHESTS)
    assert app.selectbox(key=f"data_{dataset_id}_image").value == "image_id"
    assert app.selectbox(key=f"data_{dataset_id}_label_column").value == "view"
    assert app.selectbox(key=f"data_{dataset_id}_patient_column").value == "patient_id"
    said = words(app).replace("\\", "")
    assert "The archive holds 40 images (PNG) and 1 table." in said
    assert "3 without, left out" in said  # 40 images, 37 with a class
    assert "4.1 images each, on average" in said  # 37 / 9
    assert "makes a result look better than it is" in said
    assert "<script>" not in said
    assert not app.button(key="data_choose_import").disabled


def test_free_text_that_becomes_the_class_is_warned_of(choosing: Choosing) -> None:
    tags = (*HEADERS.tags, TagLook(keyword="StudyDescription", files=7, distinct=2, examples=("CT of Zzyzx^Anna",)))
    dataset_id, app = choosing(HEADERS.model_copy(update={"tags": tags}))
    assert not app.warning
    offered = app.selectbox(key=f"data_{dataset_id}_label_tag").options
    assert [option.split(" ")[0] for option in offered] == ["Modality", "StudyDescription"]
    app.selectbox(key=f"data_{dataset_id}_label_tag").set_value("StudyDescription").run()
    assert [warning.value for warning in app.warning] == [choosing_words.FREE_TEXT_WARNING]
    app.selectbox(key=f"data_{dataset_id}_label_tag").set_value("Modality").run()
    assert not app.warning


def test_names_of_classes_are_kept_as_they_stand_and_the_page_says_so(choosing: Choosing) -> None:
    dataset_id, app = choosing(CHESTS.model_copy(update={"classes_by_folder": {"ap": 30, "pa": 10}}))
    for kind in (COLUMN, FOLDER, PATTERN):
        app.segmented_control(key=f"data_{dataset_id}_label_kind").set_value(kind).run()
        assert [caption.value for caption in app.caption].count(choosing_words.CLASSES_KEPT) == 1


def test_another_place_for_the_patient_changes_the_preview_at_once(choosing: Choosing) -> None:
    dataset_id, app = choosing(CHESTS)
    app.segmented_control(key=f"data_{dataset_id}_patient_kind").set_value(NONE).run()
    assert "every image by itself" in words(app)
    assert not any(toggle.label == "Keep patient ids" for toggle in app.toggle)
    app.segmented_control(key=f"data_{dataset_id}_patient_kind").set_value(COLUMN).run()
    assert app.selectbox(key=f"data_{dataset_id}_patient_column").value == "patient_id"
    assert "4.1 images each" in words(app)


def test_the_preview_is_asked_for_only_when_something_else_is_read(
    choosing: Choosing, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset_id, app = choosing(CHESTS)
    asked: list[Labelling] = []
    give = actions.preview_labelling
    monkeypatch.setattr(actions, "preview_labelling", lambda *given: asked.append(given[2]) or give(*given))
    app.toggle(key=f"data_{dataset_id}_names").set_value(True).run()
    assert asked == []
    app.segmented_control(key=f"data_{dataset_id}_patient_kind").set_value(NONE).run()
    assert len(asked) == 1


def test_a_column_chosen_twice_stops_the_import_in_words(choosing: Choosing) -> None:
    dataset_id, app = choosing(CHESTS)
    app.selectbox(key=f"data_{dataset_id}_patient_column").set_value("view").run()
    assert "chosen twice" in app.warning[0].value
    assert app.button(key="data_choose_import").disabled
    assert not app.exception


def test_choices_survive_a_visit_to_another_view(choosing: Choosing) -> None:
    dataset_id, app = choosing(CHESTS)
    app.selectbox(key=f"data_{dataset_id}_label_column").set_value("patient_id").run()
    app.segmented_control(key="data_view").set_value("bring").run()
    assert "From this computer" in words(app)
    app.segmented_control(key="data_view").set_value("one").run()
    assert app.selectbox(key=f"data_{dataset_id}_label_column").value == "patient_id"


@pytest.mark.parametrize("preview", [error("one_label_per_image"), LabellingPreview(images=4, labelled=0)])
def test_what_cannot_be_learned_from_is_not_imported(choosing: Choosing, preview: LabellingPreview) -> None:
    _, app = choosing(CHESTS, preview)
    assert app.button(key="data_choose_import").disabled


def test_the_import_begins_with_what_was_chosen(
    choosing: Choosing, home: actions.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Labelling] = []
    monkeypatch.setattr(actions, "begin_import", lambda _home, _id, labelling: begun.append(labelling))
    dataset_id, app = choosing(CHESTS)
    app.text_input(key=f"data_title_{dataset_id}").set_value("Chest views").run()
    app.toggle(key=f"data_{dataset_id}_names").set_value(True).run()
    assert any("stored, shown and exported as they are" in warning.value for warning in app.warning)
    app.button(key="data_choose_import").click().run()
    assert begun == [BY_TABLE.model_copy(update={"keep_names": True})]
    assert actions.dataset(home, dataset_id).name == "Chest views"


def test_kinds_of_files_are_called_by_their_names() -> None:
    assert data_words.kinds({".png": 3}) == "PNG"
    assert data_words.kinds({"": 5, ".dcm": 2, ".DICOM": 1, ".nii.gz": 1}) == "5 without an ending, 3 DICOM, 1 NIfTI"


def test_headers_are_shown_and_files_of_several_images_are_asked_about(choosing: Choosing) -> None:
    dataset_id, app = choosing(HEADERS, LabellingPreview(images=7, labelled=0))
    app.segmented_control(key=f"data_{dataset_id}_planes").set_value("middle").run()
    said = words(app)
    assert "In a sample of 7 files the tag Modality has 2 values" in said
    assert FETCHED not in "\n".join(element.value for element in [*app.markdown, *app.caption])
    assert not app.button(key="data_choose_import").disabled  # the classes are known when the files are read


def test_an_npz_that_was_seen_before_leaves_nothing_to_choose(choosing: Choosing) -> None:
    look = SourceLook(kind="npz", images=9, formats={".npz": 1}, classes_by_folder={"0": 4, "1": 5})
    _, app = choosing(look, LabellingPreview(images=9, labelled=9, classes=look.classes_by_folder))
    assert "nothing to choose" in words(app)
    assert [control.key for control in app.segmented_control] == ["data_view"]
    assert not app.button(key="data_choose_import").disabled


def test_the_pattern_is_asked_for_once_for_class_and_patient(choosing: Choosing) -> None:
    dataset_id, app = choosing(CHESTS)
    app.segmented_control(key=f"data_{dataset_id}_label_kind").set_value(PATTERN).run()
    app.segmented_control(key=f"data_{dataset_id}_patient_kind").set_value(PATTERN).run()
    assert "where in the file name the class stands" in app.warning[0].value
    app.text_input(key=f"data_{dataset_id}_pattern").set_value("{patient}_{label}").run()
    assert not app.warning
    assert "How Lightbox reads the first images" in words(app)
    assert sum(field.label == "Pattern of the file names" for field in app.text_input) == 1


def test_labels_that_did_not_fit_are_told_where_others_can_be_chosen(choosing: Choosing, home: actions.Home) -> None:
    dataset_id, app = choosing(CHESTS)
    home.store.submit(new_id("imp"), JobKind.IMPORT, dataset_id, {})
    job = home.store.claim("data", "wrk_a")
    assert job is not None
    home.store.fail(job.id, BadDataset(f"Only one class was read: {SCRIPT}.", "Choose another column."))
    said = words(app.run())
    assert "It could not be imported with these labels." in said
    assert "Choose another column" in said
    assert SCRIPT not in said
    assert app.button(key="data_choose_import")


def test_content_that_was_imported_before_is_named_and_led_to(
    choosing: Choosing, home: actions.Home, tmp_path: Path
) -> None:
    earlier = bring_in(home, zip_of(tmp_path, {"a": 4, "b": 4}), FETCHED)
    dataset_id, app = choosing(CHESTS.model_copy(update={"same_as": earlier}))
    said = words(app)
    assert "imported before" in said
    assert FETCHED not in said
    app.button(key="data_same_open").click().run()
    assert [row.id for row in actions.list_datasets(home)] == [earlier]
    assert dataset_id != earlier


def test_content_whose_data_set_is_gone_is_not_mentioned(choosing: Choosing) -> None:
    _, app = choosing(CHESTS.model_copy(update={"same_as": "ds_gone"}))
    assert "imported before" not in words(app)


def test_what_waits_can_be_removed(choosing: Choosing, home: actions.Home) -> None:
    _, app = choosing(CHESTS)
    app.button(key="data_choose_remove").click().run()
    assert actions.list_datasets(home) == []


def test_what_has_lost_its_look_can_only_be_removed(home: actions.Home) -> None:
    home.store.add_dataset("ds_lost", "Lost", Task.CLASSIFICATION, DatasetState.CHOOSING)
    app = page("data").run()
    assert not app.exception
    assert app.error
    app.button(key="data_choose_remove").click().run()
    assert actions.list_datasets(home) == []


def test_a_look_says_how_far_it_is_and_can_be_cancelled(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = actions.bring_in(home, zip_of(tmp_path, {"a": 4, "b": 4}), "Cells")
    assert home.store.jobs(kind=JobKind.LOOK)
    app = page("data").run()
    said = words(app)
    assert "### Looking into Cells" in said
    assert actions.dataset(home, dataset_id).state is DatasetState.LOOKING
    app.button(key="data_cancel").click().run()
    assert actions.list_datasets(home) == []


def test_a_name_from_a_stranger_is_shown_as_text(choosing: Choosing) -> None:
    _, app = choosing(CHESTS, name=FETCHED)
    assert FETCHED not in words(app)


def test_a_real_source_is_looked_into_chosen_and_queued(home: actions.Home, tmp_path: Path) -> None:
    source = zip_of(tmp_path, {"cells": 12})
    with zipfile.ZipFile(source, "a") as archive:
        rows = [f"{number}.png;{'ill' if number % 2 else 'well'};P{number // 4}" for number in range(12)]
        archive.writestr("Befunde.csv", "\ufeff" + "\n".join(["Bild;Befund;Patient", *rows, "gone.png;ill;P9"]))
    dataset_id = actions.bring_in(home, source, "Cells")
    job = home.store.claim("quick", "test")
    assert job is not None
    look_into(source, home.settings.look_dir(dataset_id), home.settings, lambda _progress: None, lambda: False)
    home.store.move_dataset(dataset_id, {DatasetState.LOOKING}, DatasetState.CHOOSING)
    home.store.finish(job.id, {}, attempt=job.attempt)
    app = page("data").run()
    assert not app.exception
    assert app.selectbox(key=f"data_{dataset_id}_label_column").value == "Befund"
    said = words(app)
    assert "4.0 images each, on average" in said  # 12 images, P0 to P2
    assert "no image that is there" in said
    app.button(key="data_choose_import").click().run()
    row = actions.dataset(home, dataset_id)
    assert row.state is DatasetState.IMPORTING
    (waiting,) = home.store.jobs(kind=JobKind.IMPORT)
    assert "Befund" not in str(waiting.payload), "what names a column stays out of the store"
