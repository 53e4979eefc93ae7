"""Delicate words are shown once before they are saved; nobody loses what they typed, and nothing is kept twice."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.contacts.models import Contact
from casework.kernel.clock import FixedClock
from tests.factories import Stage, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

pytestmark = pytest.mark.databases("sqlite")
NOTE = "Madame se dit dépressive ; son numéro est 2 55 08 14 168 025 38."
SOUND = {"occurred_on": "2026-03-30", "kind": "TEL", "outcome": "REALISEE", "shared_note": NOTE}


@pytest.fixture
def place(engine: Engine, clock: FixedClock) -> tuple[User, int]:
    """A referent, and a household that they diagnosed."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        return referent, make_case(ctx, programme, stage=Stage.DIAGNOSED, referent=referent).id


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _notes(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Contact.shared_note)))


def test_words_are_shown_once_and_the_same_text_is_kept_when_it_comes_again(
    client: StrictClient, place: tuple[User, int], engine: Engine
) -> None:
    referent, case_id = place
    url = f"/menages/{case_id}/contacts/nouveau"
    sign_in(client, referent)
    assert "Pas de diagnostic, pas d’infraction" in client.get(url).get_data(as_text=True)

    shown = send_form(client, url, SOUND).get_data(as_text=True)
    assert "Vérifiez avant d’enregistrer" in shown
    assert "2 55 08 14 168 025 38, dépressive" in shown
    assert NOTE in shown
    assert _notes(engine) == []

    seen, key = _hidden(shown, "seen_words"), _hidden(shown, "form_key")
    more = SOUND | {"shared_note": NOTE + " Un cancer.", "seen_words": seen}
    assert "dépressive, cancer" in send_form(client, url, more).get_data(as_text=True)
    for _ in range(2):  # the connection drops, the same form comes again
        assert send_form(client, url, SOUND | {"seen_words": seen, "form_key": key}).status_code == 302
    assert _notes(engine) == [NOTE]


def test_who_has_seen_the_words_is_not_asked_again_when_something_else_is_wrong(
    client: StrictClient, place: tuple[User, int], engine: Engine
) -> None:
    referent, case_id = place
    url = f"/menages/{case_id}/contacts/nouveau"
    sign_in(client, referent)
    seen = _hidden(send_form(client, url, SOUND).get_data(as_text=True), "seen_words")

    for wrong in ({"occurred_on": "2026-04-15"}, {"occurred_on": "never"}):
        refused = send_form(client, url, SOUND | wrong | {"seen_words": seen}).get_data(as_text=True)
        assert "Quelques points sont à revoir" in refused
        assert "Vérifiez avant d’enregistrer" not in refused
        assert _hidden(refused, "seen_words") == seen


def test_the_lines_of_a_list_are_read_too(client: StrictClient, place: tuple[User, int]) -> None:
    referent, case_id = place
    sign_in(client, referent)
    contract = {
        "signed_on": "2026-03-30",
        "household_signatory": "A",
        "association_signatory": "B",
        "landlord_signatory": "C",
        "objectives-0-label": "Soigner son alcoolisme",
        "objectives-0-party": "HOUSEHOLD",
    }
    shown = send_form(client, f"/menages/{case_id}/contrat", contract).get_data(as_text=True)
    assert "Objectif · alcoolisme" in shown
