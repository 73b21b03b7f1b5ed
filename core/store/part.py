"""What every part of the store stands on: the database, the writer's clock, and one way to say that a row is gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Update

from core.errors import NotFound
from core.store.database import Database


class Part:
    """A part of the store; its parts share one database and one clock."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._db = database
        self._now = now

    def _change(self, statement: Update | Delete) -> int:
        with self._db.write() as connection:
            return connection.execute(statement).rowcount

    def _change_one(self, statement: Update | Delete, what: str) -> None:
        if self._change(statement) == 0:
            raise gone(what)


def gone(what: str) -> NotFound:
    """The error for an id that the store does not know."""
    return NotFound(f"There is no {what} of this id (any more).", "It may have been deleted: choose another one.")


def changes(connection: Connection, statement: Update, *conditions: ColumnElement[bool]) -> bool:
    """Run a conditional update and say whether it won."""
    return bool(connection.execute(statement.where(*conditions)).rowcount)


def plain(row: Any) -> dict[str, Any]:
    """A result row as a dictionary."""
    return dict(row._mapping)
