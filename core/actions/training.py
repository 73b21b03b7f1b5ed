"""Start a run, watch it, stop it, let it go on, rename or delete it."""

from __future__ import annotations

from pathlib import Path

from core.actions.data_sets import import_practice_data
from core.actions.deleting import remove_folder
from core.actions.home import Home, about
from core.datasets import practice_recipe
from core.errors import DataGone, Diverged, WrongState
from core.jobs import card_of
from core.models import MODEL_FILE, plan
from core.specs import (
    CnnConfig,
    DatasetCard,
    DatasetState,
    JobKind,
    JobState,
    NetworkPlan,
    Point,
    PointKind,
    RunConfig,
    Split,
    TrainingConfig,
)
from core.store import DatasetRow, JobRow, RunRow, new_id
from core.training import CHECKPOINT_FILE, copy_checkpoint
from core.training.guard import refuse_large_batch

CONTINUED = " (continued)"


def describe_network(
    model: CnnConfig, shape: tuple[int, int, int], classes: int, training: TrainingConfig, train_images: int
) -> NetworkPlan:
    """What a config will become, known before it is built.

    Args:
        shape: of a prepared image, `(H, W, C)`.
        classes: number of classes.
        train_images: number of training images; full-batch descent takes them all at once.

    Raises:
        UnbuildableNetwork: names the block that does not fit and the cure.
    """
    chosen = training.batch_most if training.batch_auto else training.batch_size
    batch = train_images if training.optimizer == "full_batch" else chosen
    return plan(model, shape, classes, batch, training.optimizer)


def start_training(home: Home, config: RunConfig, name: str | None = None) -> str:
    """Queue a run; its id.

    Raises:
        NotFound, WrongState: the data set is not there or not accepted.
        UnbuildableNetwork: the layers do not fit the prepared image.
        TooLarge: full-batch descent would not fit into memory.
    """
    row = home.store.dataset(config.dataset_id)
    card = _accepted_card(row)
    images = card.count(Split.TRAIN)
    network = describe_network(config.model, config.recipe.shape, len(card.classes), config.training, images)
    refuse_large_batch(config.training, network, images, home.settings.max_batch_bytes)
    return _queue_run(home, config, name)


def try_practice(home: Home) -> str:
    """From nothing to a trained model in one call: draw the practice data, accept it, train with the defaults."""
    existing = [row for row in home.store.datasets() if _is_practice(row)]
    if existing:
        return start_training(home, RunConfig(dataset_id=existing[0].id, recipe=practice_recipe()))
    with home.store.together():
        dataset_id, job_id = import_practice_data(home, accept=True)
        return _queue_run(home, RunConfig(dataset_id=dataset_id, recipe=practice_recipe()), None, after=job_id)


def stop(home: Home, job_id: str) -> None:
    """Ask a job to stop: a waiting one ends at once, a training one keeps its best weights."""
    home.store.request_stop(job_id)


def can_resume(home: Home, run: RunRow) -> bool:
    """Whether a run was stopped or failed with a checkpoint from which it can go on; one that diverged would again."""
    ended = run.job.state in (JobState.STOPPED, JobState.FAILED) and run.job.ending != Diverged.code
    return ended and _checkpoint(home, run.id).exists()


def resume(home: Home, run_id: str) -> str:
    """Queue a run that goes on where another was stopped or failed; its id.

    The other one stays as it ended, with its report and the model it kept. The new one has its settings, its curves up
    to the checkpoint, and a name that says where it comes from.

    Raises:
        NotFound, WrongState: the run or its data set is not there, or there is nothing to go on from.
    """
    row = home.store.run(run_id)
    if not can_resume(home, row):
        raise WrongState(f"{row.name} cannot go on: it has no checkpoint.", "Start a new run with its settings.")
    _accepted_card(home.store.dataset(row.config.dataset_id))
    new = new_id("run")
    copy_checkpoint(_checkpoint(home, run_id), _checkpoint(home, new))
    points = all_points(home, run_id)
    with home.store.together():
        _queue(home, new, row.config, f"{row.name.removesuffix(CONTINUED)[:100]}{CONTINUED}")
        home.store.add_points(new, points)
    return new


def job(home: Home, job_id: str) -> JobRow:
    """One job as it is now; `NotFound` when it is not there (any more)."""
    return home.store.job(job_id)


