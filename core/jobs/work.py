"""A job in the hands of the child that does it: what it may use, and the one way to end it well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from core.jobs.pulse import Pulse
from core.jobs.sink import StoreSink, Superseded
from core.settings import Settings
from core.store import JobRow, Store


@dataclass(frozen=True)
class Work:
    """What a job is done with; `pulse` says that it is alive until its ending is written."""

    settings: Settings
    store: Store
    job: JobRow
    sink: StoreSink
    pulse: Pulse

    @contextmanager
    def ending(self, result: dict[str, Any], *, stopped: bool = False) -> Iterator[Store]:
        """The transaction that ends the job: what the block writes is kept together with the ending, or not at all.

        Args:
            result: what the job has to say.
            stopped: whether it ends because the user asked for it.

        Raises:
            Superseded: the job was another's; nothing was written.
        """
        self.sink.flush()
        self.pulse.close()
        end = self.store.stop if stopped else self.store.finish
        with self.store.together():
            yield self.store
            if not end(self.job.id, result, attempt=self.job.attempt):
                raise Superseded
