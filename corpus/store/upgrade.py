"""Alembic's door: all migrations of all branches, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import NullPool, create_engine, make_url

from corpus.errors import StoreError
from corpus.store.database import wholly_translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_HERE = Path(__file__).parent / "migrations"


def upgrade(path: Path, folders: Sequence[Path]) -> None:
    """Bring the file to the newest schema of every branch, or leave it as it was; raises StoreError. Blocks.

    The caller sees to it that no other process does the same at the same time.
    """
    url = make_url("sqlite://").set(database=str(path))
    # Without an isolation level the driver begins no transactions of its own, so tables are made inside ours.
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,  # a migration may rewrite articles and questions, and errors reach the log
        connect_args={"isolation_level": None, "timeout": 30},
    )
    try:
        with wholly_translated(path), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            connection.exec_driver_sql("PRAGMA synchronous = FULL")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            _run(connection, folders)
            connection.commit()
    except CommandError as error:
        raise StoreError(f"{path} can't be brought up to date: {error}") from error
    finally:
        engine.dispose()


def _run(connection: Connection, folders: Sequence[Path]) -> None:
    config = Config()
    config.set_main_option("script_location", _escaped(_HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(_escaped(folder) for folder in folders))
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, fn=lambda stored, _: script._upgrade_revs("heads", stored)) as environment:  # noqa: SLF001 - as Alembic's own command does
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        environment.run_migrations()


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
