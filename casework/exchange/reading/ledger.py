"""Lines of the landlord's monthly ledgers. There are many of them: this loop is the hot one."""

import re

from casework.exchange.reading.cells import CODE_LENGTH, BadCell, read_amount, read_line, read_month
from casework.exchange.reading.records import LEDGER_AMOUNTS, Batch, LedgerRow, Reason, Refusal, reason
from casework.exchange.reading.tables import Table

_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20|21)\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


def month_in_name(name: str) -> str | None:
    """Return the ISO date of the month that the name of a file carries (`quittancement_2025-06.csv`), or None."""
    found = _MONTH_IN_NAME.search(name)
    return f"{found[1]}-{found[2]}-01" if found else None


def read_ledger(table: Table, batch: Batch) -> None:
    """Add the lines of a ledger to `batch`."""
    name, expected = table.sheet.name, month_in_name(table.sheet.name)
    add = batch.ledger.append
    for line, cells in table.rows(batch.refused):
        lease, tenant, month, rent, charges, benefit, paid, balance = cells
        try:
            row = LedgerRow(
                name,
                line,
                " ".join(lease.split()),
                read_month(month),
                read_amount(rent),
                read_amount(charges),
                read_amount(benefit),
                read_amount(paid),
                read_amount(balance),
                read_line(tenant),
            )
        except BadCell:
            batch.refused += _faults(name, line, cells)
            continue
        if row.month != expected and expected is not None:
            why = reason("Le nom du fichier annonce le mois %(month)s.", month=f"{expected[5:7]}/{expected[:4]}")
            batch.refused.append(Refusal(name, line, "Mois", month, why))
        elif not 0 < len(row.lease) <= CODE_LENGTH:
            batch.refused.append(Refusal(name, line, "N° bail", lease, _lease_fault(row.lease)))
        else:
            add(row)


def _faults(name: str, line: int, cells: tuple[str, ...]) -> list[Refusal]:
    """Return every fault of a line of which one cell at least cannot be read."""
    _lease, tenant, month, *amounts = cells
    faults: list[Refusal] = []
    try:
        read_line(tenant)
    except BadCell as bad:
        faults.append(Refusal(name, line, "Locataire", tenant, bad.why))
    try:
        read_month(month)
    except BadCell as bad:
        faults.append(Refusal(name, line, "Mois", month, bad.why))
    for column, text in zip(LEDGER_AMOUNTS, amounts, strict=True):
        try:
            read_amount(text)
        except BadCell as bad:
            faults.append(Refusal(name, line, column, text, bad.why))
    return faults


def _lease_fault(lease: str) -> Reason:
    if not lease:
        return reason("Le numéro de bail manque.")
    return reason("Ce texte dépasse %(length)s caractères.", length=CODE_LENGTH)
