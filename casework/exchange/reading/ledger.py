"""Lines of the landlord's monthly ledgers. There are many of them: this loop is the hot one."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat

from casework.exchange.reading.cells import CODE_LENGTH, AmountsRead, BadCell, read_amount, read_line, read_month
from casework.exchange.reading.records import LEDGER_AMOUNTS, Batch, LedgerRow, Reason, Refusal, reason
from casework.exchange.reading.tables import Table

_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20|21)\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


def month_in_name(name: str) -> str | None:
    """Return the ISO date of the month that the name of a file carries (`quittancement_2025-06.csv`), or None."""
    found = _MONTH_IN_NAME.search(name)
    return f"{found[1]}-{found[2]}-01" if found else None


@lru_cache(maxsize=100_000)
def read_lease(text: str) -> str:
    """Return a lease number. Raises BadCell when there is none, or it is too long to be one."""
    lease = read_line(text, CODE_LENGTH)
    if not lease:
        raise BadCell(reason("Le numéro de bail manque."))
    return lease


def read_ledger(amounts: AmountsRead, table: Table, batch: Batch) -> None:
    """Add the lines of a ledger to `batch`; `amounts` serves all the ledgers of one reading."""
    expected = month_in_name(table.sheet.name)
    columns = table.columns()
    if columns is not None:
        try:
            batch.ledger += _whole(amounts, table.sheet.name, expected, *columns)
        except BadCell:
            table.sheet.read = 0
        else:
            return
    for line, cells in table.rows(batch.refused):
        faults = _faults(table.sheet.name, line, expected, cells)
        if faults:
            batch.refused += faults
        else:
            batch.ledger += _whole(amounts, table.sheet.name, expected, [line], [[cell] for cell in cells])


def _whole(
    cents: AmountsRead, name: str, expected: str | None, lines: Sequence[int], columns: Sequence[Sequence[str]]
) -> Iterator[LedgerRow]:
    """Return the lines of columns without any fault. Raises BadCell when there is one, before any line is made."""
    lease, tenant, month, *amounts = columns
    months = list(map(read_month, month))
    if expected is not None and set(months) != {expected}:
        raise BadCell(_wrong_month(expected))
    rent, charges, benefit, paid, balance = (list(map(cents.__getitem__, column)) for column in amounts)
    leases, tenants = list(map(read_lease, lease)), list(map(read_line, tenant))
    return zip(repeat(name), lines, leases, months, rent, charges, benefit, paid, balance, tenants, strict=False)


def _wrong_month(expected: str) -> Reason:
    return reason("Le nom du fichier annonce le mois %(month)s.", month=f"{expected[5:7]}/{expected[:4]}")


def _faults(name: str, line: int, expected: str | None, cells: tuple[str, ...]) -> list[Refusal]:
    """Return every fault of a line."""
    lease, tenant, month, *amounts = cells
    faults: list[Refusal] = []

    def check(column: str, text: str, read: Callable[[str], object]) -> None:
        try:
            read(text)
        except BadCell as bad:
            faults.append(Refusal(name, line, column, text, bad.why))

    def read_expected(text: str) -> None:
        if read_month(text) != expected and expected is not None:
            raise BadCell(_wrong_month(expected))

    check("N° bail", lease, read_lease)
    check("Locataire", tenant, read_line)
    check("Mois", month, read_expected)
    for column, text in zip(LEDGER_AMOUNTS, amounts, strict=True):
        check(column, text, read_amount)
    return faults
