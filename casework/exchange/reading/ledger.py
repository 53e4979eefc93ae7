"""Lines of the landlord's monthly ledgers. There are many of them: a sound page is read column by column."""

import re
from collections.abc import Callable, Sequence

from casework.exchange.reading.cells import CODE_LENGTH, BadCell, Known, read_amount, read_line, read_month
from casework.exchange.reading.layout import LEDGER_COLUMNS
from casework.exchange.reading.records import LEDGER_AMOUNTS, Amounts, Batch, LedgerPage, Reason, Refusal, reason
from casework.exchange.reading.tables import Table

# Where the month stands in a line, as the layout has it.
_MONTH = LEDGER_COLUMNS.index("Mois")
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
        self._halves = Known(self._known_halves)

    def read(self, table: Table, batch: Batch) -> None:
        """Add the lines of a ledger to `batch`."""
        name, expected = table.sheet.name, month_in_name(table.sheet.name)
        for read in (self._page_in_halves, self._page_in_columns):
            try:
                page = read(table)
            except (BadCell, ValueError):  # a cell, or how many there are
                continue
            if page is not None and (expected is None or set(page.months) == {expected}):
                table.sheet.read = len(page)
                batch.ledger.append(page)
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
            batch.ledger.append(self._page(name, lines, list(zip(*sound, strict=True))))

    def _page_in_halves(self, table: Table) -> LedgerPage | None:
        """Return a page whose lines are all of one month. Raises BadCell or ValueError when a line is not sound.

        What stands before the month comes back in nearly every ledger, what stands after it in most: it is taken apart
        once only.
        """
        halves = table.halves(_MONTH)
        if halves is None:
            return None
        lines, month, before, after = halves
        tenancies, amounts = self._halves[table.header.separator]
        pairs, months = tenancies.column(before), [self._months[month]] * len(lines)
        leases, tenants = [lease for lease, _ in pairs], [tenant for _, tenant in pairs]
        return LedgerPage(table.sheet.name, lines, leases, months, amounts.column(after), tenants)

    def _known_halves(self, separator: str) -> tuple[Known[tuple[str, str]], Known[Amounts]]:
        def read_tenancy(text: str) -> tuple[str, str]:
            lease, tenant = text.removeprefix("\n").split(separator)
            return self._leases[lease], self._tenants[tenant]

        def read_amounts(text: str) -> Amounts:
            cells = zip(self._amounts, text.split(separator), strict=True)
            rent, charges, benefit, paid, balance = (known[cell] for known, cell in cells)
            return rent, charges, benefit, paid, balance

        return Known(read_tenancy), Known(read_amounts)

    def _page_in_columns(self, table: Table) -> LedgerPage | None:
        """Return a page of several months, or with columns of its own. Raises BadCell when a line is not sound."""
        found = table.columns()
        return None if found is None else self._page(table.sheet.name, *found)

    def _page(self, name: str, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> LedgerPage:
        lease, tenant, month, *texts = columns
        rent, charges, benefit, paid, balance = (k.column(c) for k, c in zip(self._amounts, texts, strict=True))
        amounts = list(zip(rent, charges, benefit, paid, balance, strict=True))
        months = self._months.column(month)
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
