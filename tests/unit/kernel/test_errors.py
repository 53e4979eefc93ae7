from __future__ import annotations

from casework.kernel.errors import Conflict, Counted, NotVisible, RuleViolation


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


def test_a_number_in_a_refusal_takes_the_form_of_the_language_asked_for() -> None:
    def english(singular: str, plural: str, number: int) -> str:
        return {"%(num)d mois": f"{number} month" if number == 1 else f"{number} months"}[singular]

    one, six = (
        RuleViolation("", "Au plus %(length)s.", length=Counted("%(num)d mois", "%(num)d mois", n)) for n in (1, 6)
    )

    assert (str(six), six.text()) == ("Au plus 6 mois.", "Au plus 6 mois.")
    assert one.text({"Au plus %(length)s.": "At most %(length)s."}.__getitem__, english) == "At most 1 month."
    assert six.text({"Au plus %(length)s.": "At most %(length)s."}.__getitem__, english) == "At most 6 months."


def test_in_french_none_and_one_are_singular() -> None:
    words = ("%(num)d enfant", "%(num)d enfants")

    assert [str(Counted(*words, number)) for number in (0, 1, 2)] == ["0 enfant", "1 enfant", "2 enfants"]
