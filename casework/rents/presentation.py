"""A rent account in words and figures, prepared for its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.cases.queries import CaseHead
from casework.cases.rules import is_watched_for_rent
from casework.kernel.context import Ctx
from casework.programmes.terms import Terms
from casework.rents import queries
from casework.rents.queries import ReportView
from casework.rents.rules import ArrearsRun, RentMonth, arrears_run, state_of, threshold_cents
from casework.rents.service import can_withdraw_report
from casework.rents.vocabulary import AccountState
from casework.web.filters import euros, month, short_day
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext

CHART_MONTHS = 24


@dataclass(frozen=True)
class AccountPage:
    """What the page of an account shows. `months` is newest first, `chart` oldest first: (month, balance, threshold).

    `withdrawable` holds the numbers of the reports that the reader may take back today.
    """

    lease_number: str | None
    months: list[tuple[RentMonth, AccountState]]
    chart: list[tuple[str, int, int]]
    last: RentMonth | None
    state: AccountState | None
    threshold_cents: int
    run: ArrearsRun | None
    reports: Sequence[ReportView]
    withdrawable: frozenset[int]
    sentences: list[str]
    is_watched: bool
    report_due: bool


def account_page(ctx: Ctx, head: CaseHead, terms: Terms) -> AccountPage:
    """Return the page of the rent account of a case that the actor is known to see."""
    case_id = head.id
    is_watched = is_watched_for_rent(head.referred_on, head.ended_on, ctx.today)
    months = queries.months_of(ctx, case_id, ctx.today)
    reports = queries.reports_of(ctx, case_id)
    multiple = terms.arrears_multiple
    last = months[-1] if months else None
    run = arrears_run(months, multiple, terms.caf_report_months)
    return AccountPage(
        lease_number=queries.lease_number_of(ctx, case_id),
        months=[(m, state_of(m.balance_cents, m.base_cents, multiple)) for m in reversed(months)],
        chart=[
            (month(m.month), m.balance_cents, threshold_cents(m.base_cents, multiple)) for m in months[-CHART_MONTHS:]
        ],
        last=last,
        state=state_of(last.balance_cents, last.base_cents, multiple) if last else None,
        threshold_cents=threshold_cents(last.base_cents, multiple) if last else 0,
        run=run,
        reports=reports,
        withdrawable=frozenset(r.id for r in reports if can_withdraw_report(ctx, r.created_at, r.author_id)),
        sentences=_sentences(last, run, multiple),
        is_watched=is_watched,
        report_due=is_watched and run is not None and not any(r.reported_on >= run.since_on for r in reports),
    )


def _sentences(last: RentMonth | None, run: ArrearsRun | None, multiple: int) -> list[str]:
    if last is None:
        return []
    if last.balance_cents < 0:
        return [_("Le compte est en avance de %(amount)s.", amount=euros(-last.balance_cents))]
    if last.balance_cents == 0:
        return [_("Le compte est à jour.")]
    debt, base = euros(last.balance_cents), euros(last.base_cents)
    threshold = euros(threshold_cents(last.base_cents, multiple))
    shares = ngettext("%(num)d fois la part du ménage", "%(num)d fois la part du ménage", multiple)
    if run is None:
        return [
            _(
                "Il reste %(debt)s à payer : moins que %(shares)s (%(threshold)s), "
                "ce n’est donc pas un impayé constitué.",
                debt=debt,
                shares=shares,
                threshold=threshold,
            )
        ]
    sentences = [_run_words(run)]
    if last.base_cents <= 0:
        sentences.append(_("La part du ménage est nulle ce mois-ci : toute dette compte, à vérifier à la main."))
    else:
        sentences.append(
            _(
                "La dette de %(debt)s atteint %(shares)s (%(multiple)s × %(base)s = %(threshold)s).",
                debt=debt,
                shares=shares,
                multiple=multiple,
                base=base,
                threshold=threshold,
            )
        )
    return sentences


def _run_words(run: ArrearsRun) -> str:
    length = ngettext("%(num)d mois", "%(num)d mois de suite", run.months)
    return _("L’impayé est constitué depuis le %(day)s : %(length)s.", day=short_day(run.since_on), length=length)
