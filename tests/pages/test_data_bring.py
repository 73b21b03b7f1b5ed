"""The ways in: files from this computer, a folder on the server, a public set, the practice data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.errors import NoNetwork
from core.settings import Settings
from core.specs import DatasetState, JobKind, Task
from pages.http import uploads
from pages.http.place import use_home
from tests.pages.bench import FETCHED, a_home, page, words


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


def with_settings(tmp_path: Path, **changes: object) -> actions.Home:
    """Another home, whose settings open folders or close the network; the pages use it from now on."""
    settings = Settings.model_validate({"home": tmp_path / "other", "start_worker": False} | changes)
    opened = actions.open_home(settings)
    use_home(opened)
    return opened


def shown() -> AppTest:
    app = page("data").run()
    assert not app.exception
    return app


def jobs(home: actions.Home) -> list[JobKind]:
    return [job.kind for job in home.store.jobs()]


def test_nothing_yet_offers_every_way_in_and_says_what_classes_are(home: actions.Home) -> None:
    said = words(shown())
    for way in ("From this computer", "Practice data", "A public data set", "A folder on the server"):
        assert f"#### {way}" in said
    assert "tell **classes** apart" in said
    assert "A folder for each class" in said


def token(app: AppTest, name: str) -> str:
    return str(app.session_state[f"lightbox_upload_files_{name}"])


def test_one_file_that_arrives_is_looked_into_and_its_name_is_not_kept(home: actions.Home) -> None:
    app = shown()
    path = actions.new_upload_path(home, "anna mueller.zip")
    path.write_bytes(archive())
    with uploads.using(token(app, "url")) as permission:
        permission.upload = uploads.Upload(path, "anna mueller.zip")
    app.run()
    (row,) = actions.list_datasets(home)
    assert (row.state, jobs(home)) == (DatasetState.LOOKING, [JobKind.LOOK])
    assert "mueller" not in row.name
    assert "Looking into" in words(app)


def test_a_basket_of_several_files_is_brought_in_once_it_is_closed(home: actions.Home) -> None:
    app = shown()
    basket = actions.new_basket(home)
    (basket / "000001.png").write_bytes(b"x")
    app.run()
    assert actions.list_datasets(home) == []
    with uploads.using(token(app, "basket")) as permission:
        permission.upload = uploads.Upload(basket, "")
    app.run()
    (row,) = actions.list_datasets(home)
    assert row.state is DatasetState.LOOKING
    app.run()
    assert len(actions.list_datasets(home)) == 1


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("a/1.png", b"x")
    return buffer.getvalue()


def test_without_an_open_folder_the_page_says_who_may_open_one(home: actions.Home) -> None:
    assert "LIGHTBOX_IMPORT_ROOTS" in words(shown())


def test_a_folder_on_the_server_is_found_and_brought_in_where_it_lies(home: actions.Home, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    (root / "2024" / "chests").mkdir(parents=True)
    (root / "2024" / "chests" / "1.dcm").write_bytes(b"x")
    (root / FETCHED.replace("/", "_")).mkdir()
    (root / "cells.zip").write_bytes(archive())
    other = with_settings(tmp_path, import_roots=str(root))
    app = shown()
    assert FETCHED.replace("/", "_") not in "\n".join(button.label for button in app.button)
    app.button(key="data_dir_1").click().run()  # after the hostile one, which begins with a "!"
    app.button(key="data_dir_0").click().run()
    assert "**archive\\/2024\\/chests**" in words(app)
    assert "1 file in it" in words(app)
    app.button(key="data_server").click().run()
    (row,) = actions.list_datasets(other)
    assert row.state is DatasetState.LOOKING
    assert (root / "2024" / "chests" / "1.dcm").exists()


def test_the_way_goes_up_again_and_an_archive_can_be_taken(home: actions.Home, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    (root / "below").mkdir(parents=True)
    (root / "cells.zip").write_bytes(archive())
    other = with_settings(tmp_path, import_roots=str(root))
    app = shown()
    app.button(key="data_dir_0").click().run()
    app.button(key="data_dir_up").click().run()
    app.button(key="data_archive_0").click().run()
    (row,) = actions.list_datasets(other)
    assert row.name == "cells"


def test_a_folder_that_vanished_is_said_in_words_and_the_way_begins_anew(home: actions.Home, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    (root / "below").mkdir(parents=True)
    with_settings(tmp_path, import_roots=str(root))
    app = shown()
    app.button(key="data_dir_0").click().run()
    (root / "below").rmdir()
    app.run()
    assert any("no such folder" in error.value for error in app.error)
    app.run()
    assert not app.error


def test_a_public_set_is_chosen_by_name_and_size(home: actions.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(home: actions.Home, key: str) -> str:
        home.store.add_dataset(f"ds_{key}", key, Task.CLASSIFICATION, DatasetState.LOOKING)
        home.store.submit("fet_a", JobKind.FETCH, f"ds_{key}", {})
        return f"ds_{key}"

    monkeypatch.setattr(actions, "fetch_public_set", fetch)
    app = shown()
    app.selectbox(key="data_public_set").set_value("BreastMNIST").run()
    assert "780 images, 612 kB to fetch" in words(app)
    app.segmented_control(key="data_public_side").set_value("64 px").run()
    app.button(key="data_public").click().run()
    assert [row.id for row in actions.list_datasets(home)] == ["ds_breastmnist_64"]
    assert "### Fetching" in words(app)


def test_without_a_network_a_public_set_is_refused_at_once(home: actions.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(home: actions.Home, key: str) -> str:
        raise NoNetwork("The network cannot be reached.", "Upload the file.")

    monkeypatch.setattr(actions, "fetch_public_set", unreachable)
    app = shown()
    app.button(key="data_public").click().run()
    assert "cannot be reached" in app.error[0].value
    assert actions.list_datasets(home) == []


def test_a_server_that_may_not_fetch_says_so_instead_of_offering_it(home: actions.Home, tmp_path: Path) -> None:
    with_settings(tmp_path, network=False)
    app = shown()
    assert "LIGHTBOX_NETWORK" in words(app)
    assert not [button for button in app.button if button.key == "data_public"]
