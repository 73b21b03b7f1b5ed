"""Our routes answer what a page has authorised, and refuse everything else in two sentences."""

import io
import os

import pytest
from PIL import Image

from core.specs import JobKind, Point, PointKind, Progress, RunConfig, Task
from pages.http import tokens
from pages.http.routes import PLOTLY_PATH, export_url, image_url, points_url
from tests.pages.bench import bring_in, zip_of

RUN = "run_aaaaaaaa"


@pytest.fixture
def run(served):
    """A run that counts as training, with three points."""
    served.store.add_run(RUN, "Run 1", RunConfig(dataset_id="ds_1"))
    served.store.submit(RUN, JobKind.TRAIN, RUN, {}, None)
    served.store.claim("train", "a test", os.getpid())
    points = [
        Point(kind=PointKind.BATCH, step=step, epoch=step / 10, values={"loss": 1.0 / step, "accuracy": None}, at=step)
        for step in (1, 2, 3)
    ]
    served.store.add_points(RUN, points)
    served.store.set_progress(RUN, Progress(stage="Training", done=3, total=12, unit="steps"))
    return served


def test_points_come_after_the_last_one_that_is_known(run, ask):
    answer = ask("GET", points_url(RUN)).json()
    assert [point["step"] for point in answer["points"]] == [1, 2, 3]
    assert answer["points"][0]["values"] == {"loss": 1.0, "accuracy": None}
    assert (answer["state"], answer["final"], answer["progress"]["share"]) == ("running", False, 0.25)
    known = answer["points"][1]["seq"]
    again = ask("GET", f"{points_url(RUN)}&after={known}").json()
    assert [point["step"] for point in again["points"]] == [3]
    nothing = ask("GET", f"{points_url(RUN)}&after={again['last']}").json()
    assert (nothing["points"], nothing["last"]) == ([], again["last"])


def test_points_say_that_the_run_has_ended(run, ask):
    run.store.finish(RUN, {})
    answer = ask("GET", points_url(RUN)).json()
    assert (answer["state"], answer["final"], answer["position"]) == ("finished", True, 0)


def test_points_say_that_a_stop_was_asked_for(run, ask):
    run.store.request_stop(RUN)
    assert ask("GET", points_url(RUN)).json()["stopping"] is True


@pytest.mark.parametrize("token", ["", "x", "0.x", "9999999999.aGVsbG8"])
def test_points_need_a_token(run, ask, token):
    assert ask("GET", f"/api/points/{RUN}?token={token}").status_code == 403


def test_a_token_for_one_run_opens_no_other(run, ask):
    token = points_url("run_bbbbbbbb").partition("token=")[2]
    assert ask("GET", f"/api/points/{RUN}?token={token}").status_code == 403


def test_points_of_a_run_that_is_gone(served, ask):
    answer = ask("GET", points_url("run_bbbbbbbb"))
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "what", "remedy"}


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 13, "²"])
def test_points_after_something_that_is_no_number(run, ask, after):
    assert ask("GET", f"{points_url(RUN)}&after={after}").status_code == 400


def test_images_need_a_token(served, ask):
    assert ask("GET", "/api/images/ds_1/0?side=64").status_code == 403


def test_an_image_is_shown_in_the_size_that_was_asked_for(served, ask, tmp_path):
    dataset_id = bring_in(served, zip_of(tmp_path, {"long": 8, "round": 8}, side_px=40))
    for side, width in ((0, 40), (16, 16), (400, 40)):  # 0: as it came; never enlarged
        answer = ask("GET", image_url(dataset_id, 3, side))
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"].startswith("private")
        assert Image.open(io.BytesIO(answer.content)).size == (width, width)
    assert ask("GET", image_url(dataset_id, 16)).status_code == 404
    assert ask("GET", image_url(dataset_id, 3).replace("/3?", "/-3?")).status_code == 400


def test_an_image_of_a_data_set_that_is_gone(served, ask):
    assert ask("GET", image_url("ds_1", 0)).status_code == 404


@pytest.fixture
def exported(served):
    """The id of a data set whose export lies there, as the job leaves it."""
    served.store.add_dataset("ds_1", 'Cells "of" <Jane>\r\n', Task.CLASSIFICATION)
    place, archive = served.settings.dataset_dir("ds_1"), served.settings.export_file("ds_1")
    for path, content in ((place / "items.parquet", b""), (archive, b"zip" * 1_000_000)):
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return "ds_1"


def test_an_export_is_downloaded_under_the_name_of_its_data_set(exported, ask):
    answer = ask("GET", export_url(exported))
    assert answer.content == b"zip" * 1_000_000
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''Cells%20_of_%20_Jane_.zip"


@pytest.mark.parametrize("token", ["", "0.x", "images"])
def test_an_export_needs_a_token_of_its_own(exported, ask, token):
    token = tokens.make("images", exported) if token == "images" else token
    assert ask("GET", f"/api/exports/{exported}?token={token}").status_code == 403


def test_an_export_of_something_that_was_changed_since_or_is_gone_is_refused(served, exported, ask):
    items = served.settings.dataset_dir(exported) / "items.parquet"
    os.utime(items, (items.stat().st_mtime + 100,) * 2)
    assert ask("GET", export_url(exported)).status_code == 404
    assert ask("GET", export_url("ds_2")).status_code == 404


def test_an_upload_is_a_post(served, ask):
    assert ask("PUT", "/api/upload?token=x").status_code == 405


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_plotly_comes_from_its_wheel_and_may_be_kept_for_good(served, ask, encoding):
    answer = ask("GET", PLOTLY_PATH, headers={"accept-encoding": encoding})
    assert answer.status_code == 200
    assert answer.text.startswith("/**\n* plotly.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers.get("content-encoding", "identity") == encoding


def test_the_browsers_tab_shows_our_own_sign(served, ask):
    answer = ask("GET", "/favicon.png")
    assert answer.content.startswith(b"\x89PNG")
