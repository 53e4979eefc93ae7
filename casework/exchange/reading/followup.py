"""Rows of the tables of visits and of reassessments."""

from casework.contacts.vocabulary import CONTACT_KIND_LABELS, CONTACT_OUTCOME_LABELS, ContactKind, ContactOutcome
from casework.exchange.reading.cells import CODE_LENGTH, BadCell, Codes, read_count, read_day, read_line
from casework.exchange.reading.records import Batch, ContactRow, ReassessmentRow, Refusal, reason
from casework.exchange.reading.tables import Table
from casework.reassessments.vocabulary import DECISION_LABELS, Decision

MINUTES_OF_A_DAY = 1440
KINDS = Codes(ContactKind, CONTACT_KIND_LABELS)
OUTCOMES = Codes(ContactOutcome, CONTACT_OUTCOME_LABELS)
DECISIONS = Codes(Decision, DECISION_LABELS)


def read_number(text: str) -> str:
    """Return a case number. Raises BadCell when there is none."""
    number = read_line(text, CODE_LENGTH)
    if not number:
        raise BadCell(reason("Le numéro de dossier manque."))
    return number


def read_contacts(table: Table, batch: Batch) -> None:
    """Add the rows of a table of visits to `batch`."""
    name = table.sheet.name
    for line, cells in table.rows(batch.refused):
        number, day, kind, outcome, minutes = cells
        column, value = "numero_dossier", number
        try:
            case_number = read_number(number)
            column, value = "date", day
            on = read_day(day)
            column, value = "type", kind
            kind_code = KINDS.read(kind)
            column, value = "issue", outcome
            outcome_code = OUTCOMES.read(outcome)
            column, value = "duree_minutes", minutes
            length = read_count(minutes, MINUTES_OF_A_DAY) if minutes.strip() else None
        except BadCell as bad:
            batch.refused.append(Refusal(name, line, column, value, bad.why))
            continue
        batch.contacts.append(ContactRow(name, line, case_number, on, kind_code, outcome_code, length))


def read_reassessments(table: Table, batch: Batch) -> None:
    """Add the rows of a table of reassessments to `batch`."""
    name = table.sheet.name
    for line, cells in table.rows(batch.refused):
        number, day, decision = cells
        column, value = "numero_dossier", number
        try:
            case_number = read_number(number)
            column, value = "date", day
            on = read_day(day)
            column, value = "decision", decision
            code = DECISIONS.read(decision)
        except BadCell as bad:
            batch.refused.append(Refusal(name, line, column, value, bad.why))
            continue
        batch.reassessments.append(ReassessmentRow(name, line, case_number, on, code))
