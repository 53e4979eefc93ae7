"""The sweep of all rules over everything, beside one bare pass in SQL over the same histories."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from bench.data import SYSTEM, Filled, sweep
from bench.households import CLOCK, TODAY
from bench.imports import copy_to_sqlite
from bench.measure import Line, alternate, seconds
from casework.kernel.calendar import last_complete_month
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.programmes.queries import terms_by_version
from casework.programmes.terms import Terms

TARGET = 4.0
# How much more than its share a household may cost among many.
TOLERANCE = 1.2
_TABLE = "CREATE TABLE bare_alerts (case_id bigint, rule varchar(32), due_on date, PRIMARY KEY (case_id, rule, due_on))"
_BARE_SWEEP = """
INSERT INTO bare_alerts (case_id, rule, due_on)
WITH signed AS (
  SELECT case_id, min(signed_on) AS first_on, (array_agg(planned_end_on ORDER BY signed_on DESC, id DESC))[1] AS end_on
  FROM contracts WHERE signed_on <= :day GROUP BY case_id
), met AS (
  SELECT case_id, max(occurred_on) FILTER (WHERE outcome = 'REALISEE' AND kind <> 'TENTATIVE') AS last_on
  FROM contacts WHERE occurred_on <= :day GROUP BY case_id
), lost AS (
  SELECT case_id, occurred_on FROM (
    SELECT case_id, occurred_on, row_number() OVER (PARTITION BY case_id ORDER BY occurred_on) AS place
    FROM contacts JOIN met USING (case_id)
    WHERE outcome IN ('ABSENT', 'REFUS') AND occurred_on <= :day AND (last_on IS NULL OR occurred_on > last_on)
  ) missed WHERE place = :lost_after
), held AS (
  SELECT case_id, max(held_on) AS last_on FROM reassessments WHERE held_on <= :day GROUP BY case_id
), housed AS (
  SELECT DISTINCT ON (case_id) case_id, stage, from_on FROM lease_stages WHERE from_on <= :day
  ORDER BY case_id, from_on DESC, id DESC
), paused AS (
  SELECT DISTINCT case_id FROM suspensions WHERE from_on <= :day AND (to_on IS NULL OR to_on >= :day)
), reported AS (
  SELECT case_id, max(reported_on) AS last_on FROM arrears_reports WHERE reported_on <= :day GROUP BY case_id
), lines AS (
  SELECT account_id, month, balance_cents, paid_cents, rent_cents + charges_cents - benefit_cents AS base
  FROM rent_lines WHERE month <= :month
), runs AS (
  SELECT account_id, max(month) AS last,
    coalesce(max(month) FILTER (WHERE NOT (balance_cents > 0 AND balance_cents >= :multiple * base)), '0001-01-01') AS sound,
    coalesce(max(month) FILTER (WHERE paid_cents >= base), '0001-01-01') AS paid
  FROM lines GROUP BY account_id
), owed AS (
  SELECT account_id, max(last) AS last, (min(month) FILTER (WHERE month > sound) + interval '1 month')::date - 1 AS since,
    count(*) FILTER (WHERE month > paid) AS short
  FROM lines JOIN runs USING (account_id) WHERE month = last OR month > sound OR month > paid GROUP BY account_id
), everyone AS (
  SELECT c.id, c.referred_on, c.moved_in_on, e.ended_on, s.end_on, m.last_on AS met_on, s.first_on,
    s.first_on IS NOT NULL AND e.ended_on IS NULL AND p.case_id IS NULL AS active,
    (greatest(s.first_on, h.last_on) + make_interval(months => :every_months))::date AS review_on,
    greatest(s.first_on, m.last_on) + :every_days AS visit_on,
    h2.stage, h2.from_on, r.last_on AS reported_on, o.since, o.short, (o.last + interval '1 month')::date - 1 AS told_on
  FROM cases c
  LEFT JOIN signed s ON s.case_id = c.id LEFT JOIN met m ON m.case_id = c.id LEFT JOIN held h ON h.case_id = c.id
  LEFT JOIN housed h2 ON h2.case_id = c.id LEFT JOIN paused p ON p.case_id = c.id
  LEFT JOIN reported r ON r.case_id = c.id LEFT JOIN owed o ON o.account_id = c.rent_account_id
  LEFT JOIN case_ends e ON e.case_id = c.id AND e.ended_on <= :day
  WHERE c.programme_id = :programme
), slides AS (
  SELECT id, (CASE WHEN first_end < :day THEN from_on + make_interval(months => (periods + 1) * :slide)
    ELSE first_end END - make_interval(months => :slide_notice))::date AS notice_on
  FROM (
    SELECT id, from_on, periods, from_on + make_interval(months => periods * :slide) AS first_end FROM (
      SELECT id, from_on, greatest(1, ((date_part('year', :day) - date_part('year', from_on)) * 12
        + date_part('month', :day) - date_part('month', from_on))::int / :slide) AS periods
      FROM everyone WHERE active AND stage = 'BAIL_GLISSANT'
    ) counted
  ) ended
)
SELECT id, CASE WHEN :day > review_on THEN 'REASSESSMENT_OVERDUE' ELSE 'REASSESSMENT_DUE_SOON' END, review_on
FROM everyone WHERE active AND :day >= review_on - :review_notice
UNION ALL SELECT id, 'VISIT_OVERDUE', visit_on FROM everyone WHERE active AND :day > visit_on
UNION ALL SELECT id, 'CONTACT_LOST', occurred_on FROM everyone JOIN lost ON lost.case_id = id WHERE active
UNION ALL SELECT id, CASE WHEN :day > end_on THEN 'CONTRACT_ENDED' ELSE 'CONTRACT_ENDING' END, end_on
FROM everyone WHERE active AND :day >= end_on - :end_notice
UNION ALL SELECT id, 'LEASE_SLIDE_NOTICE_DUE', notice_on FROM slides WHERE :day >= notice_on
UNION ALL SELECT id, 'ARREARS_CONSTITUTED', since FROM everyone
WHERE since IS NOT NULL AND referred_on <= :day AND ended_on IS NULL
UNION ALL SELECT id, 'CAF_REPORT_DUE', (since + make_interval(months => :report))::date FROM everyone
WHERE since IS NOT NULL AND referred_on <= :day AND ended_on IS NULL AND (reported_on IS NULL OR reported_on < since)
  AND :day >= (since + make_interval(months => :report))::date - :report_notice
