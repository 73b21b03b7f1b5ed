"""How a network is trained: optimizer, limits, loss, and when to stop."""

from __future__ import annotations

from typing import Literal

from core.specs.base import Spec, knob


class TrainingConfig(Spec):
    """Everything that decides a training besides the images and the network."""

    optimizer: Literal["adam", "sgd", "rmsprop", "full_batch"] = knob(
        "adam",
        "Optimizer",
        choice_labels=("Adam", "SGD with momentum", "RMSprop", "Full-batch gradient descent"),
        does="The rule by which the weights follow the loss downhill.",
        when="Adam suits most data; full-batch, one step per epoch over all images, is for small sets and teaching.",
    )
    learning_rate: float = knob(
        0.001,
        "Learning rate",
        low=1e-6,
        high=1.0,
        scale="log",
        does="How far the weights move at each step.",
        when="Lower it when the loss jumps or rises, raise it when the loss falls too slowly.",
    )
    momentum: float = knob(
        0.9,
        "Momentum",
        low=0.0,
        high=0.99,
        step=0.05,
        shown_with=("optimizer", "sgd"),
        does="How much of the last step is kept in the next one (SGD only).",
        when="Set 0 for plain gradient descent; 0.9 is the usual value.",
    )
    batch_auto: bool = knob(
        False,
        "Find the batch size",
        does="Times a few steps at the start and takes the largest batch that fits into memory and is worth it.",
        when="Turn it on for speed; the same settings may then find another size on another machine.",
    )
    batch_size: int = knob(
        32,
        "Batch size",
        low=1,
        high=1024,
        unit="images",
        shown_with=("batch_auto", "False"),
        does="How many images are looked at before the weights move once.",
        when="Raise it for speed on a GPU, lower it when memory runs out.",
    )
    batch_most: int = knob(
        128,
        "Largest batch",
        low=1,
        high=1024,
        unit="images",
        shown_with=("batch_auto", "True"),
        does="The batch size that is found is never larger than this, nor than the number of validation images.",
        when="Lower it when large batches learn worse, raise it for a large GPU.",
    )
    limit: Literal["epochs", "iterations"] = knob(
        "epochs",
        "Train for a number of",
        choice_labels=("Epochs", "Iterations"),
        does="An epoch is one pass over all training images; an iteration is one batch.",
        when="Use iterations to give small and large data sets the same number of steps.",
    )
    epochs: int = knob(
        10,
        "Epochs",
        low=1,
        high=1000,
        unit="epochs",
        shown_with=("limit", "epochs"),
        does="How often the network sees every training image.",
        when="Raise it while validation accuracy is still rising at the end.",
    )
    iterations: int = knob(
        1000,
        "Iterations",
        low=1,
        high=1_000_000,
        unit="steps",
        shown_with=("limit", "iterations"),
        does="How many batches the network sees in all.",
        when="Raise it while validation accuracy is still rising at the end.",
    )
    loss: Literal["cross_entropy", "mse"] = knob(
        "cross_entropy",
        "Loss",
        choice_labels=("Cross-entropy", "Mean squared error"),
        does="The error that training makes small: binary cross-entropy for two classes, sparse categorical for more.",
        when="Leave it at cross-entropy; mean squared error is for comparison with older work.",
    )
    patience: int = knob(
        0,
        "Early stopping",
        low=0,
        high=100,
        unit="epochs",
        does="Ends the training when the validation loss has not improved for this many epochs; 0: never.",
        when="Use 5 to 10 with many epochs, to save time and to avoid overfitting.",
    )
    stop_when: Literal["never", "loss", "val_loss"] = knob(
        "never",
        "Stop at a loss",
        choice_labels=("Never", "Training loss", "Validation loss"),
        does="Ends the training when the chosen loss falls below the value beside it.",
        when="Use it when a known loss is good enough.",
    )
    stop_below: float = knob(
        0.1,
        "Loss to stop below",
        low=0.0,
        high=100.0,
        step=0.01,
        shown_with=None,
        does="The value that the chosen loss must fall below.",
        when="Set it together with the choice beside it.",
    )
    class_weights: bool = knob(
        False,
        "Balance classes",
        does="Errors on rare classes count for more, so that every class has the same weight in all.",
        when="Turn it on when one class has many more images than another.",
    )
    seed: int = knob(
        0,
        "Seed",
        low=0,
        high=2_147_483_647,
        does="The number from which all random choices follow: initial weights, order, augmentation, dropout.",
        when="Keep it to repeat a run; change it to see how much of a result is luck.",
    )

    precision: Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = knob(
        "auto",
        "Numbers",
        choice_labels=("What this machine is made for", "float32", "bfloat16", "float16"),
        does="How exactly the network computes while it trains; the saved model is float32 in any case.",
        when="Choose float32 to repeat a run to the last digit on another machine; it can take twice the time.",
    )

    @property
    def loss_name(self) -> str:
        """What the loss is called in a report, before the number of classes is known."""
        return {"cross_entropy": "cross-entropy", "mse": "mean squared error"}[self.loss]
