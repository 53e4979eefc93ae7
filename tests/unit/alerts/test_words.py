from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.alerts.vocabulary import REMINDERS, AlertRule
from casework.alerts.words import SETTLED_BY, action_words, closing_words, explain

TODAY = date(2026, 3, 30)
FACTS: dict[AlertRule, dict[str, str | int]] = {
    AlertRule.REASSESSMENT_OVERDUE: {"last_on": "2026-01-03", "every_months": 2},
    AlertRule.REASSESSMENT_DUE_SOON: {"last_on": "", "every_months": 2},
    AlertRule.VISIT_OVERDUE: {"last_on": "2026-01-03", "days": 30},
    AlertRule.CONTACT_LOST: {"last_on": "", "missed": 3},
    AlertRule.CONTRACT_ENDED: {"planned_end_on": "2026-03-01"},
    AlertRule.CONTRACT_ENDING: {"planned_end_on": "2026-04-01"},
    AlertRule.LEASE_SLIDE_NOTICE_DUE: {"period_end_on": "2026-05-01", "stage_from_on": "2025-11-01"},
    AlertRule.ARREARS_CONSTITUTED: {"debt_cents": 1_234_56, "threshold_cents": 600_00, "check_by_hand": 0},
    AlertRule.ARREARS_EARLY: {"lines": 3, "moved_in_on": "2025-12-01"},
    AlertRule.CAF_REPORT_DUE: {"constituted_on": "2026-01-31", "debt_cents": 1_234_56},
}
FIGURE = {
    AlertRule.REASSESSMENT_OVERDUE: "3 janvier 2026",
    AlertRule.REASSESSMENT_DUE_SOON: "aucune depuis le contrat",
    AlertRule.VISIT_OVERDUE: "tous les 30 jours",
    AlertRule.CONTACT_LOST: "3 absences",
    AlertRule.CONTRACT_ENDED: "terme du contrat",
    AlertRule.CONTRACT_ENDING: "terme du contrat",
    AlertRule.LEASE_SLIDE_NOTICE_DUE: "1er mai 2026",
    AlertRule.ARREARS_CONSTITUTED: "1\u00a0234,56\u00a0€",
    AlertRule.ARREARS_EARLY: "1er décembre 2025",
    AlertRule.CAF_REPORT_DUE: "31 janvier 2026",
}


@pytest.mark.parametrize("rule", AlertRule)
def test_every_alert_says_its_rule_its_date_and_its_figures(rule: AlertRule) -> None:
    words = explain(rule, TODAY - timedelta(days=5), FACTS[rule], TODAY)

    assert words.title
    assert words.when
    assert FIGURE[rule] in words.why
    assert action_words(rule)
    assert len(SETTLED_BY[rule]) == 3


@pytest.mark.parametrize("rule", AlertRule)
@pytest.mark.parametrize("days", [-10, 0, 1])
def test_what_is_not_past_its_date_is_not_late(rule: AlertRule, days: int) -> None:
    words = explain(rule, TODAY - timedelta(days=days), FACTS[rule], TODAY)

    assert words.tone == ("late" if days > 0 and rule not in REMINDERS else "soon")


def test_a_delay_is_counted_in_days() -> None:
    rule = AlertRule.VISIT_OVERDUE

    assert explain(rule, TODAY - timedelta(days=1), FACTS[rule], TODAY).when == "1 jour de retard"
    assert explain(rule, TODAY - timedelta(days=12), FACTS[rule], TODAY).when == "12 jours de retard"


def test_a_debt_without_base_asks_for_a_check_by_hand() -> None:
    facts = FACTS[AlertRule.ARREARS_CONSTITUTED] | {"check_by_hand": 1}

    assert "à vérifier à la main" in explain(AlertRule.ARREARS_CONSTITUTED, TODAY, facts, TODAY).why


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("ended:2026-03-01", "1er mars 2026"),
        ("suspended", "suspendu"),
        ("reassessment:2026-03-02", "2 mars 2026"),
        ("contact:2026-03-02", "2 mars 2026"),
        ("planned_end:2027-03-02", "2 mars 2027"),
        ("stage:2026-03-02", "statut"),
        ("reported:2026-03-02", "2 mars 2026"),
        ("ledger:2026-03-01", "quittancement"),
        ("terms:2026-03-02", "règles du dispositif valent pour le ménage depuis le 2 mars 2026"),
        ("passed:2026-03-02", "2 mars 2026 est passée"),
        ("case_gone", "faits ont changé"),
        ("planned_end", "faits ont changé"),  # the planned end was taken away: there is no date to tell
        ("contact", "faits ont changé"),
    ],
)
def test_the_fact_that_closed_an_alert_is_told_in_words(fact: str, words: str) -> None:
    assert words in closing_words(fact)
