"""The words of the interface: written in French where they are used, translated from one catalogue.

Flask-Babel decides the language; the look-up itself is a dictionary kept for each language, because a page asks for a
few hundred messages. What templates say is looked up when they are compiled (web/printing.py).
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


LANGUAGES = (SOURCE, "en")


def language() -> str:
    """Return `fr` or `en`: the language of the page. French where there is none."""
    # A page asks a hundred times: the usual answer takes one look, past the proxy.
    try:
        known: str = g._get_current_object().language
    except AttributeError:
        known = SOURCE
        if has_request_context():
            locale = get_locale()
            known = g.language = locale.language if locale is not None and locale.language in LANGUAGES else SOURCE
    except RuntimeError:  # outside of an application
        known = SOURCE
    return known


def speak(chosen: str) -> None:
    """Say the rest of the request in the language of the account, which need not be asked for any more."""
    g.language = chosen if chosen in LANGUAGES else SOURCE


@cache
def _catalogue(of: str) -> NullTranslations:
    return Translations.load(FOLDER, [of])


def translated(message: str, into: str) -> str:
    """Return `message` in the language `into`."""
    return message if into == SOURCE else str(_catalogue(into).ugettext(message))


def gettext(message: str, **values: object) -> str:
    """Return `message` in the language of the page, its %(name)s places filled."""
    text = translated(message, language())
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a message that fits `num`, in the language of the page. In French, 0 and 1 are singular."""
    into = language()
    if into == SOURCE:
        text = singular if abs(num) < 2 else plural
    else:
        text = str(_catalogue(into).ungettext(singular, plural, num))
    return text % {"num": num, **values}


def lazy_gettext(message: str, **values: object) -> str:
    """Return a message that is translated when it is shown: for what is written once, at import."""
    return cast("str", LazyString(gettext, message, **values))


def words_of_forms() -> NullTranslations:
    """Return the catalogue of what WTForms itself says, in the language of the page. Each is read once."""
    return _words_of_forms(language())


@cache
def _words_of_forms(of: str) -> NullTranslations:
    return Translations.load(messages_path(), [of], domain="wtforms")


def to_translate(message: str) -> str:
    """Mark a message that is translated where it is shown."""
    return message


def install(app: Flask) -> None:
    """Give `_` and `ngettext` to the templates; what they return is escaped where it is printed."""
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext)
