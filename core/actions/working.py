"""Whether something is being done to a data set, so that nothing else may be done to it meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.actions.home import Home
from core.datasets.together import Guard
from core.errors import WrongState
from core.specs import DatasetCard, DatasetState, JobKind, JobState
from core.store import DatasetRow

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def hold_idle(home: Home, dataset_id: str, *states: DatasetState) -> DatasetRow:
    """A data set that nothing is changing; inside a transaction nothing begins to until that ends.

    Args:
        states: those that it may be in; none given: any.

    Raises:
        WrongState: it is in another state, or a change of it has not ended.
    """
    held = home.store.move_dataset(dataset_id, states, states[0]) if len(states) == 1 else None
    row = home.store.dataset(dataset_id)
    if held is False or (states and row.state not in states):
        raise WrongState(
            f"{row.name} is {row.state.value}, and only a data set {_in_words(states)} can be used so.",
            "Import the data again, or make a revision of it on the Data page.",
        )
    if home.store.jobs(JobKind.REVISE, UNFINISHED, dataset_id):
        raise WrongState(f"{row.name} is being changed.", "Wait until that has ended, or cancel it.")
    return row


def still_in_review(home: Home, dataset_id: str) -> Guard:
    """For changes of a shelf: its files are replaced only while the data set is in review, together with its card."""

    @contextmanager
    def guard(card: DatasetCard) -> Iterator[None]:
        with home.store.together():
            hold_idle(home, dataset_id, DatasetState.REVIEW)
            home.store.set_card(dataset_id, card)
            yield

    return guard


def _in_words(states: tuple[DatasetState, ...]) -> str:
    words = {DatasetState.REVIEW: "in review", DatasetState.ACCEPTED: "that was accepted"}
    return " or ".join(words.get(state, state.value) for state in states)
