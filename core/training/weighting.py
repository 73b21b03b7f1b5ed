"""Class weights that let every class count the same in all, however many images it has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def balanced_weights(class_indices: npt.NDArray[np.int64], classes: int) -> npt.NDArray[np.float32]:
    """The weight of one image of each class: `N / (K * n)`, with K classes present and n images of this one.

    Source: King and Zeng, Political Analysis 9 (2001) 137; scikit-learn's "balanced". Over the images they average 1.

    Args:
        class_indices: `(N,)` of the training images.
        classes: number of classes.

    Returns:
        `(classes,)` float32; 1 for a class without images.
    """
    counts = np.bincount(class_indices, minlength=classes)
    present = counts > 0
    weights = np.ones(classes, dtype=np.float32)
    weights[present] = len(class_indices) / (present.sum() * counts[present])
    return weights
