"""Mount the upload and hand over the file that arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from pages.http import uploads
from pages.http.place import home
from pages.http.uploads import Upload

_HERE = Path(__file__).parent

_piece = st.components.v2.component(
    "lightbox_upload",
    html=(_HERE / "upload.html").read_text(encoding="utf-8"),
    css=(_HERE / "upload.css").read_text(encoding="utf-8"),
    js=(_HERE / "upload.js").read_text(encoding="utf-8"),
)


def upload_file(
    label: str, key: str, take: Callable[[Upload], str], kinds: Sequence[str] = (".zip", ".npz")
) -> str | None:
    """Let the visitor bring one file.

    Args:
        label: what to bring, one short sentence.
        key: tells uploads on one page apart.
        take: takes over a file that has arrived whole (`import_dataset(..., delete_source=True)`); its name is hostile
            text. A click may break a script off wherever it draws something, so this must draw nothing.
        kinds: endings that the file dialog offers; what a file really is, the import decides by its content.

    Returns:
        What `take` answered in the one script run after the file has arrived; nothing is drawn then, the caller draws
        the page anew. None otherwise.
    """
    slot = f"lightbox_upload_{key}"
    token = st.session_state.get(slot, "")
    upload = uploads.arrived(token)
    if upload is not None:
        taken = take(upload)
        uploads.use_up(token)
        return taken
    if not uploads.is_open(token):
        token = st.session_state[slot] = uploads.make_upload()
    _piece(
        key=f"lb_upload_{key}",
        data={
            "label": label,
            "kinds": list(kinds),
            "url": f"/api/upload?token={token}",
            "limit": home().settings.max_upload_bytes,
        },
        on_arrived_change=lambda: None,
        on_again_change=lambda: None,
    )
    return None
