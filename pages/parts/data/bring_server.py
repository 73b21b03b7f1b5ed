"""A folder on the server, chosen from those that whoever runs it has opened for imports."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core import actions
from core.errors import LightboxError
from pages.parts import numbers, page, session

PLACE = "data_server_folder"
LIST_PX = 240
STYLE = "<style>.st-key-data_dirs button{min-height:0;padding-block:.1rem}</style>"
CLOSED = (
    "No folder of this server is open for imports. Whoever runs it may name some in the setting"
    " `LIGHTBOX_IMPORT_ROOTS`; large data need not be uploaded then."
)


def show() -> str | None:
    """The way through the folders; the id of the data set that has begun, or None."""
    st.markdown("#### A folder on the server")
    roots = actions.roots(session.home())
    if not roots:
        st.caption(CLOSED)
        return None
    drafts = session.visitor().drafts
    root = roots[0]
    if len(roots) > 1:
        root = st.selectbox("Open for imports", roots, format_func=str, key="data_server_root")
    here = Path(drafts.get(PLACE, root))
    try:
        shown = actions.folder_page(session.home(), here if here.is_relative_to(root) else root)
    except LightboxError as error:
        drafts.pop(PLACE, None)
        page.show_error(error)
        return None
    return _folder(shown, root)


def _folder(shown: actions.FolderPage, root: Path) -> str | None:
    st.markdown(f":material/folder_open: **{page.safe(_inside(shown.path, root))}**")
    taken = None
    st.html(STYLE)
    with st.container(
        height=LIST_PX if _entries(shown) > 5 else "content", border=False, gap="xsmall", key="data_dirs"
    ):
        if shown.parent is not None:
            _go("One folder up", shown.parent, ":material/arrow_upward:", "data_dir_up")
        for number, folder in enumerate(shown.folders):
            _go(page.safe(folder.name), folder, ":material/folder:", f"data_dir_{number}")
        for number, file in enumerate(shown.archives):
            label = f"{page.safe(file.name)} ({numbers.size(file.size)})"
            if st.button(label, key=f"data_archive_{number}", icon=":material/folder_zip:", type="tertiary"):
                taken = _begin(file.path)
    if shown.truncated:
        st.caption("There is more in this folder than is listed.")
    if st.button("Bring in this folder", key="data_server", icon=":material/drive_folder_upload:"):
        taken = _begin(shown.path)
    st.caption(f"{numbers.count(shown.files, 'file')} in it, and what lies below. Nothing of it is changed or deleted.")
    return taken


def _entries(shown: actions.FolderPage) -> int:
    return len(shown.folders) + len(shown.archives) + (shown.parent is not None)


def _inside(path: Path, root: Path) -> str:
    """A folder by its way from the root, which is called by its own name."""
    return str(Path(root.name) / path.relative_to(root))


def _go(label: str, folder: Path, icon: str, key: str) -> None:
    drafts = session.visitor().drafts
    st.button(label, key=key, icon=icon, type="tertiary", on_click=lambda: drafts.update({PLACE: str(folder)}))


def _begin(path: Path) -> str | None:
    home = session.home()
    try:
        return actions.bring_in(home, path, actions.suggested_name(home, path.name))
    except LightboxError as error:
        page.show_error(error)
        return None
