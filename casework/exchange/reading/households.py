"""Rows of the table of households: every fault of a row is told, not only the first."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from casework.cases.vocabulary import (
    BENEFIT_PAYMENT_LABELS,
    REFERRAL_SOURCE_LABELS,
    BenefitPayment,
    ReferralSource,
)
from casework.exchange.reading.cells import (
    CODE_LENGTH,
    LINE_LENGTH,
    BadCell,
    Codes,
    read_amount,
    read_count,
    read_day,
    read_line,
)
from casework.exchange.reading.records import HOUSEHOLD_COLUMNS, Batch, HouseholdFacts, HouseholdRow, Refusal, reason
from casework.exchange.reading.tables import Table
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS, EndReason, Outcome
from casework.households.vocabulary import (
    CIVILITY_LABELS,
    COMPOSITION_LABELS,
    HOUSING_LABELS,
    TYPOLOGY_LABELS,
    Civility,
    Composition,
    Housing,
    Typology,
)
from casework.programmes.vocabulary import STAGE_LABELS, LeaseStageCode

MOST_PEOPLE = 30
NOT_TOLD = "NR"
Value = TypeVar("Value", str, int, date)

CODES: dict[str, Codes] = {
    "civilite": Codes(Civility, CIVILITY_LABELS, {"Madame": "MME", "Monsieur": "M", "Mr": "M", "Mlle": "MME"}),
    "composition": Codes(Composition, COMPOSITION_LABELS),
    "apl_versement": Codes(BenefitPayment, BENEFIT_PAYMENT_LABELS),
    "typologie": Codes(Typology, TYPOLOGY_LABELS, {"T6": "T6P"}),
    "statut_occupation": Codes(
        LeaseStageCode,
        {str(code): label for code, label in STAGE_LABELS.items()},
        {"SOUS_LOC": "SOUS_LOCATION", "COLOC": "COLOCATION", "HEBERGE": "HEBERGEMENT"},
    ),
    "origine_orientation": Codes(ReferralSource, REFERRAL_SOURCE_LABELS),
    "situation_entree": Codes(Housing, HOUSING_LABELS),
    "motif_fin": Codes(EndReason, END_REASON_LABELS),
    "resultat": Codes(Outcome, OUTCOME_LABELS),
}


class _Cells:
    """The cells of one row; what cannot be read is remembered as a fault of its column."""

    def __init__(self, file: str, line: int, cells: tuple[str, ...]) -> None:
        self._file, self._line = file, line
        self._text = dict(zip(HOUSEHOLD_COLUMNS, cells, strict=True))
        self.faults: list[Refusal] = []

    def optional(self, column: str, read: Callable[[str], Value]) -> Value | None:
        """Return the value of a cell, None when it is empty or faulty."""
        text = self._text[column]
        if not text.strip():
            return None
        try:
            return read(text)
        except BadCell as bad:
            self.faults.append(Refusal(self._file, self._line, column, text, bad.why))
            return None

    def required(self, column: str, read: Callable[[str], Value], instead: Value) -> Value:
        """Return the value of a cell that may not be empty; `instead` when it is faulty, and then the row is refused."""
        if not self._text[column].strip():
            self.faults.append(Refusal(self._file, self._line, column, "", reason("Cette colonne doit être remplie.")))
            return instead
        value = self.optional(column, read)
        return instead if value is None else value

    def line(self, column: str, length: int = LINE_LENGTH) -> str | None:
        """Return a line of text."""
        return self.optional(column, lambda text: read_line(text, length)) or None

    def day(self, column: str) -> date | None:
        """Return a date."""
        return self.optional(column, read_day)

    def amount(self, column: str) -> int | None:
        """Return an amount that is never below nil."""
        return self.optional(column, _amount_from_nil)

    def code(self, column: str) -> str | None:
        """Return a code of the vocabulary of the column."""
        return self.optional(column, CODES[column].read)

    def people(self, column: str) -> int:
        """Return a number of people."""
        return self.required(column, lambda text: read_count(text, MOST_PEOPLE), 0)


def read_households(table: Table, batch: Batch) -> None:
    """Add the rows of a table of households to `batch`."""
    for line, texts in table.rows(batch.refused):
        cells = _Cells(table.sheet.name, line, texts)
        row = HouseholdRow(table.sheet.name, line, _facts(cells))
        batch.refused += cells.faults
        (batch.faulty if cells.faults else batch.households).append(row)


def _facts(cells: _Cells) -> HouseholdFacts:
    return HouseholdFacts(
        number=cells.required("numero_dossier", lambda text: read_line(text, CODE_LENGTH), ""),
        civility=cells.code("civilite"),
        family_name=cells.required("nom", read_line, ""),
        given_name=cells.line("prenom") or "",
        born_on=cells.day("date_naissance"),
        adults=cells.people("adultes"),
        children=cells.people("enfants"),
        composition=_told(cells.code("composition")),
        resources=cells.amount("ressources_mensuelles"),
        benefit=cells.amount("apl_mensuelle"),
        benefit_payment=cells.code("apl_versement"),
        lease_number=cells.line("numero_bail", CODE_LENGTH),
        address=cells.line("adresse"),
        district=cells.line("quartier"),
        typology=_told(cells.code("typologie")),
        rent=cells.amount("loyer"),
        charges=cells.amount("charges"),
        moved_in_on=cells.day("date_entree_logement"),
        stage=cells.code("statut_occupation"),
        referral_source=cells.required("origine_orientation", CODES["origine_orientation"].read, ""),
        referred_on=cells.required("date_orientation", read_day, date.min),
        diagnosed_on=cells.day("date_diagnostic"),
        contract_on=cells.day("date_contrat"),
        planned_end_on=cells.day("date_fin_prevue"),
        referent=cells.line("referent"),
        housing_at_entry=_told(cells.code("situation_entree")),
        ended_on=cells.day("date_sortie"),
        end_reason=cells.code("motif_fin"),
        outcome=cells.code("resultat"),
    )


def _amount_from_nil(text: str) -> int:
    cents = read_amount(text)
    if cents < 0:
        raise BadCell(reason("Un montant négatif est impossible ici."))
    return cents


def _told(code: str | None) -> str | None:
    """Return a code, None for « non renseigné »: it says nothing that could differ from what is known."""
    return None if code == NOT_TOLD else code
