"""How alembic runs our revisions: on the connection, and inside the transaction, that it is handed."""

from alembic import context

from core.store.migrate import VERSION_TABLE
from core.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
