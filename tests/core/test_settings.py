"""The environment becomes settings once, checked; ids never leave their folder."""

from pathlib import Path

import pytest

from core.errors import BadSetting
from core.settings import GiB, Settings, is_loopback, settings_from


def test_without_variables_everything_has_a_default():
    settings = settings_from({})
    assert settings.home == Path.home() / ".lightbox"
    assert settings.database == f"sqlite:///{settings.home}/lightbox.db"
    assert settings.access_key == ""
    assert settings.max_upload_bytes == 20 * GiB


def test_variables_are_read_by_their_kind():
    settings = settings_from(
        {"LIGHTBOX_HOME": "/srv/lightbox", "LIGHTBOX_START_WORKER": "0", "LIGHTBOX_MAX_FILES": "7"}
    )
    assert (settings.home, settings.start_worker, settings.max_files) == (Path("/srv/lightbox"), False, 7)


def test_another_database_takes_the_place_of_the_file():
    assert settings_from({"LIGHTBOX_DATABASE_URL": "postgresql://db/x"}).database == "postgresql://db/x"


def test_a_relative_home_and_a_tilde_become_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/someone")
    assert settings_from({"LIGHTBOX_HOME": "data"}).home == tmp_path / "data"
    assert settings_from({"LIGHTBOX_HOME": "~/data"}).home == Path("/home/someone/data")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIGHTBOX_MAX_FILES", "many"),
        ("LIGHTBOX_MAX_FILES", "0"),
        ("LIGHTBOX_START_WORKER", "perhaps"),
        ("LIGHTBOX_MAX_UPLOAD", "1"),  # the variable is called LIGHTBOX_MAX_UPLOAD_BYTES
    ],
)
def test_a_variable_that_cannot_be_used_is_named(name, value):
    with pytest.raises(BadSetting) as caught:
        settings_from({name: value})
    assert name in caught.value.what
    assert repr(value) in caught.value.what


def test_variables_of_others_do_not_matter():
    assert settings_from({"PATH": "/bin", "LIGHTBOX_REAL_DATA": "/data"}) == settings_from({})


@pytest.mark.parametrize("folder", [Settings.dataset_dir, Settings.run_dir, Settings.answer_dir])
@pytest.mark.parametrize("hostile", ["../ds_a", "ds_a/..", "", "/etc", "ds.a", "ds_ä", "a\x00b", "."])
def test_an_id_that_could_leave_its_folder_is_refused(folder, hostile):
    with pytest.raises(BadSetting):
        folder(Settings(home=Path("/srv/x")), hostile)


def test_the_folders_lie_below_the_home():
    settings = Settings(home=Path("/srv/x"))
    assert settings.dataset_dir("ds_a") == Path("/srv/x/datasets/ds_a")
    assert settings.run_dir("run_a") == Path("/srv/x/runs/run_a")
    assert settings.answer_dir("prd_a") == Path("/srv/x/answers/prd_a")
    assert settings.uploads_dir == Path("/srv/x/uploads")
    assert settings.packs_dir == Path("/srv/x/packs")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_is_known_by_its_address(address):
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "10.0.0.5", "lab-server", "127.0.0.1.example", "localhost.example.org", "", None]
)
def test_everything_else_is_the_network(address):
    assert not is_loopback(address)
