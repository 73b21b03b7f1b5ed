"""Folders on the server: only those that the settings name, and nothing beside them by whatever way."""

import os

import pytest

from core import actions
from core.errors import AccessDenied, NotFound
from core.jobs.sources import source_of
from core.specs import JobKind


@pytest.fixture
def tree(tmp_path):
    """Two folders that may be imported from, and a secret one beside them."""
    for name in ("studies/chest", "studies/.hidden", "other", "studies_secret"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "studies_secret" / "key.zip").touch()
    for name in ("b.zip", "a.npz", "notes.txt", ".hidden.zip"):
        (tmp_path / "studies" / name).write_bytes(b"x")
    (tmp_path / "studies" / "out").symlink_to(tmp_path / "studies_secret")
    (tmp_path / "studies" / "out.zip").symlink_to(tmp_path / "studies_secret" / "key.zip")
    return tmp_path


@pytest.fixture
def served(tree, settings):
    named = os.pathsep.join(map(str, (tree / "studies", tree / "other", tree / "missing", "relative")))
    home = actions.open_home(settings.model_copy(update={"import_roots": named}))
    yield home
    home.store.close()


def test_without_a_setting_nothing_on_the_server_can_be_seen(home, tree):
    assert actions.roots(home) == ()
    with pytest.raises(AccessDenied):
        actions.folder_page(home, tree)


def test_the_roots_are_the_folders_that_the_settings_name_and_that_are_there(served, tree):
    assert actions.roots(served) == (tree / "studies", tree / "other")


def test_a_folder_shows_its_folders_and_archives_but_no_links_and_nothing_hidden(served, tree):
    page = actions.folder_page(served, tree / "studies")
    assert (page.path, page.parent, page.truncated) == (tree / "studies", None, False)
    assert page.folders == (tree / "studies" / "chest",)
    assert [(file.name, file.size) for file in page.archives] == [("a.npz", 1), ("b.zip", 1)]
    assert page.files == 3
    assert actions.folder_page(served, tree / "studies" / "chest").parent == tree / "studies"


@pytest.mark.parametrize(
    "way", ["studies/../studies_secret", "studies/out", "studies_secret", "studies/out/../..", ".", "studies/out.zip"]
)
def test_no_way_leads_out(served, tree, way):
    with pytest.raises(AccessDenied):
        actions.folder_page(served, tree / way)


def test_a_relative_path_is_none_of_them(served, tree, monkeypatch):
    monkeypatch.chdir(tree / "studies")
    with pytest.raises(AccessDenied):
        actions.folder_page(served, type(tree)("chest"))


@pytest.mark.parametrize("name", ["studies/none", "studies/b.zip"])
def test_what_is_no_folder_is_not_found(served, tree, name):
    with pytest.raises(NotFound):
        actions.folder_page(served, tree / name)


def test_a_root_that_is_a_link_itself_is_followed(tree, settings):
    (tree / "link").symlink_to(tree / "studies")
    home = actions.open_home(settings.model_copy(update={"import_roots": str(tree / "link")}))
    assert actions.roots(home) == (tree / "studies",)
    assert actions.folder_page(home, tree / "link" / "chest").path == tree / "studies" / "chest"
    home.store.close()


def test_a_long_list_is_cut_and_says_so(served, tree, monkeypatch):
    monkeypatch.setattr("core.actions.server_folders.MOST_SHOWN", 1)
    page = actions.folder_page(served, tree / "studies")
    assert ([file.name for file in page.archives], page.truncated) == (["a.npz"], True)


@pytest.mark.parametrize("meanwhile", ["link", "other roots"])
def test_what_a_visitor_named_is_checked_again_when_it_is_read(served, tree, meanwhile):
    """The folder has become a link that leads out since, or its root is not one any more."""
    dataset_id = actions.bring_in_from_server(served, tree / "studies" / "chest", "A")
    settings, job = served.settings, actions.job_of(served, dataset_id)
    assert source_of(settings, job) == tree / "studies" / "chest"
    if meanwhile == "link":
        (tree / "studies" / "chest").rmdir()
        (tree / "studies" / "chest").symlink_to(tree / "studies_secret")
    else:
        settings = settings.model_copy(update={"import_roots": str(tree / "other")})
    with pytest.raises(AccessDenied):
        source_of(settings, job)


def test_what_the_command_line_named_needs_no_root(served, tree):
    (tree / "studies_secret" / "link").symlink_to(tree / "other")
    dataset_id = actions.bring_in(served, tree / "studies_secret" / "link", "A")
    assert source_of(served.settings, actions.job_of(served, dataset_id)) == tree / "other"


def test_only_what_lies_in_a_root_is_brought_in(served, tree):
    for way in ("studies/../studies_secret", "studies/out", "studies/out.zip", "studies_secret/key.zip"):
        with pytest.raises(AccessDenied):
            actions.bring_in_from_server(served, tree / way, "A")
    with pytest.raises(NotFound):
        actions.bring_in_from_server(served, tree / "studies/none.zip", "A")
    assert actions.list_datasets(served) == []
    dataset_id = actions.bring_in_from_server(served, tree / "studies" / "chest", "A")
    assert actions.job_of(served, dataset_id).kind is JobKind.LOOK
    actions.delete_dataset(served, dataset_id)
    assert (tree / "studies" / "chest").exists(), "what lies on the server is never ours to delete"
