"""The points of a run's curves: appended, read from where a reader stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from core.specs import Point, PointKind
from core.store.part import Part
from core.store.tables import points


class Points(Part):
    """Points in the order in which they were written; `seq` rises and is never given twice."""

    def add_points(self, run_id: str, new: Sequence[Point]) -> None:
        """Append points; their own `seq` is passed over."""
        rows = [
            {"run_id": run_id, "kind": point.kind, "step": point.step, "epoch": point.epoch, "at": point.at}
            | {"figures": json.dumps(point.values)}
            for point in new
        ]
        if rows:
            with self._db.write() as connection:
                connection.execute(insert(points), rows)

    def points_after(self, run_id: str, seq: int, limit: int = 5000) -> list[Point]:
        """The first `limit` points with a `seq` above this one (0: from the start), oldest first."""
        newer = select(points).where(points.c.run_id == run_id, points.c.seq > seq).order_by(points.c.seq)
        with self._db.read() as connection:
            return [_read(row) for row in connection.execute(newer.limit(limit))]

    def epoch_points(self, run_id: str) -> list[Point]:
        """The points at the ends of epochs, oldest first: few beside those within epochs."""
        ends = select(points).where(points.c.run_id == run_id, points.c.kind == PointKind.EPOCH)
        with self._db.read() as connection:
            return [_read(row) for row in connection.execute(ends.order_by(points.c.seq))]

    def clear_points(self, run_id: str, after_step: int) -> None:
        """Forget the points after optimizer step `after_step` (-1: all), before a run goes on from there.

        A reader that has seen them learns of it when a point comes whose step is not above its last one.
        """
        self._change(delete(points).where(points.c.run_id == run_id, points.c.step > after_step))


def _read(row: Any) -> Point:
    values = {"seq": row.seq, "kind": PointKind(row.kind), "step": row.step, "epoch": row.epoch, "at": row.at}
    return Point(**values, values=json.loads(row.figures))
