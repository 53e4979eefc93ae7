"""The second wall, on PostgreSQL: what an actor's transaction cannot reach, whatever statement it sends.

`visible` is the door: a query that starts from it gives what role, team and level allow. A query that forgot it, or raw
SQL, meets this wall: rows of programmes in which the actor does not work are not there, and cannot be written. The
policies of all tables are generated here and laid anew by each migration; they hold for every role of the database but
the owner of the tables, so the application works under another one (`grants`, CASEWORK_DATABASE_ROLE).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    event,
    func,
    text,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from casework.kernel import late
from casework.kernel.context import Actor
from casework.kernel.database import constant
from casework.kernel.errors import ConfigurationError

POLICY = "casework"
SYSTEM = "SYSTEM"
# Who acts: an id, the ids of programmes, and whether it is the system itself. Empty or never set: nobody.
_IDENTIFY = (
    "SELECT set_config('casework.user_id', %s, %s), set_config('casework.programmes', %s, %s), "
    "set_config('casework.system', %s, %s)"
)
_LOCAL = bindparam("until_the_end", type_=Boolean())
_IS_SYSTEM = "(SELECT current_setting('casework.system', true) = 'on')"
_IS_ACTOR = "NOT DISTINCT FROM (SELECT nullif(current_setting('casework.user_id', true), '')::bigint)"
# A subselect without a row of the table is evaluated once for each statement, not for each row.
_OWN = "ANY ((SELECT string_to_array(current_setting('casework.programmes', true), ','))::bigint[])"

# Tables that hold nothing of a household: who works here, what programmes and their conventions say, how the service
# runs. And who opened a case without being of its team, motive closed. Every request asks for the last two before it is
# known who sends it.
OUTSIDE = frozenset(
    {
        "audit_head",
        "audit_purges",
        "glass_breaks",
        "job_runs",
        "organisations",
        "programme_members",
        "programme_versions",
        "programmes",
        "sent_forms",
        "sharing_clauses",
        "sharing_conventions",
        "sign_in_failures",
        "sign_in_sessions",
        "sweep_log",
        "users",
        "vault_keys",
    }
)
# Logs: everybody adds to them, in their own name; what is there is the system's alone to change.
LOGS = {"audit_events": "actor_id", "reading_log": "user_id"}
# Tables that no case names itself: the rows that lead to the cases they are about. A row that leads to none as yet is
# being made, by whoever makes it. The functions look past the policies: else what is hidden would look as if not there.
_FUNCTIONS = {
    "casework_reaches_household": "cases WHERE household_id = $1",
    "casework_reaches_person": "cases JOIN household_members USING (household_id) WHERE person_id = $1",
    "casework_reaches_dwelling": "cases WHERE dwelling_id = $1",
}
_INDIRECT = {
    "households": "casework_reaches_household(id)",
    "household_members": "casework_reaches_household(household_id)",
    "persons": "casework_reaches_person(id)",
    "dwellings": "casework_reaches_dwelling(id)",
    # The books are the landlord's: imports open accounts in them before a case names them.
    "rent_accounts": (
        f"EXISTS (SELECT FROM programmes p WHERE p.landlord_id = rent_accounts.landlord_id AND p.id = {_OWN})"
    ),
    "rent_lines": "EXISTS (SELECT FROM rent_accounts a WHERE a.id = rent_lines.account_id)",
}


def condition(table: Table) -> str | None:
    """Return the condition on the rows of `table` that an actor reaches, None for a table outside of the wall.

    What carries its programme is reached by those who work in it, what carries a case with the case itself. Raises
    LookupError for a table that says neither: whoever adds one says how it is reached, or why it need not be.
    """
    name = table.name
    if name in OUTSIDE:
        return None
    if name in _INDIRECT:
        return _INDIRECT[name]
    if "programme_id" in table.c:
        return f"{name}.programme_id = {_OWN}"
    if "case_id" in table.c:
        # The policy of the cases holds inside of it, too.
        return f"EXISTS (SELECT FROM cases WHERE cases.id = {name}.case_id)"
    raise LookupError(f"{name}: casework/kernel/row_security.py does not say how its rows are reached")


def policies(table: Table) -> tuple[str, ...]:
    """Return the statements that build the wall round a table; none for a table outside of it."""
    reached = condition(table)
    if reached is None:
        return ()
    name, allowed = table.name, f"{_IS_SYSTEM} OR {reached}"
    enable = f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    if name not in LOGS:
        return (enable, f"CREATE POLICY {POLICY} ON {name} USING ({allowed})")
    signed = f"{_IS_SYSTEM} OR {LOGS[name]} IS {_IS_ACTOR}"
    return (
        enable,
        f"CREATE POLICY {POLICY} ON {name} FOR SELECT USING ({allowed})",
        f"CREATE POLICY {POLICY}_insert ON {name} FOR INSERT WITH CHECK ({signed})",
        f"CREATE POLICY {POLICY}_update ON {name} FOR UPDATE USING ({_IS_SYSTEM})",
        f"CREATE POLICY {POLICY}_delete ON {name} FOR DELETE USING ({_IS_SYSTEM})",
    )


def take_down(connection: Connection) -> None:
    """Remove every policy, so that migrations can change what they name. Does nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    names = (
        "SELECT policyname, tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname LIKE :like"
    )
    for policy, table in connection.execute(text(names), {"like": f"{POLICY}%"}).all():
        connection.exec_driver_sql(f"DROP POLICY {policy} ON {table}")
    for function in _FUNCTIONS:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}(bigint)")


