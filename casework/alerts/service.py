"""The sweep: facts to alerts and summaries, for a whole programme or for one case, by the same functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, case, update

from casework.alerts import queries
from casework.alerts.facts import Scope, load_facts
from casework.alerts.models import Alert, SweepLog
from casework.alerts.rules import CaseFacts, Figures, Occurrence, closing_fact, evaluate, evaluate_contacts
from casework.alerts.summaries import keep_contact, keep_summaries
from casework.alerts.vocabulary import CONTACT_RULES, AlertRule
from casework.cases.vocabulary import CaseState
from casework.kernel.audit import JsonValue, record_bulk
from casework.kernel.context import Ctx
from casework.kernel.database import insert_many, lock_subject, sent_together, upsert
from casework.kernel.events import CaseChanged
from casework.kernel.late import write_late
from casework.privacy.closing import refuse_closed
from casework.programmes.queries import terms_by_version, terms_of
from casework.programmes.terms import Terms

Key = tuple[int, str, date]
_ONE = update(Alert).where(Alert.id == bindparam("alert_id"))
_RENEW = _ONE.values(facts=bindparam("new_facts"))
_CLOSE = _ONE.values(closed_on=bindparam("on"), closing_fact=bindparam("fact"))


@dataclass(frozen=True)
class Finding:
    """An alert that the sweep found to hold: case number, rule, due date, figures."""

    case: str
    rule: str
    due_on: date
    facts: Figures


def sweep_programme(ctx: Ctx, programme_id: int, day: date) -> list[Finding]:
    """Return every alert that holds on `day` in a programme, from facts dated up to that day, by case number.

    New ones are raised and those whose cause is gone are closed, with the summaries kept in step, when `day` is today
    (what people note in the meantime is kept in step as of today, too): a sweep of another day looks and changes
    nothing. Run twice, or twice at once, it leaves one alert for each occurrence.
    """
    lock_subject(ctx.session, programme_id)
    writes = day == ctx.today
    if writes:
        queries.hold_cases(ctx.session, programme_id)
    terms = terms_by_version(ctx, programme_id, day)
    scope = Scope(programme_id)
    facts = load_facts(ctx.session, scope, day, terms)
    held = _evaluate_all(facts, terms, day)
    last = queries.last_sweep_on(ctx.session, programme_id)
    if writes and (last is None or last <= day):
        _keep_alerts(ctx, scope, day, facts, held, queries.open_alerts(ctx.session, programme_id))
        keep_summaries(ctx.session, day, facts, held, terms, queries.known_cases(ctx.session, programme_id))
        statement = upsert(ctx.session, SweepLog).values(
            programme_id=programme_id, swept_on=day, swept_at=ctx.clock.now()
        )
        ctx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["programme_id"],
                set_={"swept_on": statement.excluded.swept_on, "swept_at": statement.excluded.swept_at},
            )
        )
    findings = [Finding(f.number, o.rule.value, o.due_on, o.facts) for f in facts for o in held[f.case_id]]
    return sorted(findings, key=lambda found: (found.case, found.rule, found.due_on))


def refresh_case(ctx: Ctx, event: CaseChanged) -> None:
    """Bring the alerts and the summary of one case up to date, in the transaction that changed its facts.

    Every use case that writes facts of a case announces it, so that none can forget to ask whether the file is closed:
    then RuleViolation is raised on the whole. What is noted in another case of the same household is no writing here.
    """
    day = ctx.today
    if not event.held:
        queries.hold_case(ctx.session, event.case_id)
    if event.met_on is not None and _note_contact(ctx, day, event.case_id, event.met_on):
        return
    known = queries.known_case(ctx.session, event.case_id)
    if not event.echo:
        refuse_closed(*known.closed_since)
    terms = terms_of(ctx, [known.version], day)
    scope = Scope(known.version[1], event.case_id)
    facts = load_facts(ctx.session, scope, day, terms)
    held = _evaluate_all(facts, terms, day)
    with sent_together(ctx.session):
        _keep_alerts(ctx, scope, day, facts, held, known.alerts)
        keep_summaries(ctx.session, day, facts, held, terms, [known.row])


def _note_contact(ctx: Ctx, day: date, case_id: int, met_on: date) -> bool:
    """Bring a case up to date in which all that is new is a contact made, by what its summary says of it.

    Return False, with nothing done, where only the facts tell: the summary is not of today, or attempts that failed
    before and after the contact are to be told apart. Raises RuleViolation where the file is closed.
    """
    found = queries.standing_case(ctx.session, case_id)
    if found is None:
        return False
    standing, known = found
    refuse_closed(*known.closed_since)
    if day not in {standing.computed_on, standing.swept_on}:
        return False
    if met_on <= standing.last_contact_on:
        return True
    about_contacts = [alert for alert in known.alerts if alert.rule in CONTACT_RULES]
    if met_on < day and any(alert.rule == AlertRule.CONTACT_LOST for alert in about_contacts):
        return False
    terms = terms_of(ctx, [known.version], day)[known.version[0]]
    facts = CaseFacts(
        case_id=case_id,
        version_id=known.version[0],
        number=standing.number,
        referred_on=standing.referred_on,
        contract_on=standing.contract_on,
        ended_on=standing.ended_on,
        suspended=standing.state == CaseState.SUSPENDED,
        last_contact_on=met_on,
    )
    held = evaluate_contacts(facts, terms, day)
    rules = [o.rule.value for o in held] + [a.rule for a in known.alerts if a.rule not in CONTACT_RULES]
    _keep_alerts(ctx, Scope(known.version[1], case_id), day, [facts], {case_id: held}, about_contacts, late=True)
    keep_contact(ctx.session, day, facts, terms, standing.reassessment_due_on, rules)
    return True


def _evaluate_all(facts: Sequence[CaseFacts], terms: dict[int, Terms], day: date) -> dict[int, list[Occurrence]]:
    return {f.case_id: evaluate(f, terms[f.version_id], day) for f in facts}


def _keep_alerts(
    ctx: Ctx,
    scope: Scope,
    day: date,
    facts: Sequence[CaseFacts],
    held: dict[int, list[Occurrence]],
    open_alerts: Sequence[queries.OpenAlert],
    *,
    late: bool = False,
) -> None:
    """Raise the alerts that hold and are not among the open ones, close the others, renew the figures of the rest.

    `late`: those that are closed are few, and may wait for the commit.
    """
    stored = {(r.case_id, r.rule, r.due_on): r for r in open_alerts}
    wanted: dict[Key, Figures] = {
        (case_id, o.rule.value, o.due_on): o.facts for case_id, occurrences in held.items() for o in occurrences
    }
    new = [key for key in wanted if key not in stored]
    gone = [key for key in stored if key not in wanted]
    changed = [key for key in wanted if key in stored and stored[key].facts != wanted[key]]
    by_case = {f.case_id: f for f in facts}
    _raise_alerts(ctx, scope.programme_id, day, [(key, wanted[key]) for key in new])
    closed = [
        (stored[key].id, closing_fact(key[1], key[2], by_case.get(key[0]), day, stored[key].facts)) for key in gone
    ]
    _close_alerts(ctx, day, closed, late=late)
    if changed:
        ctx.session.connection().execute(
            _RENEW,
            [{"alert_id": stored[key].id, "new_facts": dict(wanted[key])} for key in changed],
        )
    if new or gone or changed:
        counts: dict[str, JsonValue] = {"raised": len(new), "closed": len(gone), "changed": len(changed)}
        record_bulk(ctx, Alert, "sweep", counts | {"on": day.isoformat(), "case_id": scope.case_id})


def _raise_alerts(ctx: Ctx, programme_id: int, day: date, alerts: Sequence[tuple[Key, Figures]]) -> None:
    if not alerts:
        return
    statement = upsert(ctx.session, Alert)
    # Who put off what was closed since put off another occurrence.
    is_open = Alert.closed_on.is_(None)
    reopened = {
        "raised_on": statement.excluded.raised_on,
        "facts": statement.excluded.facts,
        "closed_on": None,
        "closing_fact": None,
        "postponed_to": case((is_open, Alert.postponed_to)),
        "postponed_reason": case((is_open, Alert.postponed_reason)),
    }
    insert_many(
        ctx.session,
        statement.on_conflict_do_update(index_elements=["case_id", "rule", "due_on"], set_=reopened),
        [
            {
                "case_id": case_id,
                "programme_id": programme_id,
                "rule": rule,
                "due_on": due_on,
                "raised_on": day,
                "facts": dict(figures),
            }
            for (case_id, rule, due_on), figures in alerts
        ],
    )


def _close_alerts(ctx: Ctx, day: date, alerts: Sequence[tuple[int, str]], *, late: bool) -> None:
    rows: list[dict[str, object]] = [{"alert_id": alert_id, "on": day, "fact": fact} for alert_id, fact in alerts]
    if late:
        for row in rows:
            write_late(ctx.session, _CLOSE, row)
    elif rows:
        # On the connection: the session would take a list of parameters for an update by primary key.
        ctx.session.connection().execute(_CLOSE, rows)
