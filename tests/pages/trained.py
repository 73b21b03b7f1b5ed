"""For page tests: runs in every state, as the worker would have left them, without training anything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core import actions
from core.errors import Diverged
from core.evaluation import Evaluation, write
from core.metrics import classification_report
from core.specs import DeviceFacts, Point, PointKind, RunConfig, RunSummary, Split, default_recipe

CPU = DeviceFacts(kind="cpu", words="CPU, 2 cores", backend="tensorflow", cores=2, memory_bytes=2**33)


def queued_run(home: actions.Home, dataset_id: str, name: str = "First") -> str:
    """A run that waits."""
    card = home.store.dataset(dataset_id).card
    assert card is not None
    return actions.start_training(home, RunConfig(dataset_id=dataset_id, recipe=default_recipe(card)), name)


def running_run(home: actions.Home, dataset_id: str, name: str = "First") -> str:
    """A run that a worker has taken, with three epochs of points."""
    run_id = queued_run(home, dataset_id, name)
    assert home.store.claim("train", "test") is not None
    home.store.add_points(run_id, [_epoch(number) for number in (1, 2, 3)])
    return run_id


def failed_run(home: actions.Home, dataset_id: str, name: str = "First") -> str:
    """A run whose loss became infinite."""
    run_id = running_run(home, dataset_id, name)
    home.store.fail(run_id, Diverged("The loss became infinite.", "Lower the learning rate."))
    return run_id


def finished_run(home: actions.Home, dataset_id: str, name: str = "First", *, wrong: int = 1) -> str:
    """A run with a model and a measured validation split: its first `wrong` images were answered wrongly."""
    run_id = running_run(home, dataset_id, name)
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.keras").write_bytes(b"weights")
    measure(home, run_id, Split.VALIDATION, wrong)
    summary = RunSummary(
        device=CPU,
        parameters=1234,
        epochs_done=3,
        best_epoch=3,
        stopped_because="all 3 epochs done",
        train_loss=0.1,
        val_loss=0.2,
        val_accuracy=0.75,
        precision="mixed_bfloat16",
        precision_words="bfloat16: this CPU computes in it natively (avx512_bf16)",
        batch_size=32,
        steps_per_execution=4,
        devices=1,
    )
    home.store.set_summary(run_id, summary)
    home.store.finish(run_id, {})
    return run_id


def stopped_in_the_first_epoch(home: actions.Home, dataset_id: str, name: str = "First") -> str:
    """A run stopped before an epoch was over: the weights of the moment were kept and measured."""
    run_id = queued_run(home, dataset_id, name)
    job = home.store.claim("train", "test")
    assert job is not None
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.keras").write_bytes(b"weights")
    measure(home, run_id, Split.VALIDATION, 1)
    home.store.set_summary(run_id, RunSummary(device=CPU, parameters=1234, stopped_because="stopped by hand"))
    home.store.stop(run_id, None, attempt=job.attempt)
    return run_id


def measure(home: actions.Home, run_id: str, split: Split, wrong: int) -> None:
    """Write the report of a split: every true class has 0.9, but the first `wrong` images give 0.9 to the next one."""
    dataset_id = home.store.run(run_id).config.dataset_id
    card = home.store.dataset(dataset_id).card
    assert card is not None
    items = actions.gallery(home, dataset_id, split=split, per_page=10_000).items
    classes = len(card.classes)
    true = np.array([item.class_index for item in items])
    answers = np.where(np.arange(len(true)) < wrong, (true + 1) % classes, true)
    probabilities = np.full((len(true), classes), 0.1 / (classes - 1))
    probabilities[np.arange(len(true)), answers] = 0.9
    report = classification_report(
        true,
        probabilities,
        classes=card.classes,
        positive_class=card.positive_class,
        split=split,
        loss="cross_entropy",
        synthetic=card.synthetic,
    )
    table = pd.DataFrame({"item_id": [item.item_id for item in items], "name": [item.name for item in items]})
    table["true"], table["predicted"] = true, answers
    for number in range(classes):
        table[f"p_{number}"] = probabilities[:, number]
    write(home.settings.run_dir(run_id), Evaluation(report, table))


def _epoch(number: int) -> Point:
    values = {"loss": 1.0 / number, "accuracy": 0.5, "val_loss": 1.1 / number, "val_accuracy": 0.5}
    return Point(kind=PointKind.EPOCH, step=10 * number, epoch=number, values=values, at=float(number))
