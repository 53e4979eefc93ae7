"""The words of the interface: written in French where they are used, translated from one catalogue.

Flask-Babel decides the language; the look-up itself is a dictionary kept for each language, because a page asks for a
few hundred messages.
"""

from functools import cache
from typing import cast

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context
from flask_babel import get_locale
from flask_babel.speaklater import LazyString
from wtforms.i18n import messages_path

from casework.kernel.paths import PACKAGE

FOLDER = PACKAGE / "translations"
SOURCE = "fr"


@cache
def _catalogue(language: str) -> NullTranslations | None:
    return None if language == SOURCE else Translations.load(FOLDER, [language])


def _translations() -> NullTranslations | None:
    # A page asks a few hundred times: the usual answer takes one look.
    try:
        known: NullTranslations | None = g.translations
    except AttributeError:
        known = None
        if has_request_context():
            locale = get_locale()
            known = g.translations = _catalogue(SOURCE if locale is None else locale.language)
    except RuntimeError:  # outside of an application
        known = None
    return known


def gettext(message: str, **values: object) -> str:
    """Return `message` in the language of the page, its %(name)s places filled."""
    translations = _translations()
    text = message if translations is None else str(translations.ugettext(message))
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a message that fits `num`, in the language of the page. In French, 0 and 1 are singular."""
    translations = _translations()
    if translations is None:
        text = singular if abs(num) < 2 else plural
    else:
        text = str(translations.ungettext(singular, plural, num))
    return text % {"num": num, **values}


def lazy_gettext(message: str, **values: object) -> str:
    """Return a message that is translated when it is shown: for what is written once, at import."""
    return cast("str", LazyString(gettext, message, **values))


@cache
def _words_of_forms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def words_of_forms() -> NullTranslations:
    """Return the catalogue of what WTForms itself says, in the language of the page. Each is read once."""
    locale = get_locale()
    return _words_of_forms(SOURCE if locale is None else locale.language)


def to_translate(message: str) -> str:
    """Mark a message that is translated where it is shown."""
    return message


def install(app: Flask) -> None:
    """Give `_` and `ngettext` to the templates; what they return is escaped where it is printed."""
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
