"""The workers of this home, as they report themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select, update

from core.specs import DeviceFacts
from core.store.part import Part, plain
from core.store.rows import WorkerRow
from core.store.tables import workers

_FORGOTTEN_S = 24 * 3600.0


class Workers(Part):
    """Workers. Alive is who has beaten lately: a process id says nothing across machines and restarts."""

    def add_worker(self, worker_id: str, host: str, pid: int) -> None:
        """Register a worker; those silent for a day are forgotten."""
        now = self._now()
        with self._db.write() as connection:
            connection.execute(delete(workers).where(workers.c.heartbeat_at < now - _FORGOTTEN_S))
            row = {"id": worker_id, "host": host, "pid": pid, "started_at": now, "heartbeat_at": now}
            connection.execute(insert(workers).values(row))

    def beat_worker(self, worker_id: str) -> bool:
        """Say that it lives; False when it is not registered (any more)."""
        return self._change(update(workers).where(workers.c.id == worker_id).values(heartbeat_at=self._now())) == 1

    def end_worker(self, worker_id: str) -> None:
        """Take a worker off the list; one that is not there is no error."""
        self._change(delete(workers).where(workers.c.id == worker_id))

    def live_workers(self, silent_s: float) -> list[WorkerRow]:
        """Workers that gave a sign of life within `silent_s` seconds (of either side of now), oldest first."""
        now = self._now()
        lives = select(workers).where(
            workers.c.heartbeat_at >= now - silent_s, workers.c.heartbeat_at <= now + silent_s
        )
        with self._db.read() as connection:
            return [_read(row) for row in connection.execute(lives.order_by(workers.c.started_at, workers.c.id))]

    def set_device(self, worker_id: str, device: DeviceFacts) -> None:
        """Keep what a worker's children run on."""
        self._change(update(workers).where(workers.c.id == worker_id).values(device=device.model_dump_json()))


def _read(row: Any) -> WorkerRow:
    values = plain(row)
    device = values["device"]
    return WorkerRow(**values | {"device": None if device is None else DeviceFacts.model_validate_json(device)})
