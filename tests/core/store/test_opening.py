"""Opening a home: from nothing, again, by many at once, and one that a newer version has written."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import core.store
from core.errors import NotFound, WrongState
from core.specs import DatasetState, Task
from core.store import Store
from core.store.migrate import HEAD, VERSION_TABLE
from core.store.tables import metadata

REVISIONS = Path(core.store.__file__).parent / "revisions"


def test_the_migrations_lead_to_exactly_the_tables_that_the_code_uses(store, url):
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert sa.inspect(connection).has_table(VERSION_TABLE)
    engine.dispose()


def test_the_head_that_is_compared_without_alembic_is_the_newest_revision():
    assert ScriptDirectory(str(REVISIONS)).get_current_head() == HEAD


def test_a_home_that_is_there_opens_without_alembic(store, url):
    code = "import sys; from core.store import Store; Store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_four_processes_that_open_a_new_home_at_once_all_succeed(url):
    code = (
        "import sys; from core.store import Store, new_id; from core.specs import Task\n"
        "import alembic.command, alembic.config\n"  # slow to import: without it they would not meet
        "print('ready', flush=True); sys.stdin.readline()\n"
        "store = Store.open(sys.argv[1]); store.add_dataset(new_id('ds'), 'x', Task.CLASSIFICATION); store.close()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-W", "error", "-c", code, url], **pipes) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, complaints = process.communicate(timeout=60)
        assert (process.returncode, complaints) == (0, "")
    with Store.open(url) as store:
        assert len(store.datasets()) == 4


def test_a_home_of_a_newer_version_is_refused_and_left_alone(store, url):
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(WrongState, match="newer Lightbox"):
        Store.open(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "9999"
    engine.dispose()


def test_the_home_folder_is_made_for_its_owner_alone(tmp_path):
    Store.open(f"sqlite:///{tmp_path / 'deep' / 'home' / 'lightbox.db'}").close()
    assert stat.S_IMODE((tmp_path / "deep" / "home").stat().st_mode) == 0o700


def test_sqlite_writes_ahead_and_checks_foreign_keys(tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'lightbox.db'}") as store, store._db.read() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 1, 30_000]  # synchronous 1 is NORMAL


def test_a_database_in_memory_is_refused():
    with pytest.raises(ValueError, match="needs a file"):
        Store.open("sqlite://")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_store_does_not_follow_its_process_through_a_fork(store):
    child = os.fork()
    if child == 0:
        try:
            store.datasets()
        except RuntimeError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_what_is_done_together_is_kept_or_lost_as_one(store):
    with store.together():
        store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
        store.rename_dataset("ds_a", "B")
    assert store.dataset("ds_a").name == "B"


def test_a_failure_inside_takes_everything_before_it_back(store):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)

    def rename_two():
        with store.together():
            store.rename_dataset("ds_a", "B")
            store.rename_dataset("ds_none", "B")

    with pytest.raises(NotFound):
        rename_two()
    assert store.dataset("ds_a").name == "A"


def test_a_watch_notices_every_write_and_nothing_else(store, url):
    watch = store.watch()
    assert watch.changed()
    if url.startswith("sqlite"):
        assert not watch.changed()
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
    assert watch.changed()
    watch.close()


def test_a_home_of_the_first_revision_opens_with_all_that_is_in_it(tmp_path):
    with sqlite3.connect(tmp_path / "lightbox.db") as old:
        old.executescript((Path(__file__).parent / "home_0001.sql").read_text(encoding="utf-8"))
    old.close()
    with Store.open(f"sqlite:///{tmp_path / 'lightbox.db'}") as store:
        waits, accepted = store.datasets()
        assert (accepted.id, accepted.name, accepted.state) == ("ds_old", "Cells of last year", DatasetState.ACCEPTED)
        assert (accepted.parent_id, accepted.card.parent, accepted.card.revision) == (None, "", 1)
        assert (accepted.card.classes, accepted.card.images) == (("benign", "<malignant>"), 20)
        assert [recipe.name for recipe in store.recipes("ds_old")] == ["grey"]
        assert (store.run("run_old").config.dataset_id, store.run("run_old").summary.val_loss) == ("ds_old", 0.4)
        assert [point.step for point in store.points_after("run_old", 0)] == [7]
        assert waits.state is DatasetState.IMPORTING
        assert store.claim("data", "wrk_b").payload["source"] == "/uploads/more.zip"
        store.add_dataset("ds_child", "Child", Task.CLASSIFICATION, parent_id="ds_old")
        assert store.dataset("ds_child").parent_id == "ds_old"
