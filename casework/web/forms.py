"""The base form and the fields of the house: dates, amounts, codes, clean texts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from babel.support import NullTranslations
from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import DateInput, TextInput

from casework.kernel.errors import RuleViolation
from casework.kernel.money import MAX_CENTS, parse_amount
from casework.kernel.text import clean_line, clean_text
from casework.web.delicate import delicate_words
from casework.web.filters import day, euros, number, whole_number
from casework.web.i18n import gettext, lazy_gettext, ngettext, words_of_forms

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_DIGITS_OF_INDEX = 4
# Where a form that comes again says which delicate words its sender has seen.
SEEN_WORDS = "seen_words"


class _Required(InputRequired):
    """Something is there besides blanks, once the field has cleaned what was typed."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        is_unread = field.data is None and not field.process_errors
        if is_unread or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(self.message or "")


class AtMost:
    """A text has so many characters at most. The browser is not asked: it would cut what is pasted, without a word."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse a text that is longer. Raises ValidationError."""
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(
                gettext(
                    "Ce texte a %(length)s caractères, %(most)s au plus peuvent être enregistrés\u00a0: raccourcissez-le.",
                    length=whole_number(length),
                    most=whole_number(self.most),
                )
            )


REQUIRED = _Required(lazy_gettext("Ce champ est nécessaire."))
OPTIONAL = Optional()


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form that a rule can refuse field by field; what was typed is never lost."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Where the fields find what was sent. The token of every form is checked before any is made (CSRFProtect)."""

        csrf = False

        def wrap_formdata(self, form: "BaseForm", formdata: Any) -> Any:
            """Give texts to the fields of texts and files to the fields of files, and take no other kind of document.

            Flask-WTF would hand a file to a field of text, and lists and numbers of a JSON document to any field.
            """
            if formdata is not _Auto:
                return formdata
            if request.method != "POST":
                return None
            if not request.files:
                return request.form
            taking_files = {field.name for field in form if isinstance(field, FileField | MultipleFileField)}
            files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name in taking_files)
            return CombinedMultiDict([files, request.form])

        def get_translations(self, form: "BaseForm") -> NullTranslations:
            """Give the words of WTForms: Flask-WTF would read their catalogue anew for each form."""
            return words_of_forms()

    def delicate(self) -> list[tuple[Field, list[str]]]:
        """Return (field, words) of the free texts in which something stands that they rarely need."""
        found = [(field, delicate_words(field.data or "")) for field in _free_texts(self)]
        return [(field, words) for field, words in found if words]

    def is_seen(self) -> bool:
        """Tell whether the sender has seen the delicate words of the form; if not, the page is to show them.

        The words come back with the form: others than those that were shown are shown first, too.
        """
        found = self.delicate()
        mark = sha256("\n".join(word for _field, words in found for word in words).encode()).hexdigest()[:16]
        self.words_mark = mark if found else ""
        if not found or request.form.get(SEEN_WORDS) == mark:
            return True
        self.unseen = found
        return False

    unseen: Sequence[tuple[Field, list[str]]] = ()
    words_mark = ""

    def refuse(self, violation: RuleViolation) -> None:
        """Mark the field that the rule names, or the whole form."""
        message = violation.text(gettext, ngettext)
        target = self._fields.get(violation.field)
        if target is None:
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]


class ComparedForm(BaseForm):
    """A form that corrects what is kept; `version` marks what was read when it was opened."""

    version = HiddenField()

    def meanwhile(self, stored: Mapping[str, object], version: str) -> list[tuple[str, str]]:
        """Return (label, stored words) of what another one changed since the form was opened and it says otherwise.

        `stored` holds what is kept now by the name of its field, `version` marks it: the form that is shown has seen it.
        """
        changed, self.version.data = self.version.data != version, version
        return self.differences(stored) if changed else []

    def differences(self, stored: Mapping[str, object]) -> list[tuple[str, str]]:
        """Return (label, stored words) of the fields whose typed value is not the stored one."""
        fresh = type(self)(formdata=None, data=stored)
        return [
            (field.label.text, _words(fresh[field.name]))
            for field in self
            # What is left out and nothing at all are kept as the same.
            if field.name in stored and (field.data or None) != (fresh[field.name].data or None)
        ]


def _words(field: Field) -> str:
    if isinstance(field, SelectField):
        return str(next((words for code, words, *_rest in field.iter_choices() if code == field.data), "–"))
    if isinstance(field, CivilDateField):
        return day(field.data)
    if isinstance(field, MoneyField):
        return euros(field.data)
    shown: Callable[[], object] | None = getattr(field, "_value", None)
    return (str(shown()) if shown else "") or "–"


