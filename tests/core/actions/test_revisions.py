"""Changes are queued as jobs, made one at a time, taken back, and stand in a family tree with the runs of each."""

import os

import pytest

from core import actions
from core.errors import NotFound, WrongState
from core.specs import DatasetState, Edits, Exclude, JobKind, JobState, Merge, RunConfig, SplitConfig

LEAVE_OUT_TWO = Edits(edits=(Exclude(item_ids=(0, 1)),))


def test_a_data_set_in_review_is_changed_in_place(home, in_review, work):
    assert actions.revise(home, in_review, LEAVE_OUT_TWO) == in_review
    assert actions.revise_job(home, in_review).state is JobState.QUEUED
    assert work("quick").state is JobState.FINISHED
    row = actions.dataset(home, in_review)
    assert (row.state, row.card.images, row.card.revision) == (DatasetState.REVIEW, 58, 2)  # of 60
    assert actions.gallery(home, in_review).total == 58


def test_an_accepted_one_stays_as_it_is_and_gets_a_child(home, accepted, work):
    before = actions.dataset(home, accepted)
    child = actions.revise(home, accepted, LEAVE_OUT_TWO)
    assert child != accepted
    row = actions.dataset(home, child)
    assert (row.name, row.state, row.parent_id) == ("Cells (revision 2)", DatasetState.IMPORTING, accepted)
    assert actions.import_job(home, child).kind is JobKind.REVISE
    work("quick")
    row = actions.dataset(home, child)
    assert (row.state, row.card.images, row.card.parent) == (DatasetState.REVIEW, 58, accepted)
    assert actions.dataset(home, accepted) == before
    assert actions.gallery(home, accepted).total == 60


def test_while_it_is_being_changed_nothing_else_may_be_done_to_it(home, in_review, work):
    actions.revise(home, in_review, LEAVE_OUT_TWO)
    for verb in (
        lambda: actions.revise(home, in_review, LEAVE_OUT_TWO),
        lambda: actions.set_split(home, in_review, SplitConfig(seed=1)),
        lambda: actions.accept(home, in_review),
        lambda: actions.undo(home, in_review),
        lambda: actions.export_dataset(home, in_review),
    ):
        with pytest.raises(WrongState, match="is being changed"):
            verb()
    work("quick")
    assert actions.accept(home, in_review).images == 58


def test_a_change_is_taken_back(home, in_review, work):
    before = actions.dataset(home, in_review).card
    assert not actions.can_undo(home, in_review)
    actions.revise(home, in_review, LEAVE_OUT_TWO)
    work("quick")
    assert actions.can_undo(home, in_review)
    assert actions.undo(home, in_review) == before == actions.dataset(home, in_review).card
    assert actions.gallery(home, in_review).total == 60
    with pytest.raises(WrongState):
        actions.undo(home, in_review)


def test_what_was_left_out_is_deleted_when_the_data_set_is_accepted(home, in_review, work):
    originals = home.settings.dataset_dir(in_review) / "originals"
    before = sum(path.is_file() for path in originals.rglob("*"))
    actions.revise(home, in_review, LEAVE_OUT_TWO)
    work("quick")
    actions.accept(home, in_review)
    assert sum(path.is_file() for path in originals.rglob("*")) == before - 2
    assert not actions.can_undo(home, in_review)


@pytest.mark.parametrize("state", [DatasetState.LOOKING, DatasetState.CHOOSING, DatasetState.FAILED])
def test_what_is_not_there_yet_is_not_changed_or_exported(home, in_review, state):
    home.store.move_dataset(in_review, {DatasetState.REVIEW}, state)
    for verb in (
        lambda: actions.revise(home, in_review, LEAVE_OUT_TWO),
        lambda: actions.export_dataset(home, in_review),
    ):
        with pytest.raises(WrongState):
            verb()


def test_a_merge_with_itself_or_with_one_that_is_not_there_is_refused_at_once(home, in_review, archive):
    coming = actions.import_dataset(home, archive, "Coming")
    for other, error in ((in_review, WrongState), (coming, WrongState), ("ds_none", NotFound)):
        with pytest.raises(error):
            actions.revise(home, in_review, Edits(edits=(Merge(dataset_id=other),)))
    assert actions.revise_job(home, in_review) is None


def test_a_family_is_listed_with_parents_before_children_and_the_runs_of_each(home, accepted, work):
    first = actions.revise(home, accepted, LEAVE_OUT_TWO)
    work("quick")
    actions.accept(home, first)
    second = actions.revise(home, first, LEAVE_OUT_TWO)
    work("quick")
    third = actions.revise(home, accepted, LEAVE_OUT_TWO)
    work("quick")
    recipe = actions.default_recipe(actions.dataset(home, first).card)
    run_id = actions.start_training(home, RunConfig(dataset_id=first, recipe=recipe))
    for of in (accepted, second):
        family = [(one.row.id, one.depth) for one in actions.revisions(home, of)]
        assert family == [(accepted, 0), (first, 1), (second, 2), (third, 1)]
    assert [[run.id for run in one.runs] for one in actions.revisions(home, second)] == [[], [run_id], [], []]
    names = [actions.dataset(home, dataset_id).name for dataset_id in (first, second, third)]
    assert names == [f"Cells (revision {number})" for number in (2, 3, 4)], "no two have one name"
    with pytest.raises(NotFound):
        actions.revisions(home, "ds_none")


def test_a_revision_outlives_its_parent(home, accepted, work):
    child = actions.revise(home, accepted, LEAVE_OUT_TWO)
    with pytest.raises(WrongState, match="a revision is being made of it"):
        actions.delete_dataset(home, accepted)
    work("quick")
    actions.delete_dataset(home, accepted)
    assert [one.row.id for one in actions.revisions(home, child)] == [child]
    assert len(actions.thumbnail_png(home, child, 57, 8)) > 0


def test_an_export_is_there_until_the_data_set_changes(home, in_review, work):
    with pytest.raises(NotFound):
        actions.export_path(home, in_review)
    job_id = actions.export_dataset(home, in_review)
    assert actions.export_dataset(home, in_review) == job_id, "one at a time"
    assert work("data").state is JobState.FINISHED
    path = actions.export_path(home, in_review)
    assert path == home.settings.export_file(in_review)
    os.utime(path, (path.stat().st_mtime - 10,) * 2)
    actions.set_split(home, in_review, SplitConfig(seed=1))
    with pytest.raises(NotFound):
        actions.export_path(home, in_review)


def test_suspects_and_odd_ones_are_those_of_the_shelf(home, in_review):
    assert actions.suspects(home, in_review) == ()
    assert isinstance(actions.odd_ones(home, in_review), tuple)
