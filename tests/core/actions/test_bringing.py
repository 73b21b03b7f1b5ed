"""Bringing data in by steps, as the page does it: look, choose, preview, import; and public sets without a network."""

import numpy as np
import pytest

from core import actions
from core.actions import fetching
from core.errors import BadArchive, BadDataset, DataGone, NoNetwork, NotFound, WrongState
from core.images import encode_png
from core.specs import DatasetState, JobKind, JobState, Labelling, Origin, OriginKind


@pytest.fixture
def table(tmp_path):
    """A folder of twelve images of six patients, and a table beside them."""
    folder = tmp_path / "DOE^JANE"
    (folder / "images").mkdir(parents=True)
    rows = ["file,finding,patient_id"]
    for number in range(12):
        pixels = np.random.default_rng(number).integers(0, 256, (12, 12), dtype=np.uint8)
        (folder / "images" / f"scan_{number:02}.png").write_bytes(encode_png(pixels))
        rows.append(f"scan_{number:02}.png,{('sick', 'well')[number % 2]},DOE{number // 2}")
    (folder / "data.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture
def choosing(home, table, work):
    """The id of a data set whose labels are being chosen."""
    dataset_id = actions.bring_in(home, table, "Chest")
    assert actions.dataset(home, dataset_id).state is DatasetState.LOOKING
    work("quick")
    assert actions.dataset(home, dataset_id).state is DatasetState.CHOOSING
    return dataset_id


def test_what_is_chosen_after_a_preview_is_imported(home, choosing, work):
    look = actions.look(home, choosing)
    assert (look.images, look.tables[0].rows) == (12, 12)
    given = actions.preview_labelling(home, choosing, look.proposal)
    assert (given.labelled, given.classes, given.patients) == (12, {"sick": 6, "well": 6}, 6)
    actions.begin_import(home, choosing, look.proposal)
    assert actions.dataset(home, choosing).state is DatasetState.IMPORTING
    assert actions.job_of(home, choosing).kind is JobKind.IMPORT
    work("data")
    row = actions.dataset(home, choosing)
    assert (row.state, row.card.classes, row.card.patients) == (DatasetState.REVIEW, ("sick", "well"), 6)
    assert list((home.settings.home / "looks").iterdir()) == []


@pytest.mark.parametrize(
    ("label", "refusal"),
    [
        (Origin(kind=OriginKind.FOLDER), "one class only"),
        (Origin(kind=OriginKind.COLUMN, name="patient_id"), "No image gets a class"),
        (Origin(kind=OriginKind.COLUMN, name="none"), "none"),
    ],
)
def test_labels_from_which_nothing_can_be_learned_leave_the_choice_open(home, choosing, label, refusal):
    labelling = Labelling(
        label=label, table="data.csv", image_column="file" if label.name != "patient_id" else "finding"
    )
    with pytest.raises(BadDataset, match=refusal):
        actions.begin_import(home, choosing, labelling)
    assert actions.dataset(home, choosing).state is DatasetState.CHOOSING
    assert actions.look(home, choosing).images == 12


def test_an_import_is_begun_once(home, choosing):
    actions.begin_import(home, choosing, actions.look(home, choosing).proposal)
    for verb in (
        lambda: actions.begin_import(home, choosing, Labelling()),
        lambda: actions.look(home, choosing),
        lambda: actions.preview_labelling(home, choosing, Labelling()),
    ):
        with pytest.raises(WrongState):
            verb()
    assert len(home.store.jobs(JobKind.IMPORT)) == 1


def test_why_there_is_nothing_to_choose_is_said(home, tmp_path, work):
    (tmp_path / "a.zip").write_bytes(b"no archive")
    dataset_id = actions.bring_in(home, tmp_path / "a.zip", "A")
    with pytest.raises(BadArchive):
        work("quick")
    home.store.fail(actions.job_of(home, dataset_id).id, BadArchive("It is none.", "Choose another."))
    assert actions.dataset(home, dataset_id).state is DatasetState.FAILED
    with pytest.raises(BadArchive, match="It is none"):
        actions.look(home, dataset_id)


def test_nothing_is_begun_for_a_path_that_is_not_there(home, tmp_path):
    with pytest.raises(NotFound):
        actions.bring_in(home, tmp_path / "none", "None")
    assert actions.list_datasets(home) == []


def test_a_table_can_be_named_without_a_look_first(home, table, work):
    label, patient = (Origin(kind=OriginKind.COLUMN, name=name) for name in ("finding", "patient_id"))
    labelling = Labelling(label=label, patient=patient, table="data.csv", image_column="file")
    dataset_id = actions.import_dataset(home, table, "Chest", accept=True, labelling=labelling)
    assert work("data").state is JobState.FINISHED
    assert actions.dataset(home, dataset_id).card.patients == 6
    shown = [item.patient for item in actions.gallery(home, dataset_id).items]
    assert len(set(shown)) == 6
    assert not any("DOE" in patient for patient in shown), "a salted hash"
    assert table.exists()
    assert actions.same_content(home, table) == dataset_id


def test_a_look_from_the_command_line_keeps_nothing(home, table):
    with actions.looked_at(home, table) as (found, preview):
        assert preview(found.proposal).classes == {"sick": 6, "well": 6}
    assert list((home.settings.home / "looks").iterdir()) == actions.list_datasets(home) == []


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("chest_xray 224px.zip", "Data set 1"),
        ("Chest-xray_train (2).zip", "Chest xray train 2"),
        ("/data/PneumoniaMNIST.npz", "PneumoniaMNIST"),
        ("DOE^JANE.zip", "Data set 1"),
        ("19700101.zip", "Data set 1"),
        ("", "Data set 1"),
    ],
)
def test_a_name_is_suggested_that_cannot_be_anybodys(home, filename, name):
    assert actions.suggested_name(home, filename) == name