UNION ALL SELECT id, 'ARREARS_EARLY', told_on FROM everyone
WHERE short >= 2 AND referred_on <= :day AND ended_on IS NULL
  AND told_on <= (moved_in_on + make_interval(months => :early))::date
ON CONFLICT DO NOTHING
"""
_DIFFERENCE = """
SELECT count(*) FROM (SELECT case_id, rule, due_on FROM alerts WHERE closed_on IS NULL) ours
FULL JOIN bare_alerts bare USING (case_id, rule, due_on) WHERE ours IS NULL OR bare IS NULL
"""


def measure_sweep(filled: Filled, rounds: int) -> Iterator[Line]:
    """Measure the first sweep and one that finds nothing new. The alerts of both sides are compared."""
    engine = create_engine_for(filled.url)
    values = _values(engine, filled)
    with engine.begin() as connection:
        connection.execute(text(_TABLE))

    def ours() -> None:
        sweep(filled.url, filled.programme_id)

    def bare() -> None:
        with engine.begin() as connection:
            connection.execute(text(_BARE_SWEEP), values)

    first: tuple[list[float], list[float]] = ([], [])
    second: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE alerts, case_summaries, sweep_log, bare_alerts"))
        times = [seconds(work) for work in (ours, bare, ours, bare)]
        if number:  # the first round warms what both read
            for place in (0, 1):
                first[place].append(times[place])
                second[place].append(times[place + 2])
    with engine.begin() as connection:
        _check_same_alerts(connection)
    engine.dispose()
    words = f"sweep of {filled.size} households"
    yield Line(f"{words}, first run", *first, TARGET)
    yield Line(f"{words}, nothing new", *second, TARGET)


def measure_growth(small: Filled, large: Filled, scratch: Path, rounds: int) -> Iterator[Line]:
    """Measure the sweep of many households on SQLite beside that of few: it may grow as their number does."""
    sweeps = []
    for filled in (large, small):
        url = copy_to_sqlite(filled, scratch / f"sweep_{filled.size}.sqlite3")
        sweeps.append(partial(seconds, partial(sweep, url, filled.programme_id)))
    many, few = sweeps
    target = TOLERANCE * large.size / small.size
    yield Line(f"sweep on SQLite, {large.size} beside {small.size}", *alternate(many, few, rounds), target)


def _check_same_alerts(connection: Connection) -> None:
    different = connection.execute(text(_DIFFERENCE)).scalar_one()
    if different:
        raise AssertionError(f"{different} alerts are found by the sweep or by the bare pass only")


def _values(engine: Engine, filled: Filled) -> dict[str, object]:
    with Session(engine) as session:
        (terms,) = terms_by_version(Ctx(SYSTEM, CLOCK, session), filled.programme_id, TODAY).values()
    return {"day": TODAY, "month": last_complete_month(TODAY), "programme": filled.programme_id} | _numbers(terms)


def _numbers(terms: Terms) -> dict[str, object]:
    ((_from, every_days),) = terms.contact_phases
    return {
        "every_days": every_days,
        "every_months": terms.reassess_every_months,
        "review_notice": terms.reassess_notice_days,
        "end_notice": terms.contract_end_notice_days,
        "lost_after": terms.contact_lost_after,
        "slide": terms.slide_examination_months,
        "slide_notice": terms.slide_notice_months,
        "multiple": terms.arrears_multiple,
        "report": terms.caf_report_months,
        "report_notice": terms.caf_report_notice_days,
        "early": terms.early_arrears_months,
    }
