"""The window on the Prepare page: chosen, explained, and judged on the image in view."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.specs import Clahe, Colour, Resize, Window
from pages.parts.prepare import window
from pages.parts.prepare.draft import Draft
from tests.core.images.dicom_files import dicom
from tests.pages.bench import a_home, bring_in, page, words, zip_of

HU = {"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": -1000, "WindowCenter": 0.5, "WindowWidth": 401}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[actions.Home]:
    with a_home(tmp_path_factory.mktemp("window")) as home:
        yield home


@pytest.fixture(scope="module")
def ct(home: actions.Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of an accepted set of CT slices with values from -1,000 to 1,000 HU."""
    path, rng = tmp_path_factory.mktemp("ct") / "ct.zip", np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for kind in ("air", "bone"):
            for number in range(12):
                pixels = rng.integers(0, 2001, (16, 16)).astype(np.uint16)
                pixels[0, :2] = 0, 2000
                archive.writestr(f"{kind}/{number}.dcm", dicom(pixels, **HU))
    return bring_in(home, path, "Slices", accept=True)


def key(dataset_id: str, name: str) -> str:
    return f"prepare_{dataset_id}_window_{name}"


def window_of(app: AppTest, dataset_id: str) -> Window:
    found: Window = app.session_state.lightbox_visitor.drafts[f"prepare:{dataset_id}"].recipe.steps[0]
    return found


def number_keys(app: AppTest) -> set[str | None]:
    return {field.key for field in [*app.number_input, *app.slider]}


def test_measured_values_begin_with_the_window_of_the_file(home: actions.Home, ct: str) -> None:
    app = page("prepare").run()
    assert not app.exception
    assert window_of(app, ct) == Window()
    said = words(app)
    # centre 0.5, width 401: from -200 to 200
    assert "Measured values of this image: −1,000 to 1,000 HU. Shown: −200 is black, 200 HU is white." in said
    assert "Hounsfield" in said
    assert "10.53347/rID-52108" in said


def test_only_the_settings_that_matter_are_shown_and_the_image_follows(home: actions.Home, ct: str) -> None:
    app = page("prepare").run()
    fields = {key(ct, name) for name in ("centre", "width", "low_percent", "high_percent")}
    assert not fields & number_keys(app)
    assert key(ct, "preset") not in {box.key for box in app.selectbox}
    app.selectbox(key=key(ct, "source")).set_value("preset").run()
    app.selectbox(key=key(ct, "preset")).set_value("bone").run()
    assert window_of(app, ct).ends == (-500, 1300)
    assert "Shown: −500 is black, 1,300 HU is white." in words(app)
    app.selectbox(key=key(ct, "source")).set_value("values").run()
    assert fields & number_keys(app) == {key(ct, "centre"), key(ct, "width")}
    app.number_input(key=key(ct, "centre")).set_value(100.0).run()
    assert "Shown: −100 is black, 300 HU is white." in words(app)
    app.selectbox(key=key(ct, "source")).set_value("percentiles").run()
    assert fields & number_keys(app) == {key(ct, "low_percent"), key(ct, "high_percent")}
    assert "from the 0.5th to the 99.5th percentile" in words(app)


def test_a_typed_window_may_begin_with_the_image_in_view(home: actions.Home, ct: str) -> None:
    app = page("prepare").run()
    assert "prepare_window_range" not in {button.key for button in app.button}
    app.selectbox(key=key(ct, "source")).set_value("values").run()
    app.button(key="prepare_window_range").click().run()
    assert (window_of(app, ct).centre, window_of(app, ct).width) == (0, 400)  # -200 to 200
    assert app.number_input(key=key(ct, "width")).value == 400
    assert app.number_input(key=key(ct, "centre")).value == 0


def test_a_window_beside_the_values_is_named(home: actions.Home, ct: str) -> None:
    app = page("prepare").run()
    app.selectbox(key=key(ct, "source")).set_value("values").run()
    app.number_input(key=key(ct, "centre")).set_value(5000.0).run()
    assert any("lie below the window: nothing of it is left" in warning.value for warning in app.warning)


def test_the_window_stays_first(home: actions.Home, ct: str) -> None:
    app = page("prepare").run()
    assert app.button(key="prepare_up_window").disabled
    assert app.button(key="prepare_down_window").disabled
    assert app.button(key="prepare_up_colour").disabled
    draft = Draft([Window(), Colour(), Resize()])
    draft.move("window", 1)
    draft.move("colour", -1)
    assert draft.names == ["window", "colour", "resize"]
    draft.switch_off("window")
    draft.move("resize", -1)
    draft.switch_on("window")
    assert draft.names == ["window", "resize", "colour"]
    assert Draft([Colour(), Clahe(), Resize()]).can_move("clahe", -1)


def test_pictures_have_no_measured_values_and_the_page_says_so(tmp_path: Path) -> None:
    with a_home(tmp_path) as home:
        pictures = bring_in(home, zip_of(tmp_path, {"a": 12, "b": 12}), accept=True)
        app = page("prepare").run()
        assert "values of this image" not in words(app)
        app.toggle(key=f"prepare_on_{pictures}_window").set_value(True).run()
        assert "Stored values of this image" in words(app)
        app.selectbox(key=key(pictures, "source")).set_value("preset").run()
        assert any("no measured values" in warning.value for warning in app.warning)


def test_values_are_written_as_they_are_read() -> None:
    assert [window._value(number) for number in (-1024.0, 0.0, 12.5, 1e-6, 65535.0)] == [
        "−1,024", "0", "12.5", "1e−06", "65,535",
    ]  # fmt: skip
