"""The account of a lease that a case names: whoever is given one reads its ledger, so it must be their household's."""

from datetime import date

from sqlalchemy import ColumnElement, Row, exists, select

from casework.accounts.vocabulary import LANDLORD_ROLES
from casework.cases.models import Case, CaseEnd, RentAccount
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.programmes.models import Programme

# Where the months of accounts lie: this room does not know the tables of rents.
_ledgers: list[ColumnElement[int]] = []


def declare_ledger(account_id: ColumnElement[int]) -> None:
    """Declare the column by which the rows of a ledger name their account."""
    _ledgers.append(account_id)


def give_account(ctx: Ctx, case: Case, lease_number: str) -> None:
    """Let a case name the account of a lease in its landlord's books, opened when nothing named it yet; or none.

    Raises RuleViolation on `lease_number` when another household of the programme holds the lease at the same time, or
    when the account has months and the actor does not see the household that they are about. Landlords own the books.
    """
    if not lease_number:
        case.rent_account_id = None
        return
    landlord_id = ctx.session.get_one(Programme, case.programme_id).landlord_id
    account = ctx.session.scalars(
        select(RentAccount).where(RentAccount.landlord_id == landlord_id, RentAccount.lease_number == lease_number)
    ).one_or_none()
    if account is None:
        account = RentAccount(landlord_id=landlord_id, lease_number=lease_number)
        ctx.session.add(account)
        ctx.session.flush()
    else:
        _check_is_theirs(ctx, case, account)
    case.rent_account_id = account.id


def _check_is_theirs(ctx: Ctx, case: Case, account: RentAccount) -> None:
    holders = _other_holders(ctx, case, account)
    ended_on = ctx.session.scalar(select(CaseEnd.ended_on).where(CaseEnd.case_id == case.id)) or date.max
    for holder in holders:
        is_at_once = case.referred_on < (holder.ended_on or date.max) and holder.referred_on < ended_on
        if holder.programme_id == case.programme_id and is_at_once:
            if not holder.is_seen:
                raise _refusal()
            raise RuleViolation("lease_number", "Ce bail est celui du dossier %(number)s.", number=holder.number)
    owns_the_books = ctx.actor.role in {*LANDLORD_ROLES, "SYSTEM"}
    if not owns_the_books and not any(holder.is_seen for holder in holders) and _has_months(ctx, account):
        raise _refusal()


def _refusal() -> RuleViolation:
    return RuleViolation(
        "lease_number",
        "Ce numéro de bail est celui d’un autre ménage du bailleur. Vérifiez-le\u00a0; s’il est juste, demandez au bailleur de "
        "le noter sur la fiche.",
    )


def _other_holders(ctx: Ctx, case: Case, account: RentAccount) -> list[Row[str, int, date, date | None, bool]]:
    """Return (number, programme_id, referred_on, ended_on, is_seen) of the other cases that name an account, in sight or not."""
    return list(
        ctx.session.execute(
            select(
                Case.number, Case.programme_id, Case.referred_on, CaseEnd.ended_on, visible(ctx, Case).label("is_seen")
            )
            .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
            .where(Case.rent_account_id == account.id, Case.id.is_distinct_from(case.id))
            .order_by(Case.id)
        )
    )


def _has_months(ctx: Ctx, account: RentAccount) -> bool:
    return any(ctx.session.scalar(select(exists().where(column == account.id))) for column in _ledgers)