def list_runs(home: Home, dataset_id: str | None = None) -> list[RunRow]:
    """Every run, or those of one data set, newest first."""
    return home.store.runs(dataset_id)


def run(home: Home, run_id: str) -> RunRow:
    """One run; `NotFound` when it is not there (any more)."""
    return home.store.run(run_id)


def has_model(home: Home, run: RunRow) -> bool:
    """Whether a run has ended with a model that answers: finished, or stopped with something to keep."""
    kept = run.job.state in (JobState.FINISHED, JobState.STOPPED)
    return kept and (home.settings.run_dir(run.id) / MODEL_FILE).exists()


def is_synthetic(home: Home, run_id: str) -> bool:
    """Whether a run learns from images that Lightbox has drawn; its own copy of the card outlives the data set."""
    try:
        return card_of(home.settings, run_id).synthetic
    except DataGone:
        dataset_id = home.store.run(run_id).config.dataset_id
        return any(
            row.id == dataset_id and row.card is not None and row.card.synthetic for row in home.store.datasets()
        )


def points_after(home: Home, run_id: str, seq: int) -> list[Point]:
    """The points of a run's curves that come after `seq` (0: all), oldest first, at most 5,000."""
    return home.store.points_after(run_id, seq)


def all_points(home: Home, run_id: str) -> list[Point]:
    """Every point of a run's curves, oldest first."""
    points: list[Point] = []
    while more := home.store.points_after(run_id, points[-1].seq if points else 0):
        points += more
    return points


def points_csv(home: Home, run_id: str) -> str:
    """The curves at the end of each epoch as CSV, with the disclaimer as a comment line."""
    rows = [
        {"epoch": point.epoch, "step": point.step, "seconds": round(point.at, 3), **point.values}
        for point in all_points(home, run_id)
        if point.kind is PointKind.EPOCH
    ]
    import pandas as pd  # half a second that the first page need not wait for

    return f"# {about(synthetic=is_synthetic(home, run_id))}\n" + pd.DataFrame(rows).to_csv(index=False)


def queue_position(home: Home, run_id: str) -> int:
    """How many jobs go before this one; 0: it is running or next."""
    return home.store.queue_position(run_id)


def rename_run(home: Home, run_id: str, name: str) -> None:
    """Give a run another name."""
    home.store.rename_run(run_id, " ".join(name.split())[:120] or "Run")


def what_delete_run_loses(home: Home, run_id: str) -> list[str]:
    """What is lost when a run is deleted, a sentence each."""
    row = home.store.run(run_id)
    lost = [f"The curves, the report and the configuration of {row.name} are deleted."]
    if has_model(home, row):
        lost.append("Its trained model is deleted, and links to it for predictions stop working.")
    return lost


def delete_run(home: Home, run_id: str) -> None:
    """Delete a run with its model, curves and reports.

    Raises:
        WrongState: it is waiting or training.
    """
    row = home.store.run(run_id)
    if not row.job.state.final:
        raise WrongState(f"{row.name} has not ended yet.", "Stop it first.")
    home.store.delete_run(run_id)
    remove_folder(home.settings.run_dir(run_id))


def _accepted_card(row: DatasetRow) -> DatasetCard:
    if row.state is not DatasetState.ACCEPTED or row.card is None:
        raise WrongState(f"{row.name} has not been accepted yet.", "Review it on the Data page and accept it.")
    return row.card


def _queue_run(home: Home, config: RunConfig, name: str | None, after: str | None = None) -> str:
    run_id = new_id("run")
    _queue(home, run_id, config, " ".join((name or "").split())[:120] or f"Run {len(home.store.runs()) + 1}", after)
    return run_id


def _queue(home: Home, run_id: str, config: RunConfig, name: str, after: str | None = None) -> None:
    with home.store.together():
        home.store.add_run(run_id, name, config)
        home.store.submit(run_id, JobKind.TRAIN, run_id, {}, after=after)


def _checkpoint(home: Home, run_id: str) -> Path:
    return home.settings.run_dir(run_id) / CHECKPOINT_FILE


def _is_practice(row: DatasetRow) -> bool:
    return row.state is DatasetState.ACCEPTED and row.card is not None and row.card.synthetic
