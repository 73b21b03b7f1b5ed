"""What is made small and by which rule: loss, targets, accuracy and optimizer of a config."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from core.specs import TrainingConfig
from core.training.backends import compiles_steps


def compile_model(model: keras.Model, training: TrainingConfig, classes: int) -> None:
    """Give a model its optimizer, its loss and the metric "accuracy".

    Small gradients would be lost in float16, so there the loss is scaled up and the gradients down again.
    """
    half = any(layer.compute_dtype == "float16" for layer in model.layers)
    optimizer = _optimizer(training)
    model.compile(
        optimizer=keras.optimizers.LossScaleOptimizer(optimizer) if half else optimizer,
        loss=_loss(training, classes),
        metrics=[_accuracy(training, classes)],
        jit_compile=compiles_steps(),
    )


def targets(class_indices: npt.NDArray[np.int64], training: TrainingConfig, classes: int) -> npt.NDArray[Any]:
    """What the network should answer.

    Args:
        class_indices: `(B,)`.

    Returns:
        `(B, 1)` float32 for two classes; for more, `(B,)` int32 with cross-entropy, `(B, classes)` float32 with MSE.
    """
    if classes == 2:
        return class_indices[:, None].astype(np.float32)
    if training.loss == "cross_entropy":
        return class_indices.astype(np.int32)
    return np.eye(classes, dtype=np.float32)[class_indices]


def _optimizer(training: TrainingConfig) -> Any:
    rate = training.learning_rate
    match training.optimizer:
        case "adam":
            return keras.optimizers.Adam(rate)
        case "sgd":
            return keras.optimizers.SGD(rate, momentum=training.momentum)
        case "rmsprop":
            return keras.optimizers.RMSprop(rate)
        case "full_batch":
            return keras.optimizers.SGD(rate)


def _loss(training: TrainingConfig, classes: int) -> Any:
    if training.loss == "mse":
        return keras.losses.MeanSquaredError()
    return keras.losses.BinaryCrossentropy() if classes == 2 else keras.losses.SparseCategoricalCrossentropy()


def _accuracy(training: TrainingConfig, classes: int) -> Any:
    if classes == 2:
        return keras.metrics.BinaryAccuracy(name="accuracy")
    if training.loss == "mse":
        return keras.metrics.CategoricalAccuracy(name="accuracy")
    return keras.metrics.SparseCategoricalAccuracy(name="accuracy")
