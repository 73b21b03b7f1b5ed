"""What the choices come to: a labelling and its preview, or why there is none; and what is in the way of an import."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import Labelling, LabellingPreview, OriginKind, Severity
from pages.parts import session
from pages.parts.data.choosing_draft import Draft, labelling_of

PREVIEWED = "lightbox_previewed"


@dataclass(frozen=True)
class Chosen:
    """What the form asks for: a labelling and what it would give, or the error that says why there is none."""

    draft: Draft
    labelling: Labelling | None = None
    preview: LabellingPreview | None = None
    error: LightboxError | None = None

    @property
    def hindrance(self) -> str:
        """Why nothing can be imported this way, in a few words; "" where nothing is in the way."""
        if self.preview is None:
            return "Settle first what the yellow box on the right names."
        if any(found.severity is Severity.ERROR for found in self.preview.findings):
            return "Settle first what is marked as an error on the right."
        if self.draft.kinds["label"] is OriginKind.TAG:
            return ""
        if len(self.preview.classes) < 2:
            return "A network needs at least two classes to tell apart."
        return ""


def chosen(dataset_id: str, draft: Draft) -> Chosen:
    """What a draft comes to for a data set whose labels are being chosen."""
    try:
        labelling = labelling_of(draft)
        preview = _previewed(dataset_id, labelling)
    except LightboxError as error:
        return Chosen(draft, error=error)
    return Chosen(draft, labelling, preview)


def _previewed(dataset_id: str, labelling: Labelling) -> LabellingPreview:
    """What a labelling would give, asked for anew only where it reads something else: large tables take a second."""
    asked = (dataset_id, labelling.model_copy(update={"keep_names": False, "keep_patient_ids": False}))
    known = st.session_state.get(PREVIEWED)
    if known is None or known[0] != asked:
        known = st.session_state[PREVIEWED] = (
            asked,
            actions.preview_labelling(session.home(), dataset_id, labelling),
        )
    preview: LabellingPreview = known[1]
    return preview
