"""Values of a file as they are read on paper, in French: it is handed to the person."""

from collections.abc import Mapping
from datetime import date, datetime

from casework.alerts.vocabulary import RULE_LABELS
from casework.cases.vocabulary import BENEFIT_PAYMENT_LABELS, REFERRAL_SOURCE_LABELS
from casework.confidential.vocabulary import CONSENT_LABELS, MOTIVE_LABELS, TOPIC_LABELS
from casework.contacts.vocabulary import CONTACT_KIND_LABELS, CONTACT_OUTCOME_LABELS
from casework.contracts.vocabulary import CONTRACT_KIND_LABELS, OBJECTIVE_STATE_LABELS, PARTY_LABELS
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS, RESOURCE_LABELS
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS
from casework.households.vocabulary import (
    CIVILITY_LABELS,
    COMPOSITION_LABELS,
    HOUSING_LABELS,
    LINK_LABELS,
    TYPOLOGY_LABELS,
)
from casework.kernel.clock import PARIS
from casework.kernel.money import format_amount, format_number, with_minus
from casework.privacy.vocabulary import DECISION_LABELS as RIGHTS_DECISION_LABELS
from casework.privacy.vocabulary import RIGHT_LABELS
from casework.programmes.vocabulary import STAGE_LABELS
from casework.reassessments.vocabulary import DECISION_LABELS, DOMAIN_LABELS
from casework.web.filters import day

# table.column → the words of its codes
CODES: dict[str, Mapping[str, str]] = {
    "alerts.rule": RULE_LABELS,
    "appointments.kind": CONTACT_KIND_LABELS,
    "case_ends.next_housing": HOUSING_LABELS,
    "case_ends.outcome": OUTCOME_LABELS,
    "case_ends.reason": END_REASON_LABELS,
    "cases.benefit_payment": BENEFIT_PAYMENT_LABELS,
    "cases.housing_at_entry": HOUSING_LABELS,
    "cases.referral_source": REFERRAL_SOURCE_LABELS,
    "consents.kind": CONSENT_LABELS,
    "contacts.kind": CONTACT_KIND_LABELS,
    "contacts.outcome": CONTACT_OUTCOME_LABELS,
    "contracts.kind": CONTRACT_KIND_LABELS,
    "diagnostics.recommendation": RECOMMENDATION_LABELS,
    "diagnostics.resources": RESOURCE_LABELS,
    "dwellings.typology": TYPOLOGY_LABELS,
    "glass_breaks.motive": MOTIVE_LABELS,
    "household_members.link": LINK_LABELS,
    "households.composition": COMPOSITION_LABELS,
    "lease_stages.stage": STAGE_LABELS,
    "objectives.party": PARTY_LABELS,
    "objectives.state": OBJECTIVE_STATE_LABELS,
    "persons.civility": CIVILITY_LABELS,
    "reassessments.decision": DECISION_LABELS,
    "reassessments.levels": DOMAIN_LABELS,
    "rights_requests.decision": RIGHTS_DECISION_LABELS,
    "rights_requests.kind": RIGHT_LABELS,
    "sensitive_notes.topic": TOPIC_LABELS,
}
_CENTS, _TENTHS = "_cents", "_tenths"


def written(table: str, column: str, value: object) -> str:
    """Return a value in words, "" for none."""
    codes = CODES.get(f"{table}.{column}", {})
    if value is None or value in ("", {}, []):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M")
    if isinstance(value, date):
        return f"{value:%m/%Y}" if column == "month" else day(value)
    if isinstance(value, Mapping):
        amounts = column == "resources"
        return "\n".join(f"{codes.get(key, key)}\u00a0: {_number(item, amounts)}" for key, item in value.items())
    if isinstance(value, int) and column.endswith(_CENTS):
        return format_amount(value)
    if isinstance(value, int) and column.endswith(_TENTHS):
        return f"{with_minus(format_number(value * 10))[:-1]}\u00a0%"
    return codes.get(str(value), str(value))


def _number(value: object, amounts: bool) -> str:
    return format_amount(value) if amounts and isinstance(value, int) else str(value)
