"""Bring a database to the revision that this version of Lightbox speaks.

Opening a home that is already there costs one query: alembic is imported only when there is something to do.
The version table has a name of its own, because libraries that share the database keep theirs beside it.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table, text

from core.errors import WrongState
from core.store.database import Database

HEAD = "0002"
VERSION_TABLE = "lightbox_alembic_version"
_LOCK = 0x4C42  # any number that everybody who migrates agrees on


def migrate(database: Database) -> None:
    """Upgrade to `HEAD`; of several processes that come at once, one does it and the others find it done.

    Raises:
        WrongState: the database was written by a newer Lightbox.
    """
    with database.read() as connection:
        if _revision(connection) == HEAD:
            return
    with database.write() as connection:
        _wait_for_the_others(connection)
        found = _revision(connection)
        if found != HEAD:
            _upgrade(connection, found)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(table(VERSION_TABLE, column("version_num")).c.version_num)).scalar()


def _wait_for_the_others(connection: Connection) -> None:
    """SQLite's `BEGIN IMMEDIATE` has waited already; PostgreSQL is asked for a lock until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "revisions").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise WrongState(
            f"This home was written by a newer Lightbox (its store is at revision {found!r}, this one knows {HEAD!r}).",
            "Update Lightbox, or choose another home folder.",
        )
    command.upgrade(config, "head")
