"""The long forms: a gigabyte uploaded, twenty rounds of killed processes, practice data of five seeds.

`make test` holds a short form of each: a smaller upload (here), one round (tests/core/jobs/test_journeys.py), one seed
(test_practice.py).
"""

import os
import random
import signal

import pytest

from benchmarks.upload_memory import MB, measure
from core import actions
from core.specs import CnnConfig, DatasetState, JobState, PointKind, RunConfig, Split, SplitConfig
from tests.journeys.conftest import end
from tests.journeys.running import RunningApp
from tests.journeys.walking import wait_for

LARGEST_GROWTH_MB = 60  # however large the file: chunks on their way to the disk
SEEDS = range(5)
ROUNDS = 20
EPOCHS = 4


@pytest.fixture(scope="module")
def practised(tmp_path_factory):
    """One app with a worker for every practice run."""
    app = RunningApp(tmp_path_factory.mktemp("soak"), worker=True)
    yield app.start()
    end([app])


def practice_data(home, seed=0):
    """The practice data with a split of this seed, accepted; the data set's id."""
    dataset_id, job_id = actions.import_practice_data(home)
    wait_for(lambda: actions.job(home, job_id).state.final)
    assert actions.dataset(home, dataset_id).state is DatasetState.REVIEW
    actions.set_split(home, dataset_id, SplitConfig(seed=seed))
    actions.accept(home, dataset_id)
    return dataset_id


def practice_config(home, dataset_id, **training):
    """The defaults, as *Try it with practice data* takes them."""
    config = RunConfig(dataset_id=dataset_id, recipe=actions.default_recipe(actions.dataset(home, dataset_id).card))
    return config.model_copy(update={"training": config.training.model_copy(update=training)})


def ended(home, run_id, timeout_s=300):
    """The run's job once it has ended."""
    wait_for(lambda: actions.job(home, run_id).state.final, timeout_s)
    return actions.job(home, run_id)


@pytest.mark.parametrize("megabytes", [150, pytest.param(1000, marks=pytest.mark.soak)])
def test_the_servers_memory_stays_flat_during_an_upload(start_app, browser, tmp_path, megabytes):
    app = start_app()
    file = tmp_path / "images.zip"
    with file.open("wb") as out:
        out.truncate(megabytes * MB)
    before, peak, _ = measure(browser, app, file)
    assert peak - before < LARGEST_GROWTH_MB * MB


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_practice_data_is_learnt_well_but_not_perfectly(practised, seed):
    home = practised.home
    run_id = actions.start_training(home, practice_config(home, practice_data(home, seed), seed=seed))
    assert ended(home, run_id).state is JobState.FINISHED
    assert 0.85 <= actions.open_test_split(home, run_id).accuracy.value <= 0.98


@pytest.mark.soak
def test_every_run_ends_well_though_a_process_is_killed_in_each(practised):
    home = practised.home
    dataset_id = practice_data(home)
    config = practice_config(home, dataset_id, epochs=EPOCHS).model_copy(update={"model": CnnConfig(filters=(4, 8))})
    chance = random.Random(0)
    for number in range(ROUNDS):
        run_id = actions.start_training(home, config, f"Round {number}")
        wait_for(lambda run_id=run_id: actions.points_after(home, run_id, 0))
        job = actions.job(home, run_id)
        (worker,) = [row.pid for row in home.store.live_workers(silent_s=10) if row.id == job.worker_id]
        os.kill(chance.choice([job.pid, worker]), signal.SIGKILL)
        job = ended(home, run_id)
        assert (job.state, job.what, job.attempt) == (JobState.FINISHED, None, 2), f"round {number}"
        points = [point for point in actions.all_points(home, run_id) if point.kind is PointKind.EPOCH]
        assert [point.epoch for point in points] == list(range(1, EPOCHS + 1)), f"round {number}"
        assert actions.report(home, run_id, Split.VALIDATION).images == 90  # 15 % of 600
