"""Builders of what a test starts from. Everything has a sound default; a test names only what it is about.

with system_ctx(engine, clock) as ctx:
    programme = make_programme(ctx)
    referent = make_user(ctx, Role.REFERENT, programme=programme)
    case = make_case(ctx, programme, stage=Stage.ACTIVE, referent=referent)
sign_in(client, referent)
send_form(client, f"/menages/{case.id}/fiche", {"family_name": "Martin"})
"""

from tests.factories.accounts import PASSWORD, make_organisation, make_user, send_form, session_cookie, sign_in
from tests.factories.cases import Stage, make_case, make_rent_line
from tests.factories.contexts import SYSTEM, acting_as, seen_by, system_ctx
from tests.factories.histories import make_history
from tests.factories.programmes import change_definition, make_convention, make_programme, make_version

__all__ = [
    "PASSWORD",
    "SYSTEM",
    "Stage",
    "acting_as",
    "change_definition",
    "make_case",
    "make_convention",
    "make_history",
    "make_organisation",
    "make_programme",
    "make_rent_line",
    "make_user",
    "make_version",
    "seen_by",
    "send_form",
    "session_cookie",
    "sign_in",
    "system_ctx",
]
