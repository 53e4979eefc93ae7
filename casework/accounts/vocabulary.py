"""Roles and kinds of organisation."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """The sides of the table."""

    LANDLORD = "LANDLORD"
    ASSOCIATION = "ASSOCIATION"
    FUNDER = "FUNDER"
    OPERATOR = "OPERATOR"


class Role(StrEnum):
    """What a user is, in the organisation that employs them."""

    REFERENT = "REFERENT"
    MANAGER = "MANAGER"
    LANDLORD_SOCIAL = "LANDLORD_SOCIAL"
    LANDLORD_RENT = "LANDLORD_RENT"
    COORDINATOR = "COORDINATOR"
    FUNDER_READER = "FUNDER_READER"
    ADMINISTRATOR = "ADMINISTRATOR"


LANDLORD_ROLES = frozenset({Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT})
# Of an association, and of a landlord that accompanies its households by itself.
ACCOMPANYING = frozenset({Role.REFERENT, Role.MANAGER})
# Whose people hold a role. Coordinators and administrators come from any side; who runs the service opens the accounts
# of a funder that it does not list.
EMPLOYERS: dict[Role, frozenset[OrganisationKind]] = {
    Role.REFERENT: frozenset({OrganisationKind.ASSOCIATION}),
    Role.MANAGER: frozenset({OrganisationKind.ASSOCIATION}),
    Role.LANDLORD_SOCIAL: frozenset({OrganisationKind.LANDLORD}),
    Role.LANDLORD_RENT: frozenset({OrganisationKind.LANDLORD}),
    Role.FUNDER_READER: frozenset({OrganisationKind.FUNDER, OrganisationKind.OPERATOR}),
    Role.COORDINATOR: frozenset(OrganisationKind),
    Role.ADMINISTRATOR: frozenset(OrganisationKind),
}

ROLE_LABELS: dict[str, str] = {
    Role.REFERENT: "Référent ou référente (association)",
    Role.MANAGER: "Responsable (association)",
    Role.LANDLORD_SOCIAL: "Gestion sociale (bailleur)",
    Role.LANDLORD_RENT: "Quittancement (bailleur)",
    Role.COORDINATOR: "Coordination du dispositif",
    Role.FUNDER_READER: "Financeur (chiffres seulement)",
    Role.ADMINISTRATOR: "Administration des comptes",
}


class Category(StrEnum):
    """What a convention opens to the landlord, or leaves closed, within level S0; nothing above it is among them.

    Who and where a household is, its lease, its rents, its contract and the course of its accompaniment are outside: the
    landlord is a party to them.
    """

    COMPOSITION = "COMPOSITION"
    CONTACTS = "CONTACTS"
    APPOINTMENTS = "APPOINTMENTS"
    NOTES = "NOTES"
    DIAGNOSTIC = "DIAGNOSTIC"
    BUDGET = "BUDGET"
    REASSESSMENTS = "REASSESSMENTS"
    OBJECTIVES = "OBJECTIVES"
