"""When a time cannot be had."""

from datetime import datetime

from django.utils.translation import gettext as _

from coop.errors import Refusal


class TimeTaken(Refusal):
    """Somebody else was quicker, or nobody can come then. `nearest` are up to three other times.

    `lapsed`: the time was kept for whoever asks, and the while is over.
    """

    def __init__(self, nearest: list[datetime], *, lapsed: bool = False) -> None:
        words = (
            _("We kept this time for you as long as we could, and it is not free any more. Nothing you typed is lost.")
            if lapsed
            else _("That time was just taken. Nothing you typed is lost.")
        )
        super().__init__(words, field="starts_at")
        self.nearest, self.lapsed = nearest, lapsed


class NobodyFree(Exception):
    """Not enough people can come at that time."""
