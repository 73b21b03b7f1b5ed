"""The pieces of JavaScript, seen from Python: what they are given, and what a page gets back."""

import json

from streamlit.testing.v1 import AppTest

from core.figures import BUTTONS
from pages.http import uploads


def _curves():
    import streamlit as st

    from pages.parts.curves import live_curves

    st.write("ended" if live_curves("run_aaaaaaaa", height=300) else "not ended")


def _upload():
    import streamlit as st

    from pages.parts.upload import upload_file

    def take(upload):
        if st.session_state.get("busy"):
            raise OSError
        return upload.filename

    st.write(upload_file("Bring a zip", "source", take, (".zip",)) or "nothing")


def given(app):
    """The data that the page hands to its one piece."""
    (piece,) = [element for element in app.main if element.type == "bidi_component"]
    return json.loads(piece.proto.json)


def test_the_curves_get_an_authorised_address(served):
    app = AppTest.from_function(_curves).run()
    assert not app.exception
    data = given(app)
    assert data["points"].startswith("/api/points/run_aaaaaaaa?token=")
    assert data["plotly"].startswith("/api/plotly-")
    assert set(data["colours"]) == {"train", "val", "test"}
    assert data["height"] == 300
    assert data["config"] == BUTTONS
    assert app.markdown[0].value == "not ended"


def test_an_upload_is_handed_over_once_and_the_next_gets_another_token(served):
    app = AppTest.from_function(_upload).run()
    data = given(app)
    assert data["kinds"] == [".zip"]
    assert data["limit"] == served.settings.max_upload_bytes
    token = data["url"].partition("token=")[2]
    assert app.markdown[0].value == "nothing"
    app.run()
    assert given(app)["url"].endswith(token), "a token stays as long as it is open"
    with uploads.using(token) as permission:
        permission.upload = uploads.Upload(served.settings.uploads_dir / "x.zip", "x.zip")
    app.session_state["busy"] = True
    assert app.run().exception, "a file that could not be taken over ..."
    app.session_state["busy"] = False
    app.run()
    assert app.markdown[0].value == "x.zip", "... is offered again"
    app.run()
    assert app.markdown[0].value == "nothing"
    assert not given(app)["url"].endswith(token)
