"""The one typed state of a visitor: the data set and the run in hand, and drafts that survive a page switch.

The address follows: `?data=` and `?run=` always name what is in hand, so a page can be sent to a colleague. A link
that names a run wins over everything, a link that names a data set wins over what the visitor had in hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import actions
from core.errors import NotFound
from pages.http.place import home

__all__ = [
    "Visitor",
    "dataset_in_hand",
    "follow_link",
    "home",
    "link",
    "run_in_hand",
    "take_dataset",
    "take_run",
    "visitor",
    "write_link",
]


@dataclass
class Visitor:
    """What one visitor has in hand.

    Attributes:
        dataset_id: the data set in hand; None: none yet.
        run_id: the run in hand; None: none yet.
        chosen_run_id: the run that a link or a click named last; a run that is in hand as the newest was not chosen.
        drafts: half-made things of the pages by name (a recipe being edited, a typed name); JSON-like or frozen specs.
        visited: pages this visitor has opened, as "page" or "page:run id".
    """

    dataset_id: str | None = None
    run_id: str | None = None
    chosen_run_id: str | None = None
    drafts: dict[str, Any] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)


def visitor() -> Visitor:
    """The state of the visitor whose script run this is."""
    return st.session_state.setdefault("lightbox_visitor", Visitor())


def dataset_in_hand() -> actions.DatasetRow | None:
    """The data set in hand; where nothing is chosen the newest one; None where there is none.

    None also while the run in hand has outlived its data set: its results can still be read, and it can be asked.
    """
    me = visitor()
    if me.dataset_id is not None:
        try:
            return actions.dataset(home(), me.dataset_id)
        except NotFound:  # deleted meanwhile, maybe by somebody else
            me.dataset_id = None
            me.run_id = me.chosen_run_id
    if me.run_id is not None and _exists(me.run_id):
        return None
    newest = next(iter(actions.list_datasets(home())), None)
    if newest is not None:
        me.dataset_id = newest.id
    return newest


def run_in_hand() -> actions.RunRow | None:
    """The run in hand; where none is chosen the newest one of the data set in hand; None where there is none."""
    me = visitor()
    if me.run_id is not None:
        try:
            return actions.run(home(), me.run_id)
        except NotFound:
            me.run_id = None
    if me.dataset_id is None:
        return None
    newest = next(iter(actions.list_runs(home(), me.dataset_id)), None)
    if newest is not None:
        me.run_id = newest.id
    return newest


def _exists(run_id: str) -> bool:
    try:
        actions.run(home(), run_id)
    except NotFound:
        return False
    return True


def take_dataset(dataset_id: str | None) -> None:
    """Take a data set in hand, and let go of a run of another one; call `st.rerun()` after it to see it on top."""
    me = visitor()
    if dataset_id != me.dataset_id:
        me.dataset_id, me.run_id, me.chosen_run_id = dataset_id, None, None
    write_link()


def take_run(run_id: str | None) -> None:
    """Take a run in hand, and its data set with it.

    Raises:
        NotFound: there is no run of this id (any more).
    """
    me = visitor()
    if run_id is not None:
        source = actions.run(home(), run_id).config.dataset_id
        me.dataset_id = source if any(row.id == source for row in actions.list_datasets(home())) else None
    me.run_id = me.chosen_run_id = run_id
    write_link()


def follow_link() -> None:
    """Take in hand what the address names; an id that does not exist is forgotten and reported.

    Raises:
        NotFound: the link names a run or a data set that does not exist (any more).
    """
    asked_run, asked_data = st.query_params.get("run"), st.query_params.get("data")
    me = visitor()
    try:
        if asked_run and asked_run != me.run_id:
            take_run(asked_run)
        elif asked_data and asked_data != me.dataset_id and not asked_run:
            take_dataset(actions.dataset(home(), asked_data).id)
    finally:
        write_link()


def link() -> dict[str, str]:
    """What is in hand as parameters of an address, for links to other pages."""
    me = visitor()
    return {name: value for name, value in (("data", me.dataset_id), ("run", me.run_id)) if value is not None}


def write_link() -> None:
    """Let the address name what is in hand."""
    wanted = link()
    for name in ("data", "run"):
        if name not in wanted:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != wanted[name]:
            st.query_params[name] = wanted[name]
