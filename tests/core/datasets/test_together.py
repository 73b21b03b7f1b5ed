"""A process that is killed anywhere in a change leaves the data set as it was or as it was to be, never between."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager

import pytest

from core.datasets import Shelf, import_source
from core.datasets.describing import content_digest
from core.datasets.together import replace_both, settle
from core.revisions.revising import can_undo
from core.settings import Settings
from core.specs import Split
from tests.core.sources.sources import class_folders

KILLED = """
import os, shutil, sys
from pathlib import Path
from core.datasets import Shelf
from core.revisions.revising import revise, undo
from core.settings import Settings
from core.specs import Edits, Exclude, Relabel, SplitConfig

import pyarrow  # before the fork, which then starts no thread
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)

home = Path(sys.argv[1])
CHANGES = {"open", "os.rename", "os.link", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree"}


def begin(what, folder):
    shelf = Shelf(folder)
    if what == "undo":
        undo(shelf)
    elif what == "resplit":
        shelf.resplit(SplitConfig(seed=5))
    else:
        target = folder if what == "in place" else folder.with_name("child")
        edits = Edits(edits=(Exclude(item_ids=(0, 1)), Relabel(item_ids=(2,), label="b")))
        revise(shelf, edits, target, Settings(home=home), lambda _: None, lambda: False, None)


def killed_at(step, what, folder):
    count = 0

    def hook(event, arguments):
        nonlocal count
        if event not in CHANGES or str(folder.parent) not in str(arguments):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return
        count += 1
        if count == step:
            os._exit(9)

    sys.addaudithook(hook)
    begin(what, folder)
    os._exit(0)


def killed_everywhere(what, before):
    step, ended = 0, 9
    while ended == 9:
        step += 1
        folder = home / what / str(step) / "ds"
        shutil.copytree(before, folder)
        child = os.fork()
        if not child:
            killed_at(step, what, folder)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended == 0, ended
    return folder


changed = killed_everywhere("in place", home / "before")
killed_everywhere("undo", changed)
killed_everywhere("resplit", home / "before")
killed_everywhere("beside", home / "before")
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Copies of a data set, `<what>/<step>/ds`: something was done to each, and killed at that change on disk."""
    home = tmp_path_factory.mktemp("killed")
    source = home / "source.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name, data in class_folders({"a": 5, "b": 5}).items():
            archive.writestr(name, data)
    import_source(source, home / "before", Settings(home=home), lambda _: None, lambda: False)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home)], capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return home


def steps(home, what):
    """The copies, in the order of the change at which they were killed; the last one was not."""
    return sorted((home / what).iterdir(), key=lambda path: int(path.name))


@pytest.fixture
def shelf(make_zip, bring_in):
    return bring_in(make_zip(class_folders({"a": 5, "b": 5})))


def whole(folder):
    """A data set whose table and card agree, with every file; the digest of its content and its split."""
    shelf = Shelf(folder)
    items, card = shelf.items, shelf.card
    assert content_digest(items, card.classes) == card.content_digest
    assert [card.count(split) for split in Split] == [(items["split"] == split.value).sum() for split in Split]
    for item_id, digest in enumerate(items["digest"]):
        assert hashlib.sha256(shelf.original(item_id)).hexdigest() == digest
    assert not (folder / "next").exists()
    return card.revision, card.content_digest, items["split"].tolist()


def test_a_revision_in_place_is_old_or_new(killed):
    places = steps(killed, "in place")
    old, states = whole(killed / "before"), [whole(place / "ds") for place in places]
    new = states[-1]
    assert (old[0], new[0]) == (1, 2)
    changed = [state == new for state in states]
    assert all(state in (old, new) for state in states)
    assert changed == sorted(changed)  # once it is new it stays new
    assert 3 < changed.index(True) < len(changed) - 3  # it was killed before the moment of the change, and after it
    assert [can_undo(Shelf(place / "ds")) for place in places] == changed


def test_an_undo_is_done_or_not(killed):
    old, new = whole(steps(killed, "in place")[-1] / "ds"), whole(killed / "before")
    states = [whole(place / "ds") for place in steps(killed, "undo")]
    assert all(state in (old, new) for state in states)
    assert (states[0], states[-1]) == (old, new)


def test_another_split_is_there_or_not(killed):
    old, states = whole(killed / "before"), [whole(place / "ds") for place in steps(killed, "resplit")]
    assert all(state in (old, states[-1]) for state in states)
    assert states[0] == old != states[-1]


def test_a_revision_beside_is_there_as_a_whole_or_not_at_all(killed):
    places, before = steps(killed, "beside"), whole(killed / "before")
    for place in places:
        assert whole(place / "ds") == before
        assert sorted(path.name for path in (place / "ds").iterdir()) == ["card.json", "items.parquet", "originals"]
        if (place / "child").exists():
            assert whole(place / "child")[0] == 2
    assert (places[-1] / "child").exists()
    assert not (places[0] / "child").exists()


def test_a_guard_that_refuses_leaves_all_as_it_was(shelf):
    before = {path.name: path.read_bytes() for path in shelf.folder.iterdir() if path.is_file()}

    @contextmanager
    def refuse(card):
        raise RuntimeError("somebody else has it")
        yield

    with pytest.raises(RuntimeError):
        replace_both(shelf.folder, shelf.items.iloc[:3], shelf.card, refuse)
    settle(shelf.folder)
    assert {path.name: path.read_bytes() for path in shelf.folder.iterdir() if path.is_file()} == before
    assert len(list(shelf.folder.iterdir())) == 3


def test_a_full_disk_leaves_all_as_it_was(shelf, monkeypatch):
    before = json.loads((shelf.folder / "card.json").read_text())

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        replace_both(shelf.folder, shelf.items.iloc[:3], shelf.card)
    assert json.loads((shelf.folder / "card.json").read_text()) == before
    assert len(Shelf(shelf.folder).items) == 10