def put_up(connection: Connection, metadata: MetaData) -> None:
    """Build the wall round every table of `metadata` that the database has. Does nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    present = set(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")))
    if "cases" not in present:
        return
    for function, source in _FUNCTIONS.items():
        frame = "LANGUAGE sql STABLE SECURITY DEFINER"
        body = f"coalesce(bool_or((programme_id = {_OWN}) IS TRUE), true) FROM {source}"
        connection.exec_driver_sql(f"CREATE FUNCTION {function}(bigint) RETURNS boolean {frame} RETURN (SELECT {body})")
    for table in metadata.sorted_tables:
        if table.name in present:
            for statement in policies(table):
                connection.exec_driver_sql(statement)


def grants(role: str) -> tuple[str, ...]:
    """Return the statements by which the owner lets `role` work with the tables, those to come among them.

    It may read and write rows, nothing else: not change a table, not switch off its policies, not own anything.
    """
    return (
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO "{role}"',
        f'REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM "{role}"',
    )


def grant(connection: Connection, role: str) -> None:
    """Let `role` work with the tables of the owner who is connected, and be connected to by them.

    Raises ConfigurationError when there is no such role, or the wall would not hold for it.
    """
    found = connection.execute(
        text("SELECT rolsuper OR rolbypassrls OR rolname = current_user FROM pg_roles WHERE rolname = :role"),
        {"role": role},
    ).scalar_one_or_none()
    if found is None:
        raise ConfigurationError(
            "Il n’y a pas de compte « %(role)s ». Un administrateur de la base le crée par : CREATE ROLE %(role)s "
            "NOSUPERUSER NOBYPASSRLS; GRANT %(role)s TO le compte propriétaire, s’il doit le prendre. Puis recommencez.",
            role=role,
        )
    if found:
        raise ConfigurationError(
            "« %(role)s » est administrateur ou propriétaire : la barrière ne le retiendrait pas. Choisissez un autre compte.",
            role=role,
        )
    for statement in grants(role):
        connection.exec_driver_sql(statement)
    if (connection.dialect.server_version_info or (0,)) >= (17,):
        # To look at a table again after an import (ANALYZE); before 17, the server does it by itself a minute later.
        connection.exec_driver_sql(f'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO "{role}"')


def check(engine: Engine, metadata: MetaData, role: str | None) -> None:
    """Make sure that the wall stands when the application works under a role that it holds for.

    Raises ConfigurationError when `role` was asked for and the wall does not hold for it, or a table is without policy:
    behind a wall with a hole nobody would look for it. A database without tables, or out of reach, is for others to tell.
    """
    if engine.dialect.name != "postgresql":
        return
    try:
        with engine.connect() as connection:
            present: dict[str, bool] = dict(connection.execute(text(_STATES)).all())
    except DatabaseError:
        return
    if not present.get("cases") and role is None:
        return
    open_tables = [
        table.name
        for table in metadata.sorted_tables
        if table.name in present and condition(table) is not None and not present[table.name]
    ]
    if open_tables:
        raise ConfigurationError(
            "CASEWORK_DATABASE_ROLE : la base ne retient pas ce compte (%(tables)s). Il ne doit pas être propriétaire des "
            "tables ni administrateur ; lancez « casework db upgrade » avec le compte propriétaire, puis recommencez.",
            tables=", ".join(open_tables[:3]),
        )


# Tables, and whether policies hold on each of them for who asks.
_STATES = """
SELECT c.relname, row_security_active(c.oid) AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
"""


def identify_system(connection: Connection) -> None:
    """Say to the database that the system itself looks, on a connection that no session holds."""
    if connection.dialect.name == "postgresql":
        _identify(connection, Actor(None, None, SYSTEM), is_system=True)


def identifying(
    user_id: ColumnElement[int], programme_ids: ColumnElement[str]
) -> tuple[ColumnElement[str], ColumnElement[str], ColumnElement[str]]:
    """Return the columns by which the SELECT that finds who acts says so to the database, on PostgreSQL.

    The first gives `programme_ids` (numbers, a comma between them), the others nothing of use. The statement is
    executed with the values of `duration`; a row that it does not find says nothing.
    """
    return (
        func.set_config(constant("casework.programmes"), func.coalesce(programme_ids, constant("")), _LOCAL),
        func.set_config(constant("casework.user_id"), cast(user_id, Text), _LOCAL),
        func.set_config(constant("casework.system"), constant(""), _LOCAL),
    )


def duration(connection: Connection) -> dict[str, bool]:
    """Return the values by which a statement with the columns of `identifying` is executed; none on SQLite."""
    return {"until_the_end": _is_local(connection)} if connection.dialect.name == "postgresql" else {}


@contextmanager
def as_system(session: Session, actor: Actor) -> Iterator[None]:
    """Let the block reach past the programmes of `actor`: for what the system does because of what they did."""
    connection = session.connection()
    if connection.dialect.name != "postgresql" or actor.role == SYSTEM:
        yield
        return
    late.send(session)  # as whom it was written
    _identify(connection, actor, is_system=True)
    try:
        yield
        late.send(session)
    finally:
        # A transaction that the database refused can only be undone, and this with it.
        if not _is_refused(connection):
            _identify(connection, actor, is_system=False)


def _is_refused(connection: Connection) -> bool:
    return _driver_of(connection).info.transaction_status is TransactionStatus.INERROR


def _is_local(connection: Connection) -> bool:
    """Tell whether the end of the transaction takes the name of who acts off again."""
    is_local = not _driver_of(connection).autocommit
    if not is_local:  # the pool does, when the connection comes back
        connection.info["identified"] = True
    return is_local


def _driver_of(connection: Connection) -> psycopg.Connection[TupleRow]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("only psycopg tells whether it is in a transaction")
    return driver


def _identify(connection: Connection, actor: Actor, *, is_system: bool) -> None:
    is_local = _is_local(connection)
    user, programmes = str(actor.user_id or ""), ",".join(map(str, actor.programme_ids))
    system = "on" if is_system else ""
    _driver_of(connection).execute(_IDENTIFY, (user, is_local, programmes, is_local, system, is_local))


def _forget(connection: object, entry: ConnectionPoolEntry, _state: object) -> None:
    """Take the name of who acted off a connection that goes back to the pool; a failure closes it for good."""
    if entry.info.pop("identified", False) and isinstance(connection, psycopg.Connection):
        connection.execute(_IDENTIFY, ("", False, "", False, "", False))


def _identify_again(session: Session, _transaction: object, connection: Connection) -> None:
    bound = session.info.get("audit")
    if bound is None or connection.dialect.name != "postgresql":
        return
    actor: Actor = bound[0]
    if actor.role == SYSTEM or actor.user_id is not None:  # a visitor is who a connection is for by itself
        _identify(connection, actor, is_system=actor.role == SYSTEM)


def install(engine: Engine) -> None:
    """Let no connection of `engine` keep the name of who acted on it."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "reset", _forget)


event.listen(Session, "after_begin", _identify_again)
