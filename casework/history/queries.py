"""SELECTs of the logs of one case. None starts from a user: the logs are not there to measure work."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from casework.accounts.models import Organisation, User
from casework.cases.access import declare_case_table
from casework.cases.models import Case
from casework.history.subjects import SUBJECTS
from casework.households.models import HouseholdMember
from casework.kernel.access import visible
from casework.kernel.audit import AuditEvent
from casework.kernel.context import Ctx
from casework.kernel.reading import ReadingEntry
from casework.kernel.row_security import as_system
from casework.web.paging import Page, Place, Sort, cut, paged

SIZE = 25
ChangeRow = Row[int, datetime, str, str, dict[str, Any], str | None, str | None]
ReadingRow = Row[int, datetime, str, str, str, str, str]
_CHANGES = Sort(AuditEvent.id.expression, AuditEvent.id.expression, int)
_READINGS = Sort(ReadingEntry.id.expression, ReadingEntry.id.expression, int)
declare_case_table(ReadingEntry)


def page_of_changes(ctx: Ctx, case_id: int, entity: str, column: str, place: Place) -> Page[ChangeRow]:
    """Return one page of what was changed of a case that the actor sees, the last change first.

    With `entity` and `column`, only the changes of that one. What is on many rows at once (imports) is not of a case.
    """
    entities = [name for name, subject in SUBJECTS.items() if ctx.actor.may(subject.permission)]
    statement = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.entity,
            AuditEvent.operation,
            AuditEvent.difference,
            AuditEvent.reason,
            User.display_name.label("who"),
        )
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(_of_case(ctx, case_id), AuditEvent.entity.in_([entity] if entity else entities))
        .where(AuditEvent.operation.in_(("insert", "update", "delete")))
    )
    if column:
        statement = statement.where(_names(ctx, column))
    place = _CHANGES.sound(place)
    # The traces of people and homes carry no case by which the wall would know them; the statement asks for it itself.
    with as_system(ctx.session, ctx.actor):
        rows = ctx.session.execute(paged(statement, _CHANGES, place, SIZE, descending=True)).all()
    return cut(rows, place, SIZE, lambda row: f"{row.id}~{row.id}")


def page_of_readings(ctx: Ctx, case_id: int, place: Place) -> Page[ReadingRow]:
    """Return one page of who opened the file of a case that the actor sees, the last reading first."""
    statement = (
        select(
            ReadingEntry.id,
            ReadingEntry.at,
            ReadingEntry.what,
            ReadingEntry.level,
            User.display_name.label("who"),
            User.role,
            Organisation.name.label("organisation"),
        )
        .join(User, User.id == ReadingEntry.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(ReadingEntry.case_id == case_id, visible(ctx, ReadingEntry))
    )
    place = _READINGS.sound(place)
    rows = ctx.session.execute(paged(statement, _READINGS, place, SIZE, descending=True)).all()
    return cut(rows, place, SIZE, lambda row: f"{row.id}~{row.id}")


def names_of(ctx: Ctx, user_ids: Collection[int]) -> dict[int, str]:
    """Return the names of people who work here."""
    if not user_ids:
        return {}
    found: Sequence[Row[int, str]] = ctx.session.execute(
        select(User.id, User.display_name).where(User.id.in_(user_ids)).order_by(User.id)
    ).all()
    return {row.id: row.display_name for row in found}


def _of_case(ctx: Ctx, case_id: int) -> ColumnElement[bool]:
    """Return the condition on the traces of a case, and of its household, people, home and lease."""

    def of(entity: str, ids: Select[int | None] | Select[int]) -> ColumnElement[bool]:
        return and_(AuditEvent.entity == entity, AuditEvent.entity_id.in_(ids))

    seen = (Case.id == case_id, visible(ctx, Case))
    members = select(HouseholdMember).join(Case, Case.household_id == HouseholdMember.household_id).where(*seen)
    return or_(
        AuditEvent.case_id.in_(select(Case.id).where(*seen)),
        of("households", select(Case.household_id).where(*seen)),
        of("household_members", members.with_only_columns(HouseholdMember.id)),
        of("persons", members.with_only_columns(HouseholdMember.person_id)),
        of("dwellings", select(Case.dwelling_id).where(*seen)),
        of("rent_accounts", select(Case.rent_account_id).where(*seen)),
    )


def _names(ctx: Ctx, column: str) -> ColumnElement[bool]:
    """Return the condition that a difference names a column."""
    if ctx.session.get_bind().dialect.name == "postgresql":
        return func.jsonb_exists(AuditEvent.difference, column)
    return func.json_type(AuditEvent.difference, f"$.{column}").is_not(None)
