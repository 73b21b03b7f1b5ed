"""The store: everything that is remembered, behind one door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from core.store.database import Database, Watch
from core.store.datasets import Datasets
from core.store.migrate import migrate
from core.store.points import Points
from core.store.queue import Queue
from core.store.recipes import Recipes
from core.store.runs import Runs
from core.store.workers import Workers


class Store(Datasets, Recipes, Queue, Runs, Points, Workers):
    """Data sets, recipes, jobs, runs, points and workers in one database.

    Promises: usable from many threads and many processes at once; a call has happened entirely or not at all when it
    returns or raises; an unknown id is `NotFound`; times are unix seconds from this process's clock. A store belongs
    to the process that opened it: after a fork open another one.
    """

    @classmethod
    def open(cls, database_url: str, *, now: Callable[[], float] = time.time) -> Self:
        """Open a database, making it or bringing it to the newest revision as needed.

        Args:
            database_url: a SQLAlchemy URL; a SQLite file's folder is made (0700) where it is missing.
            now: the clock.

        Raises:
            WrongState: the database was written by a newer Lightbox.
        """
        database = Database(database_url)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database, now)

    def close(self) -> None:
        """Close the connections that nobody holds."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Every call on this store inside, by this thread, is one transaction: all of it is kept, or nothing."""
        with self._db.write():
            yield

    def watch(self) -> Watch:
        """A cheap way to notice that something was written, by whomever; close it when done."""
        return Watch(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