class CivilDateField(Field):
    """A civil date: a date picker where there is one, `03/03/2026` or `2026-03-03` when typed."""

    widget = DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the date as typed."""
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text:
            written = _written_date(text)
            if written is None:
                raise ValueError(gettext("Cette date n’existe pas. Écrivez-la comme 03/03/2026."))
            if not EARLIEST <= written <= LATEST:
                raise ValueError(gettext("Cette date est trop ancienne ou trop lointaine."))
            self.data = written


def parse_civil_date(text: str) -> date | None:
    """Return the date written as `2026-03-03` or `03/03/2026`, None when it is neither or out of all reason."""
    found = _written_date(text)
    return found if found is not None and EARLIEST <= found <= LATEST else None


def _written_date(text: str) -> date | None:
    parts = text.split("-") if "-" in text else text.split("/")[::-1]
    if len(parts) != 3 or not all(p.isascii() and p.isdecimal() and len(p) <= 4 for p in parts):
        return None
    if len(parts[0]) < 4:
        return None  # the day 3/3/26 is none of the year 26
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


class MoneyField(Field):
    """An amount in euros as people write it; its data is in cents."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label, validators, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount as typed."""
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        try:
            cents = parse_amount(text)
        except ValueError:
            raise ValueError(gettext("Ce montant ne se lit pas. Écrivez-le comme 1 234,56.")) from None
        if not 0 <= cents <= MAX_CENTS:
            raise ValueError(gettext("Ce montant est hors de toute vraisemblance."))
        self.data = cents


class LineField(StringField):
    """One line of text, cleaned, 200 characters at most. `free`: it takes any words about a household."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, most: int = 200, free: bool = False, **kwargs: Any
    ) -> None:
        self.is_free_text = free
        super().__init__(label, [*validators, AtMost(most)], filters=[_line], **kwargs)


class NoteField(TextAreaField):
    """Several lines of text, cleaned, 20 000 characters at most. `free=False`: it is not about a household."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), *, free: bool = True, **kwargs: Any) -> None:
        self.is_free_text = free
        kwargs.setdefault("render_kw", {"rows": 4})
        super().__init__(label, [*validators, AtMost(20_000)], filters=[_text], **kwargs)


class WholeNumberField(IntegerField):
    """A whole number between two bounds."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, low: int, high: int, **kwargs: Any
    ) -> None:
        message = lazy_gettext("Un nombre de %(low)s à %(high)s est attendu.", low=low, high=high)
        bounds = NumberRange(low, high, message)
        super().__init__(label, [*validators, bounds], render_kw={"inputmode": "numeric"}, **kwargs)


def _free_texts(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield the fields that take any words about a household, those of the lines of a list among them."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _free_texts(field)
        elif getattr(field, "is_free_text", False):
            yield field


def _line(value: str | None) -> str:
    return clean_line(value or "")


def _text(value: str | None) -> str:
    return clean_text(value or "")


def _translated(labels: Mapping[str, str], codes: Iterable[str] | None) -> list[tuple[str, str]]:
    return [(str(code), gettext(labels[code])) for code in (labels if codes is None else codes)]


class CodeField(SelectField):
    """One code among those of a vocabulary, chosen in a list. Empty is None where the field is optional."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        labels: Mapping[str, str],
        codes: Iterable[str] | None = None,
        blank: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), coerce=_code, **kwargs)
        known = _translated(labels, codes)
        self.choices = [("", gettext("Choisir…")), *known] if blank else known


class CodeChoiceField(RadioField):
    """One code among a few, all in sight."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        labels: Mapping[str, str],
        codes: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.known = frozenset(str(code) for code in (labels if codes is None else codes))
        super().__init__(
            label,
            list(validators),
            choices=lambda: _translated(labels, codes),
            coerce=_code,
            validate_choice=False,
            **kwargs,
        )

    def pre_validate(self, form: Any) -> None:
        """Refuse a code that is not in the list; an optional field may stay empty."""
        if self.data and self.data not in self.known:
            raise ValidationError(gettext("Choisissez dans la liste."))


def _code(value: Any) -> str:
    # What an optional field takes for empty must not be a code either: separators that nobody sees are blanks.
    return "" if value is None else str(value).strip()


class LinesField(FieldList):  # type: ignore[type-arg]  # generic in its stubs only
    """A list of parts that the page makes longer; an index that is no number of the page is no line."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        start = f"{prefix}-"
        for name in formdata:
            if name.startswith(start):
                index = name[len(start) :].partition("-")[0]
                if index.isascii() and index.isdecimal() and len(index) <= _DIGITS_OF_INDEX:
                    yield int(index)
