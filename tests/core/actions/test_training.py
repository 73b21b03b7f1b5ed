import pytest

from core import actions
from core.errors import DataGone, DiskFull, Diverged, NotFound, TooLarge, UnbuildableNetwork, WrongState
from core.settings import Settings
from core.specs import (
    CnnConfig,
    Colour,
    JobState,
    Point,
    PointKind,
    Recipe,
    Resize,
    RunConfig,
    Split,
    TrainingConfig,
)

RECIPE = Recipe(steps=(Colour(), Resize(side_px=12)))
SMALL = CnnConfig(filters=(4,), dense_units=(8,))


def test_a_run_waits_with_the_config_that_was_typed(home, accepted):
    config = RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL, training=TrainingConfig(learning_rate=0.0003))
    first = actions.start_training(home, config)
    second = actions.start_training(home, config, name="  Night \n run ")
    assert actions.run(home, first).config == config
    assert [run.name for run in actions.list_runs(home)] == ["Night run", "Run 1"]
    assert (actions.queue_position(home, first), actions.queue_position(home, second)) == (0, 1)


def test_pooling_below_a_pixel_is_refused_before_anything_is_queued(home, accepted):
    # 12 px halved four times: 6, 3, 1, 0
    config = RunConfig(dataset_id=accepted, recipe=RECIPE, model=CnnConfig(filters=(4, 4, 4, 4)))
    with pytest.raises(UnbuildableNetwork, match="4"):
        actions.start_training(home, config)
    assert actions.list_runs(home) == []


def test_full_batch_descent_above_the_limit_is_refused(home, accepted):
    tight = actions.Home(Settings(home=home.settings.home, max_batch_bytes=10_000), home.store)
    training = TrainingConfig(optimizer="full_batch")
    config = RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL, training=training)
    with pytest.raises(TooLarge, match="Full-batch"):
        actions.start_training(tight, config)
    assert actions.start_training(home, config)


def test_a_data_set_in_review_cannot_be_trained_on(home, in_review):
    with pytest.raises(WrongState, match="accept"):
        actions.start_training(home, RunConfig(dataset_id=in_review, recipe=RECIPE, model=SMALL))


def test_one_click_queues_drawing_accepting_and_training(home):
    run_id = actions.try_practice(home)
    dataset_id = actions.run(home, run_id).config.dataset_id
    job = actions.import_job(home, dataset_id)
    assert job.payload["accept"] is True
    assert home.store.job(run_id).after == job.id
    assert home.store.claim("train", "w") is None  # not before the images are there


def test_a_waiting_run_stops_at_once_and_can_be_deleted(home, accepted):
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL))
    with pytest.raises(WrongState):
        actions.delete_run(home, run_id)
    actions.stop(home, run_id)
    assert actions.run(home, run_id).job.state is JobState.STOPPED
    assert len(actions.what_delete_run_loses(home, run_id)) == 1  # there is no model to lose
    actions.delete_run(home, run_id)
    with pytest.raises(NotFound):
        actions.run(home, run_id)


@pytest.fixture
def stopped(home, accepted):
    """A run that was stopped after two points, with something of a checkpoint."""
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL), name="Mine")
    points = [Point(kind=PointKind.BATCH, step=step, epoch=step / 4, values={"loss": 1.0}, at=step) for step in (1, 2)]
    home.store.add_points(run_id, points)
    actions.stop(home, run_id)
    keep_checkpoint(home, run_id)
    return run_id


def keep_checkpoint(home, run_id):
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True)
    (folder / "checkpoint.npz").write_bytes(b"everything")


def test_a_stopped_run_goes_on_as_a_new_one(home, stopped):
    assert actions.can_resume(home, actions.run(home, stopped))
    new = actions.resume(home, stopped)
    old, row = actions.run(home, stopped), actions.run(home, new)
    assert (row.name, row.config, row.job.state) == ("Mine (continued)", old.config, JobState.QUEUED)
    assert (home.settings.run_dir(new) / "checkpoint.npz").read_bytes() == b"everything"
    steps = [[point.step for point in actions.all_points(home, run_id)] for run_id in (stopped, new)]
    assert steps == [[1, 2], [1, 2]]
    assert old.job.state is JobState.STOPPED
    assert not actions.can_resume(home, row)  # it has not ended
    actions.delete_run(home, stopped)
    assert (home.settings.run_dir(new) / "checkpoint.npz").exists()
    actions.stop(home, new)
    assert actions.run(home, actions.resume(home, new)).name == "Mine (continued)"


def test_a_run_without_a_checkpoint_cannot_go_on(home, stopped):
    (home.settings.run_dir(stopped) / "checkpoint.npz").unlink()
    assert not actions.can_resume(home, actions.run(home, stopped))
    with pytest.raises(WrongState, match="no checkpoint"):
        actions.resume(home, stopped)
    assert len(actions.list_runs(home)) == 1


@pytest.mark.parametrize(("error", "may"), [(Diverged, False), (DiskFull, True)])
def test_a_failed_run_may_go_on_unless_it_diverged(home, accepted, error, may):
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL))
    keep_checkpoint(home, run_id)
    home.store.claim("train", "w")
    home.store.fail(run_id, error("It ended.", "Do something."))
    assert actions.can_resume(home, actions.run(home, run_id)) is may


def test_the_curves_as_csv_hold_every_epoch_under_the_disclaimer(home, accepted):
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL))
    batch = Point(kind=PointKind.BATCH, step=1, epoch=0.5, values={"loss": 0.9}, at=0.1)
    epoch = Point(kind=PointKind.EPOCH, step=2, epoch=1, values={"loss": 0.8, "val_loss": 0.7}, at=0.25)
    home.store.add_points(run_id, [batch, epoch])
    note, header, row = actions.points_csv(home, run_id).splitlines()
    assert actions.DISCLAIMER in note
    assert header == "epoch,step,seconds,loss,val_loss"
    assert row == "1.0,2,0.25,0.8,0.7"
    assert len(actions.all_points(home, run_id)) == 2


def test_exports_say_that_a_run_learned_from_drawn_images_even_when_those_are_gone(home, accepted):
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL))
    assert not actions.is_synthetic(home, run_id)
    assert "synthetic" not in actions.points_csv(home, run_id)
    card = home.store.dataset(accepted).card.model_copy(update={"synthetic": True})
    home.store.set_card(accepted, card)
    assert "synthetic" in actions.points_csv(home, run_id).splitlines()[0]
    keep_card_of(home, run_id, card)
    actions.stop(home, run_id)
    actions.delete_dataset(home, accepted)
    assert "synthetic" in actions.points_csv(home, run_id).splitlines()[0]


def keep_card_of(home, run_id, card):
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(card.model_dump_json())


def test_a_run_without_a_model_has_no_answers(home, accepted):
    run_id = actions.start_training(home, RunConfig(dataset_id=accepted, recipe=RECIPE, model=SMALL))
    with pytest.raises(WrongState, match="not ended"):
        actions.predict(home, run_id, "x.png", b"")
    actions.stop(home, run_id)
    with pytest.raises(DataGone, match="without a model"):
        actions.report(home, run_id, Split.VALIDATION)
    with pytest.raises(DataGone):
        actions.open_test_split(home, run_id)
    assert actions.run(home, run_id).test_opened == 0
