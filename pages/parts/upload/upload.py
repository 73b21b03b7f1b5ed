"""Mount the upload and hand over the file, or the basket of files, that arrived."""

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
    label: str,
    key: str,
    take: Callable[[Upload], str],
    kinds: Sequence[str] = (".zip", ".npz"),
    *,
    several: bool = False,
    hint: str = "",
) -> str | None:
    """Let the visitor bring one file, or several that belong together.

    Args:
        label: what to bring, one short sentence.
        key: tells uploads on one page apart.
        take: takes over a file that has arrived whole (`bring_in(..., delete_source=True)`), or the folder that holds
            several; its name is hostile text. A click may break a script off wherever it draws something, so this must
            draw nothing.
        kinds: endings that the file dialog offers for one file; what it really is, the import decides by its content.
        several: whether many files and whole folders may come too; then files of every kind are offered.
        hint: what stands under the label; empty: the endings and the limit.

    Returns:
        What `take` answered in the one script run after the files have arrived; nothing is drawn then, the caller draws
        the page anew. None otherwise.
    """
    makers = {"url": uploads.make_upload} | ({"basket": uploads.make_basket} if several else {})
    slots = {name: f"lightbox_upload_{key}_{name}" for name in makers}
    for slot in slots.values():
        token = st.session_state.get(slot, "")
        if (upload := uploads.arrived(token)) is not None:
            taken = take(upload)
            uploads.use_up(token)
            return taken
    _piece(
        key=f"lb_upload_{key}",
        data={
            "label": label,
            "hint": hint,
            "kinds": list(kinds),
            "limit": home().settings.max_upload_bytes,
            **{name: _address(slots[name], makers[name]) for name in makers},
        },
        on_arrived_change=lambda: None,
        on_again_change=lambda: None,
    )
    return None


def _address(slot: str, make: Callable[[], str]) -> str:
    """Where the browser may send to: the token of this visitor as long as it is open, else another one."""
    if not uploads.is_open(st.session_state.get(slot, "")):
        st.session_state[slot] = make()
    return f"/api/upload?token={st.session_state[slot]}"
