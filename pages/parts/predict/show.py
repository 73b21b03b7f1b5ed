"""The answer for one image: the class, the probabilities, the image as it came and as the network saw it."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.actions import DISCLAIMER
from core.errors import LightboxError, RefusedInput
from core.figures import NO_BUTTONS, draw_probabilities, probabilities_facts, probability_words
from core.specs import Answer
from pages.parts import numbers, page, session
from pages.parts.predict.ask import Question

SHARP_PX = 400  # wider images are shown smaller than they are, and sharp pixels would only add a pattern
Outcome = actions.Prediction | LightboxError
FINAL = (actions.Prediction, RefusedInput)  # anything else may turn out better when asked again


def show(run: actions.RunRow, question: Question) -> None:
    """Ask once for each image and run, and show what came back; an image that cannot be used is refused in words."""
    outcome = _asked_once(run, question)
    if isinstance(outcome, LightboxError):
        page.show_error(outcome)
        if not isinstance(outcome, FINAL):
            st.button(
                "Ask again", key="predict_again", icon=":material/refresh:"
            )  # the run of the page that follows asks
        return
    true = question.item.class_index if question.item is not None else None
    _class(run, outcome.answer, true)
    facts = probabilities_facts(outcome.answer, true_class=true)
    st.plotly_chart(draw_probabilities(facts), key="predict_bars", config=NO_BUTTONS)
    if facts.others:
        rest = numbers.count(facts.others, "further class", "further classes")
        st.caption(f"{rest} together: {probability_words(facts.others_probability)}.")
    _images(outcome, question.name, run)
    st.caption(
        f"Answered by {page.safe(run.name)} in {_time(outcome.answer.seconds)}. A probability says how the"
        f" network weighs this image against its training images, not how likely a disease is. {DISCLAIMER}"
    )


def _asked_once(run: actions.RunRow, question: Question) -> Outcome:
    """The outcome, kept until another image or run is asked: drawing the page anew asks nothing."""
    drafts = session.visitor().drafts
    key, outcome = drafts.get("predict_outcome", ("", None))
    if outcome is None or key != f"{run.id}:{question.key}":
        with st.spinner("Asking the network …", show_time=True):
            outcome = _ask(run.id, question)
        if isinstance(outcome, FINAL):
            drafts["predict_outcome"] = (f"{run.id}:{question.key}", outcome)
    return outcome


def _ask(run_id: str, question: Question) -> Outcome:
    try:
        if question.item is not None:
            return actions.predict_item(session.home(), run_id, question.item.item_id)
        return actions.predict(session.home(), run_id, question.name, question.data or b"")
    except LightboxError as error:
        return error


def _class(run: actions.RunRow, answer: Answer, true: int | None) -> None:
    name = answer.classes[answer.predicted_class]
    st.header(page.safe(name), anchor=False)
    words = [f"probability {probability_words(answer.probabilities[answer.predicted_class])}"]
    if true is not None:
        right = true == answer.predicted_class
        words.append("the right class" if right else f"its true class is **{page.safe(answer.classes[true])}**")
    finding = _finding(run, answer)
    if finding is not None:
        words.append(
            f"finding: **{page.safe(answer.classes[finding])}**, {probability_words(answer.probabilities[finding])}"
        )
    st.markdown(" · ".join(words))


def _finding(run: actions.RunRow, answer: Answer) -> int | None:
    """The positive class, where the data set still says which it is."""
    try:
        card = actions.dataset(session.home(), run.config.dataset_id).card
    except LightboxError:  # deleted meanwhile: the classes travel with the run, the choice of the finding does not
        return None
    return card.positive_class if card is not None and card.classes == answer.classes else None


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else numbers.duration(seconds)


def _width_px(png: bytes) -> int:
    """A PNG names its width in bytes 16 to 20 of its header."""
    return int.from_bytes(png[16:20], "big")


def _images(outcome: actions.Prediction, name: str, run: actions.RunRow) -> None:
    side = run.config.recipe.side_px
    came, seen = st.columns(2)
    if _width_px(outcome.came_png) > SHARP_PX:
        st.html("<style>.st-key-predict_came img{image-rendering:auto!important}</style>")
    with came, st.container(key="predict_came"):
        st.markdown("**As it came**")
        st.image(outcome.came_png, caption=page.safe(name), width="stretch")
    with seen:
        st.markdown("**As the network saw it**")
        colours = "grey" if run.config.recipe.channels == 1 else "RGB"
        st.image(outcome.seen_png, caption=f"{side} × {side} px, {colours}", width="stretch")
