"""What a history shows of each table, and in which words. What is not here is not shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casework.cases.vocabulary import BENEFIT_PAYMENT_LABELS, REFERRAL_SOURCE_LABELS
from casework.contacts.vocabulary import CONTACT_KIND_LABELS, CONTACT_OUTCOME_LABELS
from casework.contracts.vocabulary import CONTRACT_KIND_LABELS, OBJECTIVE_STATE_LABELS, PARTY_LABELS
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS
from casework.households.vocabulary import (
    CIVILITY_LABELS,
    COMPOSITION_LABELS,
    HOUSING_LABELS,
    LINK_LABELS,
    TYPOLOGY_LABELS,
)
from casework.kernel.reading import Reading
from casework.programmes.vocabulary import STAGE_LABELS
from casework.reassessments.vocabulary import DECISION_LABELS
from casework.web.i18n import to_translate as _n


class Show(StrEnum):
    """How the values of a column are said."""

    TEXT = "TEXT"
    DAY = "DAY"
    EUROS = "EUROS"
    TENTHS = "TENTHS"
    CODE = "CODE"
    PERSON = "PERSON"  # somebody who works here
    WITHHELD = "WITHHELD"  # only that it changed: it is encrypted, or may have become a secret address


@dataclass(frozen=True)
class Field:
    """One column: its words, how it is shown, and the words of its codes."""

    words: str
    show: Show = Show.TEXT
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """One table: its words, the permission to read it, and its columns in the order of the page."""

    words: str
    permission: str
    fields: Mapping[str, Field]


def _day(words: str) -> Field:
    return Field(words, Show.DAY)


def _euros(words: str) -> Field:
    return Field(words, Show.EUROS)


def _code(words: str, labels: Mapping[str, str]) -> Field:
    return Field(words, Show.CODE, labels)


def _withheld(words: str) -> Field:
    return Field(words, Show.WITHHELD)


OPERATION_LABELS = {"insert": _n("Ajout"), "update": _n("Modification"), "delete": _n("Retrait")}
READING_LABELS: dict[str, str] = {
    Reading.CASE: _n("La fiche du ménage"),
    Reading.SENSITIVE_NOTES: _n("Les notes sensibles"),
    Reading.PROTECTED_ADDRESS: _n("L’adresse secrète"),
    Reading.GLASS_BREAK: _n("Ouverture en urgence"),
    Reading.COPY: _n("Une copie du dossier"),
}
_NOTE, _PRIVATE = Field(_n("Note partagée")), _withheld(_n("Note réservée à l’association"))
SUBJECTS: dict[str, Subject] = {
    "cases": Subject(
        _n("Fiche du ménage"),
        "case:read",
        {
            "number": Field(_n("Numéro de dossier")),
            "referred_on": _day(_n("Orientation")),
            "referral_source": _code(_n("Origine de l’orientation"), REFERRAL_SOURCE_LABELS),
            "referral_motive": Field(_n("Motif de l’orientation")),
            "housing_at_entry": _code(_n("Logement à l’entrée"), HOUSING_LABELS),
            "referent_id": Field(_n("Référent ou référente"), Show.PERSON),
            "moved_in_on": _day(_n("Entrée dans le logement")),
            "resources_cents": _euros(_n("Ressources")),
            "rent_cents": _euros(_n("Loyer")),
            "charges_cents": _euros(_n("Charges")),
            "benefit_cents": _euros(_n("Aide au logement")),
            "benefit_payment": _code(_n("Versement de l’aide"), BENEFIT_PAYMENT_LABELS),
        },
    ),
    "households": Subject(
        _n("Composition du ménage"),
        "case:read",
        {
            "composition": _code(_n("Composition"), COMPOSITION_LABELS),
            "adults": Field(_n("Adultes")),
            "children": Field(_n("Enfants")),
        },
    ),
    "persons": Subject(
        _n("Personne"),
        "case:read",
        {
            "civility": _code(_n("Civilité"), CIVILITY_LABELS),
            "family_name": Field(_n("Nom")),
            "given_name": Field(_n("Prénom")),
            "born_on": _day(_n("Date de naissance")),
            "phone": _withheld(_n("Téléphone")),
        },
    ),
    "household_members": Subject(
        _n("Membre du ménage"),
        "case:read",
        {
            "link": _code(_n("Lien"), LINK_LABELS),
            "from_on": _day(_n("Depuis le")),
            "to_on": _day(_n("Jusqu’au")),
        },
    ),
    "dwellings": Subject(
        _n("Logement"),
        "case:read",
        {
            "address": _withheld(_n("Adresse")),
            "district": _withheld(_n("Quartier")),
            "typology": _code(_n("Typologie"), TYPOLOGY_LABELS),
        },
    ),
    "rent_accounts": Subject(_n("Compte de loyer"), "rent:read", {"lease_number": Field(_n("Numéro de bail"))}),
    "arrears_reports": Subject(
        _n("Signalement d’impayé"),
        "rent:read",
        {
            "reported_on": _day(_n("Signalé le")),
            "debt_cents": _euros(_n("Dette")),
            "reference": Field(_n("Référence")),
        },
    ),
    "case_team": Subject(
        _n("Équipe"),
        "case:read",
        {"user_id": Field(_n("Membre"), Show.PERSON), "since_on": _day(_n("Depuis le"))},
    ),
    "suspensions": Subject(
        _n("Suspension"),
        "case:read",
        {"from_on": _day(_n("Depuis le")), "to_on": _day(_n("Jusqu’au")), "reason": Field(_n("Motif"))},
    ),
    "version_moves": Subject(
        _n("Changement de version"),
        "case:read",
        {
            "decided_on": _day(_n("Décidé le")),
            "from_number": Field(_n("De la version")),
            "to_number": Field(_n("À la version")),
        },
    ),
    "case_ends": Subject(
        _n("Fin de l’accompagnement"),
        "contact:read",
        {
            "ended_on": _day(_n("Fin le")),
            "reason": _code(_n("Motif"), END_REASON_LABELS),
            "outcome": _code(_n("Résultat"), OUTCOME_LABELS),
            "next_housing": _code(_n("Logement ensuite"), HOUSING_LABELS),
            "relay": Field(_n("Relais")),
            "note": Field(_n("Note")),
        },
    ),
    "case_retentions": Subject(
        _n("Conservation du dossier"),
        "case:read",
        {
            "noticed_on": _day(_n("Préavis donné le")),
            "archived_on": _day(_n("Archivé le")),
            "archived_until": _day(_n("Archivé jusqu’au")),
            "anonymised_on": _day(_n("Anonymisé le")),
        },
    ),
    "diagnostics": Subject(
        _n("Diagnostic"),
        "diagnostic:read",
        {
            "made_on": _day(_n("Fait le")),
            "social_part": _withheld(_n("Partie sociale")),
            "housing_part": Field(_n("Partie logement")),
            "resources_cents": _euros(_n("Ressources")),
            "rent_cents": _euros(_n("Loyer")),
            "annexes_cents": _euros(_n("Annexes")),
            "charges_cents": _euros(_n("Charges")),
            "benefit_cents": _euros(_n("Aide au logement")),
            "fixed_charges_cents": _euros(_n("Charges fixes")),
            "effort_tenths": Field(_n("Taux d’effort"), Show.TENTHS),
            "remainder_cents": _euros(_n("Reste à vivre")),
            "recommendation": _code(_n("Préconisation"), RECOMMENDATION_LABELS),
            "recommendation_note": Field(_n("Note")),
        },
    ),
    "contracts": Subject(
        _n("Contrat"),
        "contract:read",
        {
            "kind": _code(_n("Nature"), CONTRACT_KIND_LABELS),
            "signed_on": _day(_n("Signé le")),
            "planned_end_on": _day(_n("Fin prévue")),
            "terms": Field(_n("Engagements")),
        },
    ),
    "objectives": Subject(
        _n("Objectif"),
        "contract:read",
        {
            "label": Field(_n("Objectif")),
            "party": _code(_n("Qui s’y engage"), PARTY_LABELS),
            "due_on": _day(_n("Pour le")),
            "state": _code(_n("État"), OBJECTIVE_STATE_LABELS),
            "settled_on": _day(_n("Réglé le")),
        },
    ),
    "contacts": Subject(
        _n("Contact"),
        "contact:read",
        {
            "occurred_on": _day(_n("Date")),
            "kind": _code(_n("Nature"), CONTACT_KIND_LABELS),
            "outcome": _code(_n("Issue"), CONTACT_OUTCOME_LABELS),
            "duration_minutes": Field(_n("Durée en minutes")),
            "shared_note": _NOTE,
            "private_note": _PRIVATE,
        },
    ),
    "appointments": Subject(
        _n("Rendez-vous"),
        "contact:read",
        {
            "planned_on": _day(_n("Prévu le")),
            "at_time": Field(_n("Heure")),
            "kind": _code(_n("Nature"), CONTACT_KIND_LABELS),
            "cancelled_on": _day(_n("Annulé le")),
        },
    ),
    "reassessments": Subject(
        _n("Réévaluation"),
        "reassessment:read",
        {
            "held_on": _day(_n("Tenue le")),
            "decision": _code(_n("Décision"), DECISION_LABELS),
            "household_words": Field(_n("Parole du ménage")),
            "shared_note": _NOTE,
            "private_note": _PRIVATE,
        },
    ),
    "lease_stages": Subject(
        _n("Statut du logement"),
        "case:read",
        {
            "stage": _code(_n("Étape"), STAGE_LABELS),
            "from_on": _day(_n("Depuis le")),
            "note": Field(_n("Note")),
        },
    ),
    "alerts": Subject(
        _n("Alerte"),
        "alert:read",
        {"postponed_to": _day(_n("Reportée au")), "postponed_reason": Field(_n("Motif"))},
    ),
}
