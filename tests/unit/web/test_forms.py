from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from casework.kernel.errors import RuleViolation
from casework.web.forms import (
    OPTIONAL,
    REQUIRED,
    BaseForm,
    CivilDateField,
    CodeChoiceField,
    CodeField,
    LineField,
    MoneyField,
    NoteField,
    WholeNumberField,
    parse_civil_date,
)

COLOURS = {"RED": "Rouge", "BLUE": "Bleu"}


class Sample(BaseForm):
    on = CivilDateField("Date", [OPTIONAL])
    amount = MoneyField("Montant", [OPTIONAL])
    name = LineField("Nom", [REQUIRED])
    note = NoteField("Note")
    colour = CodeField("Couleur", [OPTIONAL], labels=COLOURS)
    shade = CodeChoiceField("Teinte", [OPTIONAL], labels=COLOURS, codes=["RED"])
    minutes = WholeNumberField("Minutes", [OPTIONAL], low=0, high=1440)


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    app = Flask("sample")
    app.config.update(SECRET_KEY="k", WTF_CSRF_ENABLED=False, BABEL_DEFAULT_LOCALE="fr")
    Babel(app)
    with app.test_request_context(method="POST"):
        yield


def _filled(**values: str) -> Sample:
    return Sample(formdata=MultiDict({"name": "x", **values}))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-30", date(2026, 3, 30)),
        ("30/03/2026", date(2026, 3, 30)),
        ("3/3/2026", date(2026, 3, 3)),
        (" 30/03/2026 ", date(2026, 3, 30)),
        ("29/02/2024", date(2024, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
    ],
)
def test_a_date_is_read_as_the_picker_or_a_person_writes_it(text: str, day: date) -> None:
    form = _filled(on=text)

    assert form.validate()
    assert form.on.data == day


@pytest.mark.parametrize(
    "text",
    [
        "29/02/2026",
        "31/02/2026",
        "32/01/2026",
        "0000-01-01",
        "10000-01-01",
        "30/03/26",
        "2026-03",
        "30 mars 2026",
        "30-03-2026",
        "2026/03/30",
        "2026-03-30T10:00",
        "-1-1-2026",
        "２０２６-03-30",
        "1/1/1/2026",
        "--",
        "a",
        "\x00",
    ],
)
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    form = _filled(on=text)

    assert parse_civil_date(text) is None
    if text.strip():
        assert not form.validate()
        assert form.on.errors == ["Cette date n’existe pas. Écrivez-la comme 03/03/2026."]
        assert f'value="{text}"' in str(form.on()) or not text.isprintable()  # what was typed is still there


@pytest.mark.parametrize("text", ["0001-01-01", "01/01/1800", "1899-12-31", "2101-01-01", "31/12/9999"])
def test_a_date_out_of_all_reason_is_refused_without_saying_that_it_does_not_exist(text: str) -> None:
    form = _filled(on=text)

    assert parse_civil_date(text) is None
    assert not form.validate()
    assert form.on.errors == ["Cette date est trop ancienne ou trop lointaine."]
    assert f'value="{text}"' in str(form.on())


@pytest.mark.parametrize(
    ("text", "cents"), [("1 234,56", 1_234_56), ("0", 0), ("12.5", 12_50), ("10000000", 10_000_000_00)]
)
def test_an_amount_is_read_in_cents(text: str, cents: int) -> None:
    form = _filled(amount=text)

    assert form.validate()
    assert form.amount.data == cents


@pytest.mark.parametrize("text", ["douze", "1,234", "-1", "-0,01", "10000000,01", "99999999999", "1e9", "NaN"])
def test_an_amount_that_cannot_be_is_refused(text: str) -> None:
    form = _filled(amount=text)

    assert not form.validate()
    assert len(form.amount.errors) == 1
    assert f'value="{text}"' in str(form.amount())


def test_an_amount_that_is_known_is_shown_as_people_write_it() -> None:
    assert 'value="1\u00a0234,56"' in str(Sample(formdata=None, data={"amount": 1_234_56}).amount())
    assert 'value=""' in str(Sample(formdata=None).amount())
    assert 'value="2026-03-03"' in str(Sample(formdata=None, data={"on": date(2026, 3, 3)}).on())


def test_texts_come_clean_and_within_their_length() -> None:
    form = _filled(name="  Anne\x00\t Martin ", note=" un\r\ndeux\x07 ")

    assert form.validate()
    assert (form.name.data, form.note.data) == ("Anne Martin", "un\ndeux")
    assert not _filled(name="x" * 201).validate()
    assert not _filled(note="x" * 20_001).validate()
    assert _filled(name="x" * 200, note="x" * 20_000).validate()


@pytest.mark.parametrize(("name", "length", "most"), [("name", "215", "200"), ("note", "24\u00a0003", "20\u00a0000")])
def test_a_text_that_is_too_long_is_refused_whole_and_the_browser_is_not_asked_to_cut_it(
    name: str, length: str, most: str
) -> None:
    typed = "x" * int(length.replace("\u00a0", ""))
    form = _filled(**{name: typed})

    assert not form.validate()
    assert form[name].errors == [
        f"Ce texte a {length} caractères, {most} au plus peuvent être enregistrés\u00a0: raccourcissez-le."
    ]
    assert typed in str(form[name]())
    assert "maxlength" not in str(form[name]())


@pytest.mark.parametrize(("name", "value"), [("colour", "GREEN"), ("shade", "BLUE"), ("shade", "None")])
def test_a_code_that_is_not_in_the_list_is_refused(name: str, value: str) -> None:
    form = _filled(**{name: value})

    assert not form.validate()
    assert form[name].errors


def test_a_code_of_the_list_is_taken_and_an_optional_one_may_stay_empty() -> None:
    form = _filled(colour="RED", shade="RED")

    assert form.validate()
    assert (form.colour.data, form.shade.data) == ("RED", "RED")
    assert _filled(colour="", shade="").validate()


@pytest.mark.parametrize(("text", "is_sound"), [("0", True), ("1440", True), ("1441", False), ("-1", False)])
def test_a_whole_number_stays_between_its_bounds(text: str, is_sound: bool) -> None:
    assert _filled(minutes=text).validate() is is_sound


@pytest.mark.parametrize("text", ["1.5", "x", "9" * 5_000])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert not _filled(minutes=text).validate()


def test_a_required_text_of_blanks_is_missing() -> None:
    assert not Sample(formdata=MultiDict({"name": ""})).validate()
    assert not Sample(formdata=MultiDict({"name": "  \u200b "})).validate()


def test_a_rule_marks_the_field_that_it_names_or_the_whole_form() -> None:
    form = _filled()

    form.refuse(RuleViolation("amount", "Au plus %(most)s.", most="12 €"))
    form.refuse(RuleViolation("no_such_field", "Rien ne va."))

    assert list(form.amount.errors) == ["Au plus 12 €."]
    assert form.form_errors == ["Rien ne va."]
