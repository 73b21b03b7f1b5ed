"""How a run ended, in words: what it reached, what that suggests, and where to go from here."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import JobState, RunSummary
from pages.parts import numbers, page, runs, session
from pages.parts.tables import Column, show_table
from pages.parts.train import coach as train_coach
from pages.parts.train import form as train_form

CONTINUE_HELP = "Goes on from the last step that was written down, as a new run; this one stays as it is."


def show(run: actions.RunRow) -> None:
    """State, advice, figures and the next steps of a run that has ended."""
    runs.heading(run)
    if run.job.state is JobState.FAILED:
        st.error(f"**{page.safe(run.job.what or 'The run failed.')}** {page.safe(run.job.remedy or '')}")
    else:
        st.markdown(_ending_words(run))
    summary = run.summary
    if summary is not None and actions.has_model(session.home(), run):
        train_coach.show(run.id)
    _next_steps(run)
    if summary is not None:
        show_table([Column("What it came to"), Column("", number=True)], _facts(run, summary))
    _manage(run)


def _ending_words(run: actions.RunRow) -> str:
    summary = run.summary
    if not actions.has_model(session.home(), run) or summary is None:
        return "It was stopped before there was anything to keep."
    because = summary.stopped_because
    why = f"{page.safe(because[:1].upper() + because[1:])}. " if because else ""
    if summary.best_epoch is None:
        return why + "No epoch was over, so the weights of the moment were kept."
    return why + f"The weights of epoch {summary.best_epoch} were kept: there the validation loss was lowest."


def _next_steps(run: actions.RunRow) -> None:
    with st.container(horizontal=True):
        if actions.has_model(session.home(), run) and st.button(
            "See the results", type="primary", key="train_to_results"
        ):
            page.go("results")
        if actions.can_resume(session.home(), run) and st.button("Continue", key="train_continue", help=CONTINUE_HELP):
            _continue(run)
        if st.button("Change and run again", key="train_again", help="Puts these settings into the form."):
            train_form.start_from(run)
            st.rerun()


def _continue(run: actions.RunRow) -> None:
    """The run that goes on is a new one, in hand from now on."""
    try:
        new = actions.resume(session.home(), run.id)
    except LightboxError as error:
        page.show_error(error)
        return
    actions.ensure_worker(session.home())
    session.take_run(new)
    st.rerun()


def _facts(run: actions.RunRow, summary: RunSummary) -> list[tuple[str, str]]:
    accuracy = numbers.figure(summary.val_accuracy)
    if summary.val_accuracy is None and actions.has_model(session.home(), run):
        accuracy = runs.accuracy(run)  # no epoch was over, but what was kept has been measured
    facts = [
        ("Validation accuracy", accuracy),
        ("Validation loss", numbers.figure(summary.val_loss)),
        ("Training loss", numbers.figure(summary.train_loss)),
        ("Epochs", numbers.count(summary.epochs_done)),
        ("Training time", numbers.duration(summary.train_s)),
        ("Speed", numbers.rate(summary.images_per_s, "images")),
        ("Parameters", numbers.UNKNOWN if summary.parameters is None else numbers.count(summary.parameters)),
    ]
    return [*facts, *_engine(summary)]


def _engine(summary: RunSummary) -> list[tuple[str, str]]:
    """What it ran on and how, as far as the run recorded it."""
    device = summary.device.words if summary.device else numbers.UNKNOWN
    shared = f", {summary.devices} devices together" if (summary.devices or 1) > 1 else ""
    facts = [("Device", device + shared), ("Numbers", summary.precision_words)]
    if summary.batch_size is not None and summary.steps_per_execution is not None:
        steps = numbers.count(summary.steps_per_execution, "step")
        facts.append(("At once", f"{numbers.count(summary.batch_size, 'image')}; {steps} a call"))
    return [(name, value) for name, value in facts if value]


def _manage(run: actions.RunRow) -> None:
    with st.container(horizontal=True):
        with st.popover("Rename …", icon=":material/edit:", key="run_rename_open"):
            name = st.text_input("Name", run.name, max_chars=120, key=f"run_name_{run.id}")
            if st.button("Rename", key="run_rename", disabled=not name.strip() or name == run.name):
                actions.rename_run(session.home(), run.id, name)
                st.rerun()
        with st.popover("Delete …", icon=":material/delete:", key="run_delete_open"):
            _delete(run)


def _delete(run: actions.RunRow) -> None:
    """What is lost stands above the button that does it."""
    for sentence in actions.what_delete_run_loses(session.home(), run.id):
        st.markdown(page.safe(sentence))
    st.markdown("This cannot be undone.")
    if st.button("Delete for good", type="primary", key="run_delete"):
        try:
            actions.delete_run(session.home(), run.id)
        except LightboxError as error:
            page.show_error(error)
            return
        session.take_run(None)
        st.rerun()
