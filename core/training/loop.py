"""One training from the initial weights to the saved model; imports Keras, so only children import it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from core.models import MODEL_FILE, build, plan, save
from core.specs import RunConfig, RunSummary
from core.training.backends import spread, stream
from core.training.checkpoint import Checkpoint, Checkpoints
from core.training.contract import Sink, TrainingData
from core.training.feed import TrainFeed, ValidationFeed
from core.training.keeping import Keeper, Weights
from core.training.objective import compile_model
from core.training.precision import Precision, choose
from core.training.reporting import Reporter
from core.training.saving import Saver, course_of, restore
from core.training.schedule import Part, Schedule
from core.training.sharing import devices_for, shared
from core.training.steering import Course, Steering
from core.training.tempo import Tempo


def run_loop(
    config: RunConfig,
    data: TrainingData,
    folder: Path,
    sink: Sink,
    schedule: Schedule,
    checkpoints: Checkpoints | None = None,
) -> RunSummary:
    """Fit, keep the best weights, write them to `folder`; arguments are checked already.

    Raises:
        BadCheckpoint: the checkpoint to go on from belongs to another network or another schedule.
    """
    resume = checkpoints.resume if checkpoints else None
    keras.utils.set_random_seed(config.training.seed)
    planned = plan(config.model, data.shape, data.classes, schedule.batch_size, config.training.optimizer)
    precision = choose(config.training.precision, planned) if resume is None else _precision_of(resume)
    devices = devices_for(schedule)
    data, schedule = shared(config.training, data, schedule, len(devices))
    with spread(devices):
        model = build(config.model, data.shape, data.classes, config.training.seed, precision.policy)
        compile_model(model, config.training, data.classes)
        course = course_of(schedule, resume)
        keeper, reporter = Keeper(course, config.training), Reporter(course, len(data.val), sink)
        feeds = Feeds(
            TrainFeed(data, config.training, config.augmentation, schedule),
            ValidationFeed(data, config.training, schedule.batch_size, max(1, len(devices))),
        )
        tempo = Tempo(course, model, len(devices))
        callbacks = [Steering(course, feeds.train, config.training, sink), keeper, reporter, tempo.stopwatch]
        if resume is not None:
            restore(resume, model, feeds.train[0], keeper, reporter)
        if checkpoints is not None:
            batch = config.training.batch_size
            callbacks.append(Saver(checkpoints, course, keeper, reporter, batch=batch, precision=precision))
        while course.goes_on:
            _fit(model, schedule.part_at(course.step, tempo.at_most), feeds, callbacks)
            tempo.shift()
        weights = keeper.weights()
    _write(config, data, weights, folder)
    return _summary(course, keeper, reporter).model_copy(
        update={
            "parameters": planned.parameters,
            "precision": precision.policy,
            "precision_words": precision.words,
            "batch_size": schedule.batch_size,
            "steps_per_execution": tempo.gear.steps,
            "devices": max(1, len(devices)),
        }
    )


def _precision_of(checkpoint: Checkpoint) -> Precision:
    """What was chosen when the run began."""
    return Precision(checkpoint.facts.precision, checkpoint.facts.precision_words)


@dataclass(frozen=True)
class Feeds:
    """Where batches come from."""

    train: TrainFeed
    checks: ValidationFeed


def _fit(model: keras.Model, part: Part, feeds: Feeds, callbacks: list[Any]) -> None:
    """Train one part of a run, and validate at the end of each epoch that it completes."""
    callbacks[0].begin(part)
    model.fit(
        stream(feeds.train),
        validation_data=stream(feeds.checks) if len(feeds.checks) and part.ends_epoch else None,
        initial_epoch=part.epoch,
        epochs=part.epoch + part.epochs,
        callbacks=callbacks,
        shuffle=False,  # the feed has an order of its own
        verbose=0,
    )


def _write(config: RunConfig, data: TrainingData, weights: Weights, folder: Path) -> None:
    """The best weights in a float32 model of their own, without the optimizer's state: a third of the file."""
    best = build(config.model, data.shape, data.classes, config.training.seed)
    best.set_weights(weights)
    save(best, folder / MODEL_FILE)


def _summary(course: Course, keeper: Keeper, reporter: Reporter) -> RunSummary:
    """The figures of the epoch whose weights were kept."""
    best = keeper.best
    figures = best.logs if best else {}
    return RunSummary(
        epochs_done=keeper.epochs_done,
        best_epoch=best.epoch + 1 if best else None,
        stopped_because=course.because,
        train_loss=figures.get("loss"),
        val_loss=figures.get("val_loss"),
        val_accuracy=figures.get("val_accuracy"),
        images_per_s=reporter.pace.images_per_s,
        train_s=reporter.seconds,
    )
