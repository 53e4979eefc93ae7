"""Households by the thousand, the same at each run: simulated ones, many times over.

The database multiplies their rows itself. They lie in the order in which life brings them (all contacts of a day, all
lines of a month), so that the history of one household is spread over the tables, as it is in use.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

from bench.households import CLOCK, LIVED, TODAY, Lived, tables_of_households
from casework.accounts.models import User
from casework.alerts.service import sweep_programme
from casework.kernel import audit
from casework.kernel.context import Actor
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context

CASES_OF_ONE = 50
SYSTEM = Actor(None, None, "SYSTEM")
# The ledgers that are still to be imported wait here, in a database that has none.
AWAITED = "awaited_lines"

# The row n of a table becomes the rows (n - 1) × :copies + 1 to n × :copies.
_MULTIPLIED = "({row} - 1) * :copies + copy + 1"
# Who follows a case is dealt anew: one referent has as many cases whatever the size, the others share the rest.
_REFERENT = "CASE WHEN {case} % :every = 1 THEN :first ELSE :first + 1 + {case} % :others END"
# What is unique, or by what households are told apart, is another one in each copy.
_OTHERWISE = {
    ("cases", "number"): "number || '-' || copy",
    ("cases", "referent_id"): _REFERENT.format(case=f"({_MULTIPLIED.format(row='id')})"),
    ("case_team", "user_id"): _REFERENT.format(case=f"({_MULTIPLIED.format(row='case_id')})"),
    ("rent_accounts", "lease_number"): "lease_number || '-' || copy",
    ("persons", "family_name"): "family_name || ' ' || chr(65 + copy % 26) || to_hex(copy)",
}


@dataclass(frozen=True)
class Filled:
    """A database with its households, and who signs in to it.

    `busy`: the cases that run and have a full page of contacts, one copy of each household after the other.
    """

    url: str
    size: int
    programme_id: int
    landlord_id: int
    manager: User
    referent: User
    busy: tuple[int, ...]


def fill(url: str, superuser_url: str, lived: Lived, size: int, *, ledger: bool = True) -> Filled:
    """Make at least `size` households of those that live in the database, without summaries and alerts as yet.

    Without `ledger` the lines of their accounts are not theirs yet: they wait in a table that the product does not know.
    """
    copies = -(-size // lived.count)
    first = min(user.id for user in lived.referents)
    values = {
        "copies": copies,
        "first": first,
        "others": len(lived.referents) - 1,
        "every": max(2, copies * lived.count // CASES_OF_ONE),
    }
    engine = create_engine_for(superuser_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # The rows are consistent as they are made: checking each foreign key would take longer than everything else.
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("SET synchronous_commit = off"))
        if not ledger:
            connection.execute(text(f"CREATE TABLE {AWAITED} (LIKE rent_lines)"))
            connection.execute(text(f"GRANT SELECT ON {AWAITED} TO PUBLIC"))
        for table in tables_of_households():
            _multiply(connection, table, AWAITED if table.name == "rent_lines" and not ledger else table.name, values)
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()
    busy = tuple((case_id - 1) * copies + copy + 1 for copy in range(copies) for case_id in lived.busy)
    referent = next(user for user in lived.referents if user.id == first)
    size = copies * lived.count
    return Filled(url, size, lived.programme_id, lived.landlord_id, lived.manager, referent, busy)


def _multiply(connection: Connection, table: Table, home: str, values: dict[str, int]) -> None:
    """Put each row of those who lived into `home` as often as there are copies, in the order in which they came."""
    cells = {column.name: _cell(table, column.name) for column in table.c}
    insertion = (
        f"INSERT INTO {home} ({', '.join(cells)}) SELECT {', '.join(cells.values())} "
        f"FROM (SELECT *, generate_series(0, :copies - 1) AS copy FROM {LIVED}.{table.name}) rows"
    )
    connection.execute(text(insertion), values)
    if "id" in table.c:
        last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
        connection.execute(text(last))


def _cell(table: Table, name: str) -> str:
    if (table.name, name) in _OTHERWISE:
        return _OTHERWISE[table.name, name]
    targets = {key.column.table.name for key in table.c[name].foreign_keys}
    if name == "id" or targets & {str(lived) for lived in tables_of_households()}:
        return _MULTIPLIED.format(row=name)
    return name


def sweep(url: str, programme_id: int) -> int:
    """Run the application's sweep of all rules and return how many alerts hold."""
    engine = create_engine_for(url)
    audit.install(engine)
    with writing_context(engine, SYSTEM, CLOCK, "bench", Events()) as ctx:
        found = sweep_programme(ctx, programme_id, TODAY)
    engine.dispose()
    return len(found)
