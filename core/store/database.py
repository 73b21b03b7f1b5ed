"""A connection to the database: its engine, its transactions, and a cheap way to notice that something changed."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from core.errors import DiskFull

BUSY_S = 30.0  # how long a writer waits for another one's turn to end


class Database:
    """One process's way to the tables. An engine does not survive a fork: a child opens its own."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(lightbox_writes=True)
        self._pid = os.getpid()
        self._here = threading.local()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite's."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database; inside `write` it is that one."""
        self._refuse_fork()
        joined: Connection | None = getattr(self._here, "connection", None)
        if joined is not None:
            yield joined
            return
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write, kept as a whole or not at all; one inside another joins it.

        On SQLite it holds the only pen from its first line (`BEGIN IMMEDIATE`), so what it reads stays true.

        Raises:
            DiskFull: the disk took no more.
        """
        self._refuse_fork()
        joined: Connection | None = getattr(self._here, "connection", None)
        if joined is not None:
            yield joined
            return
        with _told_when_full(), self._writing.begin() as connection:
            self._here.connection = connection
            try:
                yield connection
            finally:
                del self._here.connection

    def close(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()

    def _refuse_fork(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError("This store was opened by the parent process: open another one after a fork.")


class Watch:
    """Tells whether anything was written since it was last asked, at the price of a few microseconds on SQLite.

    Other databases have no such counter; there the answer is always yes.
    """

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.raw_connection() if database.is_sqlite else None
        self._seen: Any = None

    def changed(self) -> bool:
        """Whether the database may have changed since the last call; yes at the first."""
        if self._connection is None:
            return True
        cursor = self._connection.cursor()
        version = cursor.execute("PRAGMA data_version").fetchone()
        cursor.close()
        changed, self._seen = version != self._seen, version
        return bool(changed)

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    _make_folder(url)
    engine = create_engine(url, pool_size=8, max_overflow=56)  # a connection for every thread of a busy page server
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _switch_to_wal(engine)
    return engine


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError("The store is shared between processes: it needs a file, not a database in memory.")
    Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    for pragma in (f"busy_timeout={int(BUSY_S * 1000)}", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("lightbox_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _switch_to_wal(engine: Engine) -> None:
    """Readers and a writer side by side. The switch itself needs the file alone and does not wait: so we do."""
    until = time.monotonic() + BUSY_S
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        while cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            try:
                cursor.execute("PRAGMA journal_mode=WAL").fetchone()
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
    finally:
        connection.close()


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if _is_full(error.orig):
            raise DiskFull(
                "The disk that holds the home folder is full.", "Free some space, then run it again."
            ) from error
        raise


def _is_full(error: object) -> bool:
    """SQLite's own name for it, or PostgreSQL's `disk_full`."""
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(error, "sqlstate", "") == "53100"
