"""What reading gives: sound rows, refused rows, and what is to be said about each file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from casework.exchange.vocabulary import FileKind


@dataclass(frozen=True)
class Reason:
    """A sentence for the user: French, with its values apart so that it can be translated."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`."""
        translated = translate(self.msgid)
        return translated % self.values if self.values else translated

    def __str__(self) -> str:
        return self.text()


def reason(msgid: str, /, **values: object) -> Reason:
    """Return the sentence `msgid`, in which `%(name)s` stands for the value `name`."""
    return Reason(msgid, values)


class Refusal(NamedTuple):
    """One fault of one row: where it is, what stands there, why it cannot go in. Line 0: the whole file.

    `is_secret`: what stands there is given back to nobody, not even in the file of refused rows. `is_waiting`: the row
    has no fault of its own, and goes in with that of its household.
    """

    file: str
    line: int
    column: str
    value: str
    reason: Reason
    is_secret: bool = False
    is_waiting: bool = False


class Difference(NamedTuple):
    """What a file says otherwise than the database. `subject` is a case number, or a lease and a month."""

    file: str
    line: int
    subject: str
    column: str
    old: str
    new: str


class Source(NamedTuple):
    """A file as it came: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class HouseholdFacts:
    """What the table of households says of one of them. Amounts in cents a month; None: nothing said."""

    number: str
    civility: str | None
    family_name: str
    given_name: str
    born_on: date | None
    adults: int
    children: int
    composition: str | None
    resources: int | None
    benefit: int | None
    benefit_payment: str | None
    lease_number: str | None
    address: str | None
    district: str | None
    typology: str | None
    rent: int | None
    charges: int | None
    moved_in_on: date | None
    stage: str | None
    referral_source: str
    referred_on: date
    diagnosed_on: date | None
    contract_on: date | None
    planned_end_on: date | None
    referent: str | None
    housing_at_entry: str | None
    ended_on: date | None
    end_reason: str | None
    outcome: str | None


# Columns of the table of households, in its order, and the fact that each one carries.
HOUSEHOLD_COLUMNS: dict[str, str] = {
    "numero_dossier": "number",
    "civilite": "civility",
    "nom": "family_name",
    "prenom": "given_name",
    "date_naissance": "born_on",
    "adultes": "adults",
    "enfants": "children",
    "composition": "composition",
    "ressources_mensuelles": "resources",
    "apl_mensuelle": "benefit",
    "apl_versement": "benefit_payment",
    "numero_bail": "lease_number",
    "adresse": "address",
    "quartier": "district",
    "typologie": "typology",
    "loyer": "rent",
    "charges": "charges",
    "date_entree_logement": "moved_in_on",
    "statut_occupation": "stage",
    "origine_orientation": "referral_source",
    "date_orientation": "referred_on",
    "date_diagnostic": "diagnosed_on",
    "date_contrat": "contract_on",
    "date_fin_prevue": "planned_end_on",
    "referent": "referent",
    "situation_entree": "housing_at_entry",
    "date_sortie": "ended_on",
    "motif_fin": "end_reason",
    "resultat": "outcome",
}


class HouseholdRow(NamedTuple):
    """A row of a table of households, and where it stands."""

    file: str
    line: int
    facts: HouseholdFacts


class ContactRow(NamedTuple):
    """A row of a table of visits."""

    file: str
    line: int
    number: str
    day: date
    kind: str
    outcome: str
    minutes: int | None

    @property
    def key(self) -> tuple[object, ...]:
        """What the row is about."""
        return self.number, self.day, self.kind

    @property
    def said(self) -> tuple[object, ...]:
        """What it says of that, in the order of its columns."""
        return self.outcome, self.minutes


class ReassessmentRow(NamedTuple):
    """A row of a table of reassessments."""

    file: str
    line: int
    number: str
    day: date
    decision: str

    @property
    def key(self) -> tuple[object, ...]:
        """What the row is about."""
        return self.number, self.day

    @property
    def said(self) -> tuple[object, ...]:
        """What it says of that, in the order of its columns."""
        return (self.decision,)


Amounts = tuple[int, int, int, int, int]


class LedgerRow(NamedTuple):
    """A line of the landlord's ledger. `month` is the ISO date of its first day; amounts in cents, in the order of
    LEDGER_AMOUNTS."""

    file: str
    line: int
    lease: str
    month: str
    amounts: Amounts
    tenant: str


@dataclass(frozen=True)
class LedgerPage:
    """Lines of one ledger, column by column: hundreds of thousands of them pass without an object for each.

    The amounts of a line stay together: most lines have those of another month, and share them.
    """

    file: str
    lines: Sequence[int]
    leases: Sequence[str]
    months: Sequence[str]
    amounts: Sequence[Amounts]
    tenants: Sequence[str]

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self) -> Iterator[LedgerRow]:
        """Yield the lines one by one."""
        for line, lease, month, amounts, tenant in zip(
            self.lines, self.leases, self.months, self.amounts, self.tenants, strict=True
        ):
            yield LedgerRow(self.file, line, lease, month, amounts, tenant)

    def take(self, kept: Sequence[int]) -> "LedgerPage":
        """Return the page with the lines at these places only."""
        return LedgerPage(
            self.file,
            [self.lines[i] for i in kept],
            [self.leases[i] for i in kept],
            [self.months[i] for i in kept],
            [self.amounts[i] for i in kept],
            [self.tenants[i] for i in kept],
        )


LEDGER_AMOUNTS = ("Loyer", "Charges", "APL", "Encaissé", "Solde")


@dataclass
class Sheet:
    """One file as it was read: what it is, how it is written, how many rows it holds, what to say about it."""

    name: str
    kind: FileKind | None = None
    text: str = ""
    separator: str = ";"
    header: tuple[str, ...] = ()
    read: int = 0
    notes: list[Reason] = field(default_factory=list)


@dataclass
class Batch:
    """All that was read. `unusable` files hold nothing that can be trusted: nothing goes in beside them.

    `faulty`: rows of households with a cell that cannot be read, and what could be read of them; they do not go in.
    """

    sheets: list[Sheet] = field(default_factory=list)
    households: list[HouseholdRow] = field(default_factory=list)
    faulty: list[HouseholdRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    reassessments: list[ReassessmentRow] = field(default_factory=list)
    ledger: list[LedgerPage] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unusable: list[Refusal] = field(default_factory=list)
