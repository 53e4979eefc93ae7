"""The few errors that a service raises."""


class CaseworkError(Exception):
    """What the application itself refuses; `message` is written for the user, in French, to be translated."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RuleViolation(CaseworkError):
    """A business rule refuses the change. `field` is the name of the form field to mark, or "" for the whole form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotVisible(CaseworkError):
    """What is asked for does not exist, or not for this actor: both answer 404, with the same words."""

    def __init__(self) -> None:
        super().__init__("Cette page n’existe pas, ou n’existe plus.")


class Conflict(CaseworkError):
    """Somebody else changed the same record since it was read."""


class ConfigurationError(CaseworkError):
    """The application cannot start: which variable is wrong, and why."""
