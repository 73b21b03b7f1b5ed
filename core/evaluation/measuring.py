"""Ask a model about every image of a split; the model is Keras', this file only calls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.datasets import Pack
from core.metrics import classification_report, predicted_classes
from core.specs import DatasetCard, Report, Split

if TYPE_CHECKING:
    import keras
    import pandas as pd

BATCH_SIZE = 64


@dataclass(frozen=True)
class Evaluation:
    """What was measured: the report, and a row an image.

    `table` has the columns `item_id`, `name`, `true`, `predicted` and `p_0` ... `p_{C-1}`.
    """

    report: Report
    table: pd.DataFrame


def probabilities(
    model: keras.Model, images: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[np.float64]:
    """The probability of each class for each image.

    Args:
        model: as `core.models.build` makes it: one sigmoid unit for two classes, softmax for more.
        images: `(M, H, W, C)` uint8, prepared; a memory map may be larger than memory, one batch at a time is read.
        rows: `(N,)` which of them, in which order; None: all M.

    Returns:
        `(N, C)` float64, rows summing to 1; with two classes column 1 is the unit's answer.
    """
    chosen = np.arange(len(images)) if rows is None else rows
    starts = range(0, len(chosen), BATCH_SIZE)
    parts = [_answers(model, images[chosen[start : start + BATCH_SIZE]]) for start in starts]
    answers = np.concatenate([np.empty((0, model.output_shape[-1])), *parts])
    if answers.shape[1] == 1:
        return np.hstack([1 - answers, answers])
    shares: npt.NDArray[np.float64] = answers / answers.sum(axis=1, keepdims=True)
    return shares


def _answers(model: keras.Model, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    return np.asarray(model.predict_on_batch(images), dtype=np.float64)


def evaluate(
    model: keras.Model, pack: Pack, split: Split, card: DatasetCard, loss: str, names: Sequence[str]
) -> Evaluation:
    """Measure a model on one split of a pack.

    Args:
        model: as `core.models.build` makes it.
        pack: the prepared images of the whole data set.
        split: which of them.
        card: classes, positive class, and whether the images are synthetic.
        loss: one of `TrainingConfig.loss`.
        names: of every image, in the order of the items.
    """
    rows = np.flatnonzero(pack.splits == split.value)
    true = pack.class_indices[rows]
    chances = probabilities(model, pack.images, rows)
    report = classification_report(
        true,
        chances,
        classes=card.classes,
        positive_class=card.positive_class,
        split=split,
        loss=loss,
        synthetic=card.synthetic,
    )
    columns = {"item_id": pack.item_ids[rows], "name": [names[row] for row in rows.tolist()], "true": true}
    columns["predicted"] = predicted_classes(chances, card.positive_class)
    columns |= {f"p_{index}": chances[:, index] for index in range(len(card.classes))}
    import pandas as pd  # half a second that the first page need not wait for

    return Evaluation(report, pd.DataFrame(columns))
