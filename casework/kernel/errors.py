"""The few errors that a service raises. Their messages are French templates, translated when they are shown."""

import errno
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """A number with its noun in French, both forms holding %(num)d: a value for a place of a message."""

    singular: str
    plural: str
    number: int

    def text(self, count: Callable[[str, str, int], str]) -> str:
        """Return the number with its noun, in the language of `count`."""
        return count(self.singular, self.plural, self.number)

    def __str__(self) -> str:
        return self.text(in_french)


def in_french(singular: str, plural: str, number: int) -> str:
    """Return the form that French gives to `number`, with the number in its place: none and one are singular."""
    return (singular if abs(number) < 2 else plural) % {"num": number}


class CaseworkError(Exception):
    """What the application itself refuses. `message` may hold %(name)s places, filled from `values`.

    A value that is a number before a noun is `Counted`, so that every language gives it its own form.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values

    def text(self, translate: Callable[[str], str] = str, count: Callable[[str, str, int], str] = in_french) -> str:
        """Return the message for the user, in the language of `translate` and of `count`."""
        translated = translate(self.message)
        values = {k: v.text(count) if isinstance(v, Counted) else v for k, v in self.values.items()}
        return translated % values if values else translated


class RuleViolation(CaseworkError):
    """A business rule refuses the change. `field` is the name of the form field to mark, or "" for the whole form."""

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class NotVisible(CaseworkError):
    """What is asked for does not exist, or not for this actor: both answer 404, with the same words."""

    def __init__(self) -> None:
        super().__init__("Cette page n’existe pas, ou vous n’y avez pas accès.")


class Conflict(CaseworkError):
    """Somebody else changed the same record since it was read."""


class ConfigurationError(CaseworkError):
    """The application cannot start: which variable is wrong, and why."""


_REASONS = {
    errno.ENOENT: "ce chemin n’existe pas",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EEXIST: "ce n’est pas un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.EACCES: "ce compte n’en a pas le droit",
    errno.EPERM: "ce compte n’en a pas le droit",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.EBUSY: "le système s’en sert",
    errno.EPIPE: "le programme qui devait la lire s’est arrêté",
}


def why(error: OSError) -> str:
    """Return in a few French words why the system refuses a file or a folder; in its own where there are none."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
