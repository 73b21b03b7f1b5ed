"""Ask a finished run: its reports, its mistakes, and what it says about one image."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path

from core.actions.home import Home, about
from core.actions.machine import ensure_worker
from core.actions.shelves import original_bytes, shelf_of
from core.actions.training import has_model
from core.actions.uploads import ending_of
from core.datasets.tones import tone_of
from core.errors import DataGone, LightboxError, NoAnswer, TooLarge, WrongState
from core.evaluation import read_mistakes, read_report
from core.files import write_file
from core.images import Tone
from core.models import MODEL_FILE
from core.specs import Answer, Figure, JobKind, JobState, Mistake, Report, Split
from core.store import JobRow, RunRow, new_id

POLL_S = 0.02


@dataclass(frozen=True)
class Prediction:
    """What a model says about one image, with the image as it came and as the model saw it (PNG)."""

    answer: Answer
    came_png: bytes
    seen_png: bytes


def report(home: Home, run_id: str, split: Split = Split.VALIDATION) -> Report:
    """The classification report of a run on a split that was measured already.

    Raises:
        WrongState: the run has not ended with a model, or the split has not been opened yet.
    """
    row = _with_model(home, run_id)
    found = read_report(home.settings.run_dir(run_id), split)
    if found is None:
        raise WrongState(
            f"The {split.label.lower()} split of {row.name} has not been measured yet.",
            "Open it on the Results page." if split is Split.TEST else "Train again.",
        )
    return found


def start_test_evaluation(home: Home, run_id: str) -> str | None:
    """Have a run measured on the test split without waiting for it; nothing is counted yet.

    Returns:
        The id of the job, the one under way where there is one; None when the report is there already.

    Raises:
        WrongState, DataGone: the run has no model.
    """
    _with_model(home, run_id)
    if read_report(home.settings.run_dir(run_id), Split.TEST) is not None:
        return None
    ensure_worker(home)
    with home.store.together():
        under_way = home.store.jobs(JobKind.EVALUATE, {JobState.QUEUED, JobState.RUNNING})
        for job in under_way:
            if job.subject_id == run_id and not job.stop_requested:
                return job.id
        job_id = new_id("evl")
        home.store.submit(job_id, JobKind.EVALUATE, run_id, {"run_id": run_id, "split": Split.TEST.value})
    return job_id


def open_test_split(home: Home, run_id: str, timeout_s: float = 900) -> Report:
    """Measure a run on the test split (the first time) and count that it was looked at.

    Raises:
        WrongState: the run has no model.
        DataGone: its data set was deleted.
        NoAnswer: no worker answered in time.
    """
    job_id = start_test_evaluation(home, run_id)
    if job_id is not None:
        _wait(home, job_id, timeout_s)
    found = report(home, run_id, Split.TEST)
    home.store.count_test_open(run_id)
    return found


def mistakes(home: Home, run_id: str, split: Split, limit: int = 24) -> list[Mistake]:
    """The images of a measured split that were answered wrongly, worst first."""
    return read_mistakes(home.settings.run_dir(run_id), split, limit)


def report_csv(found: Report) -> str:
    """A classification report as CSV, with the disclaimer as a comment line."""
    rows = [
        {"class": _as_text(row.name), "support": row.support}
        | _figure("precision", row.precision)
        | _figure("recall", row.recall)
        | _figure("f1", row.f1)
        for row in found.rows
    ]
    rows.append({"class": "accuracy", "support": found.images} | _figure("accuracy", found.accuracy))
    facts = f"Split: {found.split.label.lower()}; {found.images} images; intervals 95 %."
    import pandas as pd  # half a second that the first page need not wait for

    return f"# {about(facts, synthetic=found.synthetic)}\n{pd.DataFrame(rows).to_csv(index=False)}"


def model_path(home: Home, run_id: str) -> Path:
    """The saved model of a run that has one, else `WrongState`."""
    _with_model(home, run_id)
    return home.settings.run_dir(run_id) / MODEL_FILE


def predict(
    home: Home, run_id: str, name: str, data: bytes, timeout_s: float = 60, tone: Tone | None = None
) -> Prediction:
    """What a run's model says about one image; of a file of several, about the one in the middle.

    Args:
        name: what the image is called (hostile text), for the answer and for refusals.
        data: the file's bytes.
        timeout_s: how long to wait for the warm process, which may still be starting.
        tone: what the pixels mean, where the file itself does not say.

    Raises:
        WrongState: the run has no model.
        BadImage, TooLarge, NotHandledYet: the file cannot be used.
        NoAnswer: no worker answered in time.
    """
    _with_model(home, run_id)
    if len(data) > home.settings.max_image_bytes:
        raise TooLarge(f"{name} is larger than an image may be.", "Choose a smaller file.")
    job_id = new_id("prd")
    folder = home.settings.answer_dir(job_id)
    folder.mkdir(mode=0o700, parents=True)
    write_file(folder / "input", data)
    alias = f"{job_id}{ending_of(name)}"  # the store does not learn what a file is called
    payload = {"run_id": run_id, "name": alias, "tone": asdict(tone) if tone else None}
    home.store.submit(job_id, JobKind.PREDICT, run_id, payload)
    try:
        answer = Answer.model_validate(_wait(home, job_id, timeout_s).result)
    except LightboxError as error:
        raise type(error)(error.what.replace(alias, name), error.remedy) from error
    finally:
        (folder / "input").unlink(missing_ok=True)
    answer = answer.model_copy(update={"name": answer.name.replace(alias, name)})
    return Prediction(answer, (folder / "input_came.png").read_bytes(), (folder / "input_seen.png").read_bytes())


def predict_item(home: Home, run_id: str, item_id: int, timeout_s: float = 60) -> Prediction:
    """What a run's model says about one image of its own data set."""
    dataset_id = home.store.run(run_id).config.dataset_id
    name, data = original_bytes(home, dataset_id, item_id)
    return predict(home, run_id, name, data, timeout_s, tone_of(shelf_of(home, dataset_id).items, item_id))


def _with_model(home: Home, run_id: str) -> RunRow:
    row = home.store.run(run_id)
    if not row.job.state.final:
        raise WrongState(f"{row.name} has not ended yet.", "Wait until it ends, or stop it to keep its best weights.")
    if not has_model(home, row):
        raise DataGone(f"{row.name} ended without a model.", "Change its settings and run it again.")
    return row


def _wait(home: Home, job_id: str, timeout_s: float) -> JobRow:
    """The job once it has finished; what it failed of is raised here again."""
    ensure_worker(home)
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        job = home.store.job(job_id)
        if job.state is JobState.FINISHED:
            return job
        if job.state.final:
            raise job.error
        time.sleep(POLL_S)
    home.store.request_stop(job_id)
    raise NoAnswer(
        f"No worker answered within {timeout_s:.0f} seconds.",
        "Look at worker.log in the home folder, or run `python -m core doctor`.",
    )


def _as_text(name: str) -> str:
    """A name that a spreadsheet takes for text, though it begins as a formula does."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def _figure(name: str, figure: Figure) -> dict[str, float | None]:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
