"""What Alembic runs around the migrations: the caller's connection, inside its transaction."""

from alembic import context

from vedette.storage.metadata.revisions import REVISION_TABLE
from vedette.storage.metadata.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=REVISION_TABLE,
    # SQLite can undo DDL too; Alembic assumes that its driver cannot, ours is told to.
    transactional_ddl=True,
)
context.run_migrations()
