import pytest

from core import actions
from core.datasets import shelf
from core.errors import BadDataset, DataGone, NotFound, WrongState
from core.specs import DatasetState, JobState, RunConfig, Split, SplitConfig


@pytest.mark.parametrize(
    ("filename", "ending"),
    [
        ("../../etc/pass wd\x00.zip", ".zip"),
        ("DOE^JANE 1970.NII.GZ", ".nii.gz"),
        ("C:\\scans\\Doe.Jane", ""),
        ("Doe, Jane", ""),
        ("scan.Doe Jane", ""),
        ("", ""),
    ],
)
def test_an_upload_lies_below_the_uploads_folder_and_keeps_only_the_ending_of_its_name(home, filename, ending):
    path = actions.new_upload_path(home, filename)
    assert path.parent == home.settings.uploads_dir
    assert path.name[24:] == ending  # 24: twelve random bytes in hexadecimal
    assert path != actions.new_upload_path(home, filename)


@pytest.mark.parametrize("name", ["nothing.zip", "../lightbox.db", "/etc/hostname", ""])
def test_only_uploads_of_this_home_are_found_again(home, name):
    home.settings.uploads_dir.mkdir()
    with pytest.raises(NotFound):
        actions.uploaded_path(home, name)


def test_an_upload_is_found_by_its_name(home):
    path = actions.new_upload_path(home, "cells.zip")
    path.write_bytes(b"x")
    assert actions.uploaded_path(home, path.name) == path


def test_a_missing_file_is_refused_and_leaves_no_data_set(home, tmp_path):
    with pytest.raises(NotFound):
        actions.import_dataset(home, tmp_path / "none.zip", "None")
    assert actions.list_datasets(home) == []


def test_an_import_waits_in_the_queue(home, archive):
    dataset_id = actions.import_dataset(home, archive, "  My \n cells ")
    row = actions.dataset(home, dataset_id)
    assert (row.name, row.state) == ("My cells", DatasetState.IMPORTING)
    assert actions.import_job(home, dataset_id).state is JobState.QUEUED


def test_the_split_shown_is_the_split_used(home, in_review):
    # 20 images a class: 50 % are 10, 25 % are 5 and 5
    card = actions.set_split(home, in_review, SplitConfig(train_percent=50, val_percent=25, test_percent=25, seed=3))
    assert [card.count(split) for split in Split] == [30, 15, 15]
    assert actions.gallery(home, in_review, split=Split.TEST).total == 15
    assert actions.dataset(home, in_review).card == card


def test_an_accepted_data_set_never_changes(home, accepted):
    with pytest.raises(WrongState):
        actions.set_split(home, accepted, SplitConfig(seed=1))
    with pytest.raises(WrongState):
        actions.accept(home, accepted)


def test_a_split_without_test_images_is_not_accepted(home, in_review):
    # 1 % of 20 images a class rounds to none
    card = actions.set_split(home, in_review, SplitConfig(train_percent=98, val_percent=1, test_percent=1))
    if card.count(Split.TEST):
        assert actions.accept(home, in_review).count(Split.TEST) >= 1
    else:
        with pytest.raises(BadDataset):
            actions.accept(home, in_review)


def test_a_gallery_pages_through_a_class(home, accepted):
    first = actions.gallery(home, accepted, class_index=1, per_page=8)
    assert (first.total, first.pages, len(first.items)) == (20, 3, 8)
    last = actions.gallery(home, accepted, class_index=1, page=2, per_page=8)
    assert len(last.items) == 4
    assert {item.class_index for item in first.items + last.items} == {1}
    assert not {item.item_id for item in first.items} & {item.item_id for item in last.items}


def test_a_number_outside_the_data_set_is_not_found(home, accepted):
    with pytest.raises(NotFound):
        actions.item(home, accepted, 60)


def test_images_that_were_taken_away_are_gone_in_words(home, accepted):
    actions.gallery(home, accepted)
    (home.settings.dataset_dir(accepted) / "items.parquet").unlink()
    with pytest.raises(DataGone):
        actions.gallery(home, accepted)


def test_deleting_takes_folder_recipes_and_row_and_says_so_before(home, accepted):
    card = actions.dataset(home, accepted).card
    actions.save_recipe(
        home, "plain", accepted, actions.default_recipe(card), RunConfig(dataset_id=accepted).augmentation
    )
    lost = " ".join(actions.what_delete_loses(home, accepted))
    assert "60 images" in lost
    assert "1 saved recipe is deleted" in lost
    actions.delete_dataset(home, accepted)
    assert not home.settings.dataset_dir(accepted).exists()
    assert not list(home.settings.dataset_dir(accepted).parent.iterdir())
    with pytest.raises(NotFound):
        actions.dataset(home, accepted)


@pytest.mark.parametrize("uploaded", [True, False])
def test_deleting_an_import_that_waits_takes_its_upload_along(home, archive, uploaded):
    dataset_id = actions.import_dataset(home, archive, "Cells", delete_source=uploaded)
    job = actions.import_job(home, dataset_id)
    actions.delete_dataset(home, dataset_id)
    assert archive.exists() is not uploaded
    with pytest.raises(NotFound):
        actions.job(home, job.id)


def test_a_running_import_whose_data_set_is_deleted_clears_up_itself(home, archive):
    dataset_id = actions.import_dataset(home, archive, "Cells", delete_source=True)
    job = home.store.claim("data", "w")
    building = home.settings.dataset_dir(dataset_id).with_name(f"{dataset_id}.x.part")
    building.mkdir(parents=True)
    actions.delete_dataset(home, dataset_id)
    assert actions.list_datasets(home) == []
    assert home.store.stop_requested(job.id)
    assert building.exists()
    assert archive.exists()


def test_accepting_in_another_tab_while_a_split_is_drawn_keeps_the_accepted_one(home, in_review, monkeypatch):
    before = actions.dataset(home, in_review).card
    real = shelf.split_items

    def draw_while_accepting(*arguments):
        actions.accept(home, in_review)
        return real(*arguments)

    monkeypatch.setattr(shelf, "split_items", draw_while_accepting)
    with pytest.raises(WrongState, match="accepted"):
        actions.set_split(home, in_review, SplitConfig(train_percent=40, val_percent=30, test_percent=30))
    folder = home.settings.dataset_dir(in_review)
    assert shelf.Shelf(folder).card == actions.dataset(home, in_review).card == before
    # 60 images: 70, 15 and 15 percent of 20 in each class are 14, 3 and 3
    assert [actions.gallery(home, in_review, split=split).total for split in Split] == [42, 9, 9]
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "items.parquet", "originals"]


def test_a_data_set_in_use_is_not_deleted(home, accepted):
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=_recipe(home, accepted), model=SMALL))
    with pytest.raises(WrongState):
        actions.delete_dataset(home, accepted)
    actions.stop(home, run_id)
    assert "keeps its model" in " ".join(actions.what_delete_loses(home, accepted))
    actions.delete_dataset(home, accepted)
    assert actions.run(home, run_id).config.dataset_id == accepted


def _recipe(home, dataset_id):
    return actions.default_recipe(actions.dataset(home, dataset_id).card)


SMALL = RunConfig(dataset_id="x").model.model_copy(update={"filters": (4,), "dense_units": (8,)})
