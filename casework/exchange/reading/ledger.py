"""Lines of the landlord's monthly ledgers. There are many of them: a sound page is read column by column."""

import re
from collections.abc import Callable, Sequence

from casework.exchange.reading.cells import CODE_LENGTH, BadCell, Known, read_amount, read_line, read_month
from casework.exchange.reading.records import LEDGER_AMOUNTS, Batch, LedgerPage, Reason, Refusal, reason
from casework.exchange.reading.tables import Table

_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20|21)\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


def month_in_name(name: str) -> str | None:
    """Return the ISO date of the month that the name of a file carries (`quittancement_2025-06.csv`), or None."""
    found = _MONTH_IN_NAME.search(name)
    return f"{found[1]}-{found[2]}-01" if found else None


def read_lease(text: str) -> str:
    """Return a lease number. Raises BadCell when there is none, or it is too long to be one."""
    lease = read_line(text, CODE_LENGTH)
    if not lease:
        raise BadCell(reason("Le numéro de bail manque."))
    return lease


class LedgerReader:
    """Reads the ledgers of one import; what it has read once it knows."""

    def __init__(self) -> None:
        self._leases, self._tenants, self._months = Known(read_lease), Known(read_line), Known(read_month)
        self._amounts = [Known(read_amount) for _ in LEDGER_AMOUNTS]

    def read(self, table: Table, batch: Batch) -> None:
        """Add the lines of a ledger to `batch`."""
        name, expected = table.sheet.name, month_in_name(table.sheet.name)
        columns = table.columns()
        if columns is not None:
            try:
                batch.ledger.append(self._page(name, expected, *columns))
            except BadCell:
                table.sheet.read = 0
            else:
                return
        lines, sound = [], []
        for line, cells in table.rows(batch.refused):
            faults = _faults(name, line, expected, cells)
            if faults:
                batch.refused += faults
            else:
                lines.append(line)
                sound.append(cells)
        if sound:
            batch.ledger.append(self._page(name, expected, lines, list(zip(*sound, strict=True))))

    def _page(
        self, name: str, expected: str | None, lines: Sequence[int], columns: Sequence[Sequence[str]]
    ) -> LedgerPage:
        """Return the page of columns without any fault. Raises BadCell when there is one."""
        lease, tenant, month, *texts = columns
        months = self._months.column(month)
        if expected is not None and set(months) != {expected}:
            raise BadCell(_wrong_month(expected))
        amounts = [known.column(column) for known, column in zip(self._amounts, texts, strict=True)]
        return LedgerPage(name, lines, self._leases.column(lease), months, amounts, self._tenants.column(tenant))


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
