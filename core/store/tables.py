"""The tables, as the newest revision leaves them: one metadata for queries, migrations and their comparison.

JSON stands in text columns and is read and written through the specs. Times are unix seconds from the writer's
clock. Only types that SQLite and PostgreSQL share.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = String(40)

# `parent_id` is the data set that this one is a revision of; no foreign key: a revision outlives its parent.
datasets = Table(
    "datasets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("task", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("card", Text),
    Column("created_at", Double, nullable=False),
    Column("parent_id", ID),
)

recipes = Table(
    "recipes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("dataset_id", ID, ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
    Column("recipe", Text, nullable=False),
    Column("augmentation", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Index(None, "dataset_id"),
)

# `after`, `subject_id` and `worker_id` are no foreign keys: what they name may vanish, and a job must say so then.
# `turn` is the place in the queue (a clock may jump, this never does); `attempt` counts how often the job was taken
# and fences off a child that was thought dead; `deaths` counts the attempts that died since it got any further.
jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("subject_id", ID, nullable=False),
    Column("payload", Text, nullable=False),
    Column("after", ID),
    Column("turn", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("stop_requested", Boolean, nullable=False),
    Column("progress", Text, nullable=False),
    Column("worker_id", ID),
    Column("pid", Integer),
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("heartbeat_at", Double),
    Column("ending", String(40)),
    Column("what", Text),
    Column("remedy", Text),
    Column("result", Text),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("ended_at", Double),
    Index(None, "lane", "state", "turn"),
    Index(None, "subject_id"),
)

# A run outlives its data set: no foreign key there. Its id is its training job's id.
runs = Table(
    "runs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("task", String(40), nullable=False),
    Column("dataset_id", ID, nullable=False),
    Column("config", Text, nullable=False),
    Column("summary", Text),
    Column("test_opened", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Index(None, "dataset_id"),
)

# `seq` is never used twice, even after points were cleared, so that a reader of "everything after seq" misses none.
points = Table(
    "points",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("epoch", Double, nullable=False),
    Column("figures", Text, nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "run_id", "seq"),
    sqlite_autoincrement=True,
)

workers = Table(
    "workers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("device", Text),
    Column("started_at", Double, nullable=False),
    Column("heartbeat_at", Double, nullable=False),
)
