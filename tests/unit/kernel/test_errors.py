from __future__ import annotations

from casework.kernel.errors import Conflict, NotVisible, RuleViolation


def test_a_refusal_names_its_field_and_fills_its_message_in_the_language_asked_for() -> None:
    refusal = RuleViolation("until", "Avant le %(day)s.", day="03/03/2026")

    assert refusal.field == "until"
    assert str(refusal) == refusal.text() == "Avant le 03/03/2026."
    assert refusal.text({"Avant le %(day)s.": "Before %(day)s."}.__getitem__) == "Before 03/03/2026."


def test_a_message_without_places_may_hold_a_percent_sign() -> None:
    assert Conflict("100 % modifié").text() == "100 % modifié"


def test_what_is_missing_and_what_is_hidden_are_told_in_the_same_words() -> None:
    assert str(NotVisible()) == str(NotVisible())
    assert "ou vous n’y avez pas accès" in str(NotVisible())