def test_a_suggested_name_is_nobody_elses(home, table):
    for _ in range(2):
        actions.bring_in(home, table, actions.suggested_name(home, table.name))
    first, second = (row.id for row in sorted(actions.list_datasets(home), key=lambda row: row.name))
    actions.delete_dataset(home, first)
    assert actions.dataset(home, second).name == "Data set 2"
    assert actions.suggested_name(home, table.name) == "Data set 3"  # one is there, and 2 is taken


def test_a_public_set_is_fetched_as_a_job(home, monkeypatch):
    monkeypatch.setattr(fetching, "require_network", lambda address: None)
    dataset_id = actions.fetch_public_set(home, "breastmnist")
    row = actions.dataset(home, dataset_id)
    assert (row.name, row.state) == ("BreastMNIST, 28 px", DatasetState.LOOKING)
    job = actions.job_of(home, dataset_id)
    assert (job.kind, job.lane, job.payload) == (JobKind.FETCH, "data", {"key": "breastmnist"})


def test_without_a_network_it_is_said_before_anything_is_begun(home, settings, monkeypatch):
    def unreachable(address):
        raise NoNetwork("zenodo.org cannot be reached.", "Connect the server.")

    monkeypatch.setattr(fetching, "require_network", unreachable)
    with pytest.raises(NoNetwork):
        actions.fetch_public_set(home, "breastmnist")
    monkeypatch.setattr(fetching, "require_network", lambda address: None)
    forbidden = actions.Home(settings.model_copy(update={"network": False}), home.store)
    with pytest.raises(NoNetwork, match="forbid"):
        actions.fetch_public_set(forbidden, "breastmnist")
    with pytest.raises(NotFound):
        actions.fetch_public_set(home, "nonsense")
    assert actions.list_datasets(home) == home.store.jobs() == []


def test_a_look_that_was_taken_away_is_told_in_words(home, choosing):
    for path in home.settings.look_dir(choosing).iterdir():
        path.unlink()
    with pytest.raises(DataGone):
        actions.look(home, choosing)
