from __future__ import annotations

import pytest

from casework.contacts.rules import check_attempt, is_made
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.errors import RuleViolation


@pytest.mark.parametrize("kind", list(ContactKind))
@pytest.mark.parametrize("outcome", list(ContactOutcome))
def test_an_attempt_in_which_somebody_was_met_is_refused_and_nothing_else(
    kind: ContactKind, outcome: ContactOutcome
) -> None:
    if (kind, outcome) == (ContactKind.TENTATIVE, ContactOutcome.REALISEE):
        with pytest.raises(RuleViolation, match="n’a pas abouti") as refused:
            check_attempt(kind, outcome)
        assert refused.value.field == "outcome"
        assert not is_made(kind, outcome)  # as files may say it
    else:
        check_attempt(kind, outcome)
