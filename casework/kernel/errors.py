"""The few errors that a service raises. Their messages are French templates, translated when they are shown."""

from collections.abc import Callable


class CaseworkError(Exception):
    """What the application itself refuses. `message` may hold %(name)s places, filled from `values`."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the message for the user, in the language of `translate`."""
        translated = translate(self.message)
        return translated % self.values if self.values else translated


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
