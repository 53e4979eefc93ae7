"""Who may do what: the whole table, on one page. tests/access/matrix.csv checks it by real requests."""

from functools import cache

from casework.accounts.vocabulary import Role

R, M, S, L, C, F, A = (
    Role.REFERENT,
    Role.MANAGER,
    Role.LANDLORD_SOCIAL,
    Role.LANDLORD_RENT,
    Role.COORDINATOR,
    Role.FUNDER_READER,
    Role.ADMINISTRATOR,
)

# permission → roles; which *cases* a role reaches is decided by cases.access, which *part* of them by each query.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "session:use": frozenset({R, M, S, L, C, F, A}),  # sign out, own preferences, own password
    "day:read": frozenset({R, M, S, L, C}),
    "case:read": frozenset({R, M, S, L, C}),
    "case:refer": frozenset({R, M, S, C}),
    "case:manage": frozenset({M, C}),  # referent, suspension
    "person:write": frozenset({R, M}),
    "diagnostic:read": frozenset({R, M, S, C}),
    "diagnostic:write": frozenset({R, M}),
    "contract:read": frozenset({R, M, S, C}),
    "contract:write": frozenset({R, M}),
    "contact:read": frozenset({R, M, S, C}),
    "contact:read-private": frozenset({R, M}),
    "contact:write": frozenset({R, M}),
    "reassessment:read": frozenset({R, M, S, C}),
    "reassessment:write": frozenset({R, M}),
    "lease:write": frozenset({R, M, S}),
    "exit:write": frozenset({R, M}),
    "rent:read": frozenset({R, M, S, L, C}),
    "rent:report": frozenset({S, L}),
    "alert:read": frozenset({R, M, S, L, C}),
    "alert:postpone": frozenset({R, M, S, L}),
    "review:read": frozenset({M, S, C, F}),
    "review:read-cases": frozenset({M, S, C}),  # the list behind a figure
    "programme:read": frozenset({R, M, S, L, C, F}),
    "catalogue:read": frozenset({M, S, C, A}),
    "import:run": frozenset({M, C}),
    "account:manage": frozenset({A}),
}


@cache
def permissions_of(role: str) -> frozenset[str]:
    """Return the permissions that `role` holds."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role in roles)
