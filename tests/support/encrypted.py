"""The columns whose words lie closed in the database, each with its place as its seal names it; in this order."""

from __future__ import annotations

ENCRYPTED_COLUMNS = (
    "address_protections.address",
    "address_protections.district",
    "address_protections.lift_reason",
    "address_protections.phones",
    "address_protections.safe_contact",
    "contacts.private_note",
    "diagnostics.social_part",
    "glass_breaks.words",
    "reassessments.private_note",
    "rights_requests.answer",
    "rights_requests.words",
    "sensitive_notes.began",
    "sensitive_notes.ended",
    "sensitive_notes.note",
    "sensitive_notes.spip_contact",
)
