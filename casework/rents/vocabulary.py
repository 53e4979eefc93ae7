"""Words of the rent accounts."""

from enum import StrEnum


class AccountState(StrEnum):
    """Where a rent account stands after a month."""

    AHEAD = "AHEAD"
    SETTLED = "SETTLED"
    BEHIND = "BEHIND"
    CONSTITUTED = "CONSTITUTED"


ACCOUNT_STATE_LABELS: dict[str, str] = {
    AccountState.AHEAD: "En avance",
    AccountState.SETTLED: "À jour",
    AccountState.BEHIND: "Retard de paiement",
    AccountState.CONSTITUTED: "Impayé constitué",
}

ACCOUNT_STATE_TONES: dict[str, str] = {
    AccountState.AHEAD: "settled",
    AccountState.SETTLED: "settled",
    AccountState.BEHIND: "soon",
    AccountState.CONSTITUTED: "late",
}
