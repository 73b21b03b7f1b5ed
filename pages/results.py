"""Results: how well a run does on images it did not learn from, and which of them it got wrong."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import DataGone, LightboxError
from core.specs import JobState, Report, Split
from pages.parts import configuration, page, runs, session
from pages.parts.results import curves as results_curves
from pages.parts.results import mistakes as results_mistakes
from pages.parts.results import report as results_report
from pages.parts.results import split as results_split


def show() -> None:
    """The report of the run in hand, or what stands in the way of one."""
    page.begin("Results", "See how well the network does on images it did not learn from, and where it is wrong.")
    run = session.run_in_hand()
    if run is None:
        sentence = "Results come from a trained network. Train one first; the defaults are a good start."
        page.empty_state("◔", "No run yet", sentence, "Go to Train", "train")
    elif not run.job.state.final:
        sentence = f"{page.safe(run.name)} is {runs.under_way(run)}. Its results stand here as soon as it ends."
        page.empty_state("◔", "Not ended yet", sentence, "Watch it", "train")
    elif not actions.has_model(session.home(), run):
        sentence = f"{page.safe(run.name)} {_ended_words(run)}"
        page.empty_state("◔", "No results", sentence, "See how it ended", "train")
    else:
        _finished(run)


def _finished(run: actions.RunRow) -> None:
    left, right = page.two_columns(0.3)
    with left:
        split = results_split.choose(run)
        report = _read(run, split)
        _downloads(run, report)
        with st.expander("Configuration"):
            configuration.show(run.config)
    with right:
        if report is not None:
            results_report.show(report, run.name)
            results_mistakes.show(run, report)
        st.markdown("### How it learned")
        results_curves.show(run.id)


def _read(run: actions.RunRow, split: Split) -> Report | None:
    try:
        return actions.report(session.home(), run.id, split)
    except LightboxError as error:
        page.show_error(error)
        return None


def _downloads(run: actions.RunRow, report: Report | None) -> None:
    st.markdown("### Take it along")
    synthetic = " The images are synthetic: Lightbox drew them." if report is not None and report.synthetic else ""
    st.caption(f"{actions.DISCLAIMER}{synthetic}")
    name = "".join(letter if letter.isalnum() else "_" for letter in run.name)
    wide = {"on_click": "ignore", "icon": ":material/download:", "width": "stretch", "wrap": True}
    if report is not None:
        table = actions.report_csv(report)
        file = f"{name}_{report.split.value}_report.csv"
        st.download_button("Report (CSV)", table, file, "text/csv", key="download_report", **wide)
    curves = actions.points_csv(session.home(), run.id)
    st.download_button("Curves (CSV)", curves, f"{name}_curves.csv", "text/csv", key="download_curves", **wide)
    settings = run.config.model_dump_json(indent=2)
    st.download_button("Settings (JSON)", settings, f"{name}.json", "application/json", key="download_config", **wide)
    st.download_button(
        "Model (Keras)",
        lambda: actions.model_path(session.home(), run.id).read_bytes(),
        f"{name}.keras",
        "application/octet-stream",
        key="download_model",
        help="The trained network. It expects images prepared as in the configuration.",
        **wide,
    )


def _ended_words(run: actions.RunRow) -> str:
    if run.job.state is JobState.STOPPED:
        return "was stopped before it had anything to show."
    if run.job.ending == DataGone.code:
        return "could not be trained because its images are gone."
    return f"failed: {page.safe(run.job.what or 'it gave no reason.')}"


show()
