"""Alembic's way in: runs the migrations on the connection `bullseye.store.migrate` hands over."""

from alembic import context


def run() -> None:
    """Run what Alembic was called for, inside the caller's transaction."""
    handed = context.config.attributes
    context.configure(connection=handed["connection"], **handed["options"])
    context.run_migrations()


if hasattr(context, "config"):  # only while Alembic runs this file, not on a plain import
    run()
