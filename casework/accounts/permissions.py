"""Who may do what, and who reads which level: both tables, on one page. tests/access/matrix.csv checks it by requests."""

from enum import StrEnum
from functools import cache

from casework.accounts.vocabulary import Category, Role
from casework.kernel.levels import Level

R, M, S, L, C, F, A = (
    Role.REFERENT,
    Role.MANAGER,
    Role.LANDLORD_SOCIAL,
    Role.LANDLORD_RENT,
    Role.COORDINATOR,
    Role.FUNDER_READER,
    Role.ADMINISTRATOR,
)


class Way(StrEnum):
    """By what way a level of a case is read."""

    REACH = "REACH"  # by everybody of the role who reaches the case
    TEAM = "TEAM"  # by those who are of the team of the case
    GLASS = "GLASS"  # for some hours, after a motive was written and the manager and the referent were told


# level → role → ways. A manager who is of a team breaks the glass all the same: to name oneself must not open it.
_HELD, _BY_GLASS = frozenset({Way.TEAM, Way.GLASS}), frozenset({Way.GLASS})
_REACHED = frozenset({Way.REACH})
READERS: dict[Level, dict[Role, frozenset[Way]]] = {
    Level.S0: {R: _REACHED, M: _REACHED, S: _REACHED, C: _REACHED},  # the rent office: the account only
    Level.S1: {R: _REACHED, M: _REACHED},
    Level.S2: {R: _HELD, M: _BY_GLASS},
    Level.S3: {R: _HELD, M: _BY_GLASS},
    Level.S4: {R: _HELD, M: _BY_GLASS},
}

# category of the shared part → the roles to which a convention may open it, and which read nothing of it otherwise.
# It narrows S0 and opens nothing above: neither S1 to S4 nor another role can be named in a convention.
SHAREABLE: dict[Category, frozenset[Role]] = dict.fromkeys(Category, frozenset({S})) | {
    Category.COMPOSITION: frozenset({S, L})
}
BOUND_BY_CONVENTION = frozenset({S, L})

# permission → roles; which *cases* a role reaches is decided by cases.access, which *part* of them by each query.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "session:use": frozenset({R, M, S, L, C, F, A}),  # sign out, own preferences, own password
    "day:read": frozenset({R, M, S, L, C}),
    "case:read": frozenset({R, M, S, L, C}),
    "case:refer": frozenset({R, M, S, C}),
    "case:manage": frozenset({M, C}),  # referent, suspension
    "person:write": frozenset({R, M}),
    "address:protect": frozenset({R, M}),
    "sensitive:write": frozenset({R, M}),  # notes above the shared part: by level, see READERS
    "glass:break": frozenset({R, M}),
    "consent:write": frozenset({R, M}),
    "sharing:preview": frozenset({R, M}),  # the file as the landlord reads it
    "diagnostic:read": frozenset({R, M, S, C}),
    "diagnostic:write": frozenset({R, M}),
    "contract:read": frozenset({R, M, S, C}),
    "contract:write": frozenset({R, M}),
    "contact:read": frozenset({R, M, S, C}),
    "contact:read-private": frozenset(READERS[Level.S1]),
    "contact:write": frozenset({R, M}),
    "reassessment:read": frozenset({R, M, S, C}),
    "reassessment:write": frozenset({R, M}),
    "lease:write": frozenset({R, M, S}),
    "exit:write": frozenset({R, M}),
    "privacy:export": frozenset({R, M}),  # the copy of a file for the person; a referent: of their team
    "history:read": frozenset({R, M}),  # of one case: what was changed, who opened it
    "retention:archive": frozenset({R, M}),  # keep a file past its time, for a written reason
    "retention:manage": frozenset({M}),  # what is due, anonymise
    "rights:write": frozenset({R, M}),  # what a person asks of their data; a referent: of their team
    "register:read": frozenset({M, C, A}),  # register of processing and impact assessment, without anybody's data
    "rent:read": frozenset({R, M, S, L, C}),
    "rent:report": frozenset({S, L}),
    "alert:read": frozenset({R, M, S, L, C}),
    "alert:postpone": frozenset({R, M, S, L}),
    "review:read": frozenset({M, S, C, F}),
    "review:read-cases": frozenset({M, S, C}),  # the list behind a figure
    "programme:read": frozenset({R, M, S, L, C, F}),
    "programme:open": frozenset({C, A}),
    "programme:write": frozenset({C}),  # save its next version
    "convention:read": frozenset({R, M, S, L, C}),
    "convention:write": frozenset({C}),  # record what the landlord reads from a day on
    "catalogue:read": frozenset({M, S, C, A}),
    "import:run": frozenset({M, C}),
    "account:manage": frozenset({A}),
}


@cache
def permissions_of(role: str) -> frozenset[str]:
    """Return the permissions that `role` holds."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role in roles)


@cache
def ways_of(role: str, level: Level) -> frozenset[Way]:
    """Return the ways by which `role` reads `level`; none: never."""
    return frozenset(way for reader, ways in READERS[level].items() if reader == role for way in ways)
