"""A run's config travels as JSON, and the words of states, lanes and progress are stable."""

import pytest
from pydantic import ValidationError

from core.specs import (
    Augmentation,
    CnnConfig,
    JobKind,
    JobState,
    Point,
    PointKind,
    Progress,
    RunConfig,
    Split,
    TrainingConfig,
)


def test_a_run_config_comes_back_from_json_exactly():
    config = RunConfig(
        dataset_id="ds_a",
        model=CnnConfig(filters=(8, 16), kernel_size=5, dense_units=()),
        training=TrainingConfig(learning_rate=3e-4, optimizer="sgd", momentum=0.0),
        augmentation=Augmentation(rotation_degrees=10),
    )
    assert RunConfig.model_validate_json(config.model_dump_json()) == config


def test_a_run_config_carries_its_task_and_needs_a_data_set():
    assert RunConfig(dataset_id="ds_a").model_dump(mode="json")["task"] == "classification"
    with pytest.raises(ValidationError):
        RunConfig()


def test_the_last_three_states_are_final():
    assert [state for state in JobState if state.final] == [JobState.FINISHED, JobState.STOPPED, JobState.FAILED]


def test_each_kind_of_job_waits_in_a_lane():
    assert {kind.value: kind.lane for kind in JobKind} == {
        "look": "quick",
        "fetch": "data",
        "import": "data",
        "revise": "quick",
        "export": "data",
        "train": "train",
        "predict": "answer",
        "evaluate": "answer",
    }


@pytest.mark.parametrize(
    ("done", "total", "share"),
    [(5, 20, 0.25), (30, 20, 1.0), (5, None, None), (0, 0, None)],  # 5/20; never over 1; unknown stays unknown
)
def test_progress_is_a_share_where_the_total_is_known(done, total, share):
    assert Progress(done=done, total=total).share == share


def test_a_point_that_is_not_finite_is_none_and_never_nan():
    assert Point(kind=PointKind.BATCH, step=1, epoch=0.5, values={"loss": None}, at=0.1).values == {"loss": None}
    with pytest.raises(ValidationError):
        Point(kind=PointKind.BATCH, step=1, epoch=0.5, values={"loss": float("nan")}, at=0.1)


def test_splits_have_a_name_for_the_screen():
    assert [split.label for split in Split] == ["Training", "Validation", "Test"]


def test_the_loss_has_a_name_for_the_report():
    assert TrainingConfig().loss_name == "cross-entropy"
    assert TrainingConfig(loss="mse").loss_name == "mean squared error"
