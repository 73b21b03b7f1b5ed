"""The job that measures a run on a split it has not been measured on."""

from __future__ import annotations

from typing import Any

from core.datasets import Shelf, pack
from core.evaluation import evaluate, write
from core.jobs.sink import StoreSink
from core.models import MODEL_FILE, load
from core.settings import Settings
from core.specs import Progress, Split
from core.store import JobRow, Store


def run_evaluation(settings: Settings, store: Store, sink: StoreSink, job: JobRow) -> dict[str, Any]:
    """Measure and write the report into the run's folder; an empty result.

    The model is one of its own: the warm ones answer predictions meanwhile.

    Raises:
        DataGone: the data set or the model is not there any more.
    """
    run_id, split = str(job.payload["run_id"]), Split(job.payload["split"])
    config = store.run(run_id).config
    shelf = Shelf(settings.dataset_dir(config.dataset_id))
    model = load(settings.run_dir(run_id) / MODEL_FILE)
    packed = pack(shelf, config.recipe, settings, sink.progress, sink.should_stop)
    sink.progress(Progress(stage=f"Checking on the {split.label.lower()} images"))
    found = evaluate(model, packed, split, shelf.card, config.training.loss, shelf.items["name"].tolist())
    write(settings.run_dir(run_id), found)
    return {}
