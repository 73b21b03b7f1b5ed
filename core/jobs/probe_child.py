"""What a child finds out about the device: what Keras runs on, and how long one training step takes.

`python -m core.jobs.probe_child device|step` prints it as JSON on the last line.
"""

from __future__ import annotations

import json
import sys
import time

from core.settings import Settings
from core.store import Store

SIDE_PX = 64
BATCH = 32


def note_device(settings: Settings, worker_id: str) -> None:
    """Write down for a worker what its children run on."""
    from core.training import device_facts

    facts = device_facts()
    with Store.open(settings.database) as store:
        store.set_device(worker_id, facts)


def time_step() -> float:
    """Seconds that one training step of the default network takes, compiled already: 32 grey images of 64 px."""
    import keras
    import numpy as np

    from core.models import build
    from core.specs import CnnConfig

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (BATCH, SIDE_PX, SIDE_PX, 1), dtype=np.uint8)
    labels = rng.integers(0, 2, (BATCH, 1)).astype("float32")
    model = build(CnnConfig(), images.shape[1:], 2, seed=0)
    model.compile(optimizer=keras.optimizers.Adam(), loss="binary_crossentropy")
    model.train_on_batch(images, labels)
    began = time.perf_counter()
    model.train_on_batch(images, labels)
    return time.perf_counter() - began


def main(what: str) -> None:
    """Print the answer to one question."""
    from core.training import device_facts

    found = device_facts().model_dump(mode="json") if what == "device" else time_step()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
