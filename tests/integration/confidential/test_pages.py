"""The pages of what only the team reads, as its referent meets them."""

from __future__ import annotations

from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.cases.queries import case_record
from casework.confidential.note_service import NoteNews, record_note
from casework.confidential.vocabulary import Topic
from casework.kernel.clock import FixedClock
from tests.factories import make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient


def test_a_referent_protects_an_address_and_finds_the_file_without_it(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case_id = make_case(ctx, programme, referent=referent).id
        person = case_record(ctx, case_id).person
        assert person is not None
        person.phone = "06 39 98 00 01"
    sign_in(client, referent)
    base = f"/menages/{case_id}"
    assert "3 rue des Lilas" in client.get(base).text

    refused = send_form(client, f"{base}/adresse-protegee/proteger", {"safe_contact": ""})
    assert refused.status_code == 200
    done = send_form(client, f"{base}/adresse-protegee/proteger", {"safe_contact": "Par sa sœur."})
    assert done.status_code == 302
    pages = {
        path: client.get(base + path).text
        for path in ("", "/fiche", "/personnes", "/personnes/ajouter", "/adresse-protegee", "/vue-du-bailleur")
    }
    assert [path for path, text in pages.items() if "rue des Lilas" in text or "06 39 98" in text] == []
    assert "Par sa sœur." in pages[""]
    assert "Par sa sœur." not in pages["/vue-du-bailleur"]
    assert 'name="address"' not in pages["/fiche"]
    assert 'name="phone"' not in pages["/fiche"] + pages["/personnes/ajouter"]
    shown = send_form(client, f"{base}/adresse-protegee/voir").text
    assert "3 rue des Lilas" in shown
    assert "06 39 98 00 01" in shown
    assert referent.display_name in client.get(f"{base}/adresse-protegee").text

    assert (
        send_form(client, f"{base}/adresse-protegee/lever", {"reason": "À sa demande.", "restore": "y"}).status_code
        == 302
    )
    assert "3 rue des Lilas" in client.get(base).text


def test_a_note_goes_for_good_only_when_that_is_asked_once_more(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case_id = make_case(ctx, programme, referent=referent).id
        note_id = record_note(ctx, case_id, NoteNews(Topic.SANTE, ctx.today, "Une note.")).id
    sign_in(client, referent)
    page = client.get(f"/menages/{case_id}/donnees-sensibles").text

    before, asked, after = page.partition("La note disparaît pour toujours.")
    assert asked
    assert before.rindex("<details") > before.rindex("Une note.")
    assert f"/donnees-sensibles/{note_id}/" in after.partition("</details>")[0]
