"""The words that a definition may use where they are not codes with a label of their own list."""

CATEGORIES = (
    "coordination",
    "access",
    "maintain",
    "access_and_maintain",
    "mental_health",
    "domestic_violence",
    "youth",
    "travellers",
    "ex_offenders",
    "elderly",
)
MODES = ("access", "maintain", "both")
UNITS = ("total", "per_year", "active_caseload")
DWELLING_UNITS = ("total", "per_year")
PERIODS = ("day", "week", "month", "quarter", "year")
CADENCES = (
    "contact",
    "home_visit",
    "meeting",
    "reassessment",
    "evaluation",
    "lease_slide_evaluation",
    "landlord_review",
    "commission",
    "steering",
    "workshop",
    "post_exit_watch",
)
