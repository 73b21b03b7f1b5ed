"""What is remembered: tables, migrations, and the state machine of a job. SQLAlchemy Core on SQLite or PostgreSQL.

May import: specs, settings, errors. Promises: what each class's docstring says, which its tests hold on every
database; JSON through the specs, never a pickle. A store belongs to one process: after a fork open another.
"""

from core.store.ids import new_id
from core.store.jobs import MAKES_DATA
from core.store.rows import DatasetRow, JobRow, RecipeRow, RunRow, WorkerRow
from core.store.store import Store

__all__ = ["MAKES_DATA", "DatasetRow", "JobRow", "RecipeRow", "RunRow", "Store", "WorkerRow", "new_id"]
