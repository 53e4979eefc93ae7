"""The words of the interface: written in French where they are used, translated from one catalogue."""

from typing import cast

import flask_babel


def gettext(message: str, **values: object) -> str:
    """Return `message` in the language of the page, its %(name)s places filled."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a message that fits `num`, in the language of the page."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


def lazy_gettext(message: str, **values: object) -> str:
    """Return a message that is translated when it is shown: for what is written once, at import."""
    return cast("str", flask_babel.lazy_gettext(message, **values))


def to_translate(message: str) -> str:
    """Mark a message that is translated where it is shown."""
    return message
