"""How the co-op says no."""

from django.utils.functional import Promise


class Refusal(Exception):
    """A rule of the co-op forbids this now; the message is a sentence for the person who asked.

    `field` names the form field that it concerns, if one does.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class WrongState(Refusal):
    """The thing has moved on (or is not there yet), so the step that was asked for no longer fits."""
