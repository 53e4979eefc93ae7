"""The screens on what is kept of people: accessible, and no wider than a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseRetention
from casework.kernel.clock import FixedClock
from casework.privacy.rights import record_request
from casework.privacy.service import archive_case
from casework.privacy.vocabulary import Right
from tests.factories import Stage, make_case, make_programme, make_user, session_cookie, system_ctx
from tests.support.browsers import PHONE
from tests.support.live_server import LiveServer

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def people(engine: Engine, clock: FixedClock) -> tuple[User, User, list[Case]]:
    """A manager, a referent, and households that left: one due, one told of, one archived."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        manager, referent = (make_user(ctx, role, programme=programme) for role in (Role.MANAGER, Role.REFERENT))
        cases = [
            make_case(
                ctx,
                programme,
                stage=Stage.ENDED,
                referent=referent,
                family_name=name,
                referred_on=date(2022, 1, 10),
                signed_on=date(2022, 3, 1),
                ended_on=date(2024, 2, 1),
            )
            for name in ("Duval", "Tellier", "Roche")
        ]
        for case, noticed_on in zip(cases, (date(2026, 1, 1), date(2026, 3, 20)), strict=False):
            ctx.session.add(CaseRetention(case_id=case.id, noticed_on=noticed_on))
        record_request(
            ctx, cases[1].id, Right.LIMITATION, date(2026, 2, 1), "Je conteste ce qui est écrit de ma dette."
        )
        archive_case(ctx, cases[2].id, "Recours en cours devant le tribunal.", date(2029, 1, 1))
        return manager, referent, cases


def test_the_screens_are_accessible_and_fit_a_phone(
    page: Page,
    app: Flask,
    live_server: LiveServer,
    people: tuple[User, User, list[Case]],
    axe: Callable[..., list[str]],
) -> None:
    manager, referent, (_due, told, archived) = people
    rights = (f"/menages/{told.id}/droits", f"/menages/{told.id}/droits/1")
    screens = (
        (manager, ("/donnees-personnelles", "/conservation", "/conservation/anonymiser", f"/menages/{archived.id}")),
        (
            referent,
            ("/", f"/menages/{told.id}", f"/menages/{told.id}/conservation", f"/menages/{told.id}/copie", *rights),
        ),
    )
    page.set_viewport_size(ViewportSize(width=PHONE["width"], height=PHONE["height"]))
    for user, paths in screens:
        name, value = session_cookie(app, user)
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        for path in paths:
            page.goto(path)
            assert axe(page) == [], path
            assert page.evaluate(WIDER) <= 0, path
