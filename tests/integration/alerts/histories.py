"""Random histories of cases, and a second opinion on their facts: read row by row, in plain Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from casework.alerts.rules import CaseFacts, RentFacts
from casework.cases.models import Case, CaseEnd, Suspension
from casework.contacts.models import Contact
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.kernel.calendar import add_months, month_end, month_start
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.leases.models import LeaseStage
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.terms import Terms
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport, RentLine
from tests.factories import Stage, make_case

FIRST = date(2024, 11, 15)
DAYS = 520
STAGES = ("ALT", "SOUS_LOCATION", "BAIL_GLISSANT", "BAIL_DIRECT")


@dataclass
class History:
    """One case with all its rows."""

    case: Case
    contracts: list[Contract] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    held: list[Reassessment] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    ends: list[CaseEnd] = field(default_factory=list)
    stages: list[LeaseStage] = field(default_factory=list)
    reports: list[ArrearsReport] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    lines: list[RentLine] = field(default_factory=list)

    def rows(self) -> list[Base]:
        return [
            *self.contracts,
            *self.contacts,
            *self.held,
            *self.suspensions,
            *self.ends,
            *self.stages,
            *self.reports,
            *self.diagnostics,
            *self.lines,
        ]


def make_histories(ctx: Ctx, programme: Programme, count: int, chance: random.Random) -> list[History]:
    """Write `count` cases with random facts; some share the account of a lease, some follow another version."""
    versions = ctx.session.scalars(
        select(ProgrammeVersion.id)
        .where(ProgrammeVersion.programme_id == programme.id)
        .order_by(ProgrammeVersion.number)
    ).all()
    histories: list[History] = []
    for number in range(count):
        referred_on = FIRST + timedelta(days=chance.randrange(0, DAYS))
        lease = f"{programme.id}-{len(versions)}-{count}-{number}" if chance.random() < 0.7 else None
        case = make_case(ctx, programme, stage=Stage.REFERRED, referred_on=FIRST, lease_number=lease)
        case.referred_on = referred_on
        case.programme_version_id = chance.choice(versions)
        case.moved_in_on = _some_day(chance) if chance.random() < 0.7 else None
        history = History(case)
        if histories and lease is None and chance.random() < 0.5:
            case.rent_account_id = histories[-1].case.rent_account_id  # a second accompaniment in the same dwelling
            history.lines = histories[-1].lines
        _fill(ctx, history, chance, has_own_lease=lease is not None)
        histories.append(history)
    for history in histories:
        ctx.session.add_all(history.rows())
    ctx.session.flush()
    return histories


def _some_day(chance: random.Random) -> date:
    day = FIRST + timedelta(days=chance.randrange(0, DAYS))
    return month_end(day) if chance.random() < 0.2 else day


def _fill(ctx: Ctx, history: History, chance: random.Random, *, has_own_lease: bool) -> None:
    now, key = ctx.clock.now(), history.case.id
    if chance.random() < 0.85:
        for place in range(chance.choice((1, 1, 1, 2, 3))):
            on = _some_day(chance)
            end = chance.choice((None, on + timedelta(days=chance.randrange(1, 400))))
            kind = "AVENANT" if place else "INITIAL"
            history.contracts.append(Contract(case_id=key, kind=kind, signed_on=on, planned_end_on=end, created_at=now))
    days = [_some_day(chance) for _ in range(5)]  # several contacts of one day are where comparisons go wrong
    for _ in range(chance.choice((0, 1, 3, 6, 12))):
        kind = chance.choice(("VAD", "BUREAU", "TEL", "ATELIER", "TENTATIVE"))
        outcome = chance.choice(("REALISEE", "ABSENT", "REFUS", "REPORTEE", "ABSENT"))
        history.contacts.append(
            Contact(case_id=key, occurred_on=chance.choice(days), kind=kind, outcome=outcome, created_at=now)
        )
    for _ in range(chance.choice((0, 0, 1, 4))):
        history.held.append(Reassessment(case_id=key, held_on=_some_day(chance), decision="POURSUITE", created_at=now))
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        on = _some_day(chance)
        until = chance.choice((None, on, on + timedelta(days=chance.randrange(0, 90))))
        history.suspensions.append(Suspension(case_id=key, from_on=on, to_on=until, reason="Pause"))
    _fill_the_rest(ctx, history, chance)
    if has_own_lease:
        history.lines = _ledger(history.case.rent_account_id or 0, chance)


def _fill_the_rest(ctx: Ctx, history: History, chance: random.Random) -> None:
    now, key = ctx.clock.now(), history.case.id
    if chance.random() < 0.3:
        history.ends.append(CaseEnd(case_id=key, ended_on=_some_day(chance), reason="OBJ", outcome="X", created_at=now))
    for on in {_some_day(chance) for _ in range(chance.choice((0, 1, 1, 3)))}:
        history.stages.append(LeaseStage(case_id=key, stage=chance.choice(STAGES), from_on=on, created_at=now))
    for _ in range(chance.choice((0, 0, 1, 2))):
        history.reports.append(
            ArrearsReport(case_id=key, reported_on=_some_day(chance), debt_cents=1, author_id=None, created_at=now)
        )
    for _ in range(chance.choice((0, 1, 1))):
        history.diagnostics.append(Diagnostic(case_id=key, made_on=_some_day(chance), author_id=None, created_at=now))


def _ledger(account_id: int, chance: random.Random) -> list[RentLine]:
    lines: list[RentLine] = []
    month = add_months(month_start(FIRST), chance.randrange(0, 6))
    rent, paying = chance.choice((0, 200_00, 420_00)), chance.random()
    while month < FIRST + timedelta(days=DAYS):
        if chance.random() < 0.9:  # a ledger now and then never came
            charges, benefit = chance.choice((0, 60_00)), chance.choice((0, 210_00, 480_00))
            base = rent + charges - benefit
            multiple = chance.choice((0, 1, 2, 2, 3, 5))
            balance = chance.choice((base * multiple, base * multiple - 1, base * multiple + 1, 0, -50_00, 1))
            paid = base if chance.random() < paying else chance.choice((0, base - 1, base + 1))
            lines.append(
                RentLine(
                    account_id=account_id,
                    month=month,
                    rent_cents=rent,
                    charges_cents=charges,
                    benefit_cents=benefit,
                    paid_cents=paid,
                    balance_cents=balance,
                )
            )
        month = add_months(month, 1)
    return lines


def facts_by_hand(history: History, day: date, terms: dict[int, Terms]) -> CaseFacts:
    """Return what is known of a case on `day`, by the words of the rules and with nothing of the application."""
    case, own = history.case, terms[history.case.programme_version_id]
    signed = sorted((c for c in history.contracts if c.signed_on <= day), key=lambda c: (c.signed_on, c.id))
    known = [c for c in history.contacts if c.occurred_on <= day]
    met = _last([c.occurred_on for c in known if c.outcome == "REALISEE" and c.kind != "TENTATIVE"])
    missed = sorted(
        c.occurred_on for c in known if c.outcome in {"ABSENT", "REFUS"} and (met is None or c.occurred_on > met)
    )
    stages = sorted((s for s in history.stages if s.from_on <= day), key=lambda s: s.from_on)
    patience = own.contact_lost_after
    return CaseFacts(
        case_id=case.id,
        version_id=case.programme_version_id,
        number=case.number,
        referred_on=case.referred_on,
        moved_in_on=case.moved_in_on,
        diagnosed=any(d.made_on <= day for d in history.diagnostics),
        contract_on=signed[0].signed_on if signed else None,
        planned_end_on=signed[-1].planned_end_on if signed else None,
        ended_on=_last([e.ended_on for e in history.ends if e.ended_on <= day]),
        suspended=any(s.from_on <= day and (s.to_on is None or day <= s.to_on) for s in history.suspensions),
        last_contact_on=met,
        missed_since=len(missed),
        third_missed_on=missed[patience - 1] if len(missed) >= patience else None,
        last_reassessment_on=_last([r.held_on for r in history.held if r.held_on <= day]),
        stage=stages[-1].stage if stages else None,
        stage_from_on=stages[-1].from_on if stages else None,
        rent=_rent_by_hand(history.lines, day, own.arrears_multiple),
        reported_on=_last([r.reported_on for r in history.reports if r.reported_on <= day]),
    )


def _last(days: Sequence[date]) -> date | None:
    return max(days, default=None)


def _rent_by_hand(lines: Sequence[RentLine], day: date, multiple: int) -> RentFacts | None:
    known = sorted((line for line in lines if month_end(line.month) <= day), key=lambda line: line.month)
    if not known:
        return None
    since: date | None = None
    short = 0
    for line in known:
        base = _base(line)
        holds = line.balance_cents > 0 and line.balance_cents >= multiple * base
        since = (since or line.month) if holds else None
        short = short + 1 if line.paid_cents < base else 0
    return RentFacts(known[-1].month, known[-1].balance_cents, _base(known[-1]), since, short)


def _base(line: RentLine) -> int:
    return line.rent_cents + line.charges_cents - line.benefit_cents
