"""Which image to ask about: one that is uploaded, or one of the test split of the run's own data set."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import Split
from pages.parts import numbers, page, session, thumbnails
from pages.parts.thumbnails import SMALL_PX, Thumbnail

MOST_MB = 50
PER_PAGE = 6
SIDE_PX = 160
CELL_PX = 112
SOURCES = {"upload": "My own image", "test": "A test image"}


@dataclass(frozen=True)
class Question:
    """One image to ask about; `key` tells it from every other one.

    `data` holds the bytes of an uploaded file; `item` is an image of the data set, with its true class.
    """

    key: str
    name: str
    data: bytes | None = None
    item: actions.Item | None = None


def choose(run: actions.RunRow) -> Question | None:
    """Draw the choice; None until there is an image."""
    drafts = session.visitor().drafts
    if st.session_state.get("predict_source") is None:
        st.session_state["predict_source"] = drafts.get("predict_source", "upload")
    st.segmented_control(
        "Image", list(SOURCES), format_func=SOURCES.__getitem__, key="predict_source", required=True, wrap=True
    )
    source = drafts["predict_source"] = st.session_state["predict_source"]
    return _uploaded() if source == "upload" else _of_test_split(run)


def _uploaded() -> Question | None:
    drafts = session.visitor().drafts
    file = st.file_uploader(
        "One image",
        key="predict_file",
        max_upload_size=MOST_MB,
        help=(
            "PNG, JPEG, BMP, WebP, TIFF, GIF, DICOM or NIfTI, one file at a time; of several frames or slices the one"
            " in the middle."
        ),
    )
    if file is not None:
        drafts["predict_upload"] = Question(f"upload:{file.file_id}", file.name, data=file.getvalue())
    question: Question | None = drafts.get("predict_upload")
    if question is not None and file is None:
        st.caption(f"Shown: {page.safe(question.name)}, given before.")
    return question


def _of_test_split(run: actions.RunRow) -> Question | None:
    drafts = session.visitor().drafts
    dataset_id, place = run.config.dataset_id, f"predict_page:{run.id}"
    try:
        data = actions.dataset(session.home(), dataset_id)
        found = actions.gallery(
            session.home(), dataset_id, split=Split.TEST, page=drafts.get(place, 0), per_page=PER_PAGE
        )
    except LightboxError as error:
        page.show_error(error)
        st.caption("The network itself is still there: it can be asked about an image of your own.")
        return None
    _pages(place, found)
    with st.container(horizontal=True):
        for item in found.items:
            with st.container(width=CELL_PX, gap="small"):
                _offer(dataset_id, item, run)
    chosen: actions.Item | None = drafts.get(f"predict_item:{run.id}")
    if chosen is None or data.card is None:
        st.caption(f"{numbers.count(found.total, 'image')} that the network has never seen. Choose one.")
        return None
    return Question(f"item:{dataset_id}:{chosen.item_id}", chosen.name, item=chosen)


def _pages(place: str, found: actions.GalleryPage) -> None:
    drafts = session.visitor().drafts
    here = drafts.get(place, 0)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if st.button(
            "", icon=":material/chevron_left:", key="predict_earlier", disabled=here == 0, help="Earlier images"
        ):
            drafts[place] = here - 1
            st.rerun()
        st.caption(f"{here + 1} of {numbers.count(found.pages)}", width="content")
        last = here + 1 >= found.pages
        if st.button("", icon=":material/chevron_right:", key="predict_later", disabled=last, help="Later images"):
            drafts[place] = here + 1
            st.rerun()


def _offer(dataset_id: str, item: actions.Item, run: actions.RunRow) -> None:
    """A thumbnail with its button."""
    small = max(item.width, item.height) <= SMALL_PX
    thumbnails.show([Thumbnail(item.item_id, item.name)], dataset_id, side_px=SIDE_PX, small=small, least="100%")
    drafts, place = session.visitor().drafts, f"predict_item:{run.id}"
    kind = "primary" if drafts.get(place) == item else "secondary"
    if st.button("Ask", key=f"predict_take_{item.item_id}", type=kind, width="stretch"):
        drafts[place] = item
        st.rerun()
