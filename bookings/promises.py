"""What the database promises by its constraints and triggers, and the words for a promise that would be broken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal

if TYPE_CHECKING:
    pass


SAYINGS = {
    "one_shift_at_a_time": _("This time was just given to something else. Please look again."),
    "nobody_is_sent_where_they_must_not_go": _("This shift does not fit. Please look again."),
    "a_report_is_kept_once": _("This report was sent already."),
    "a_tap_is_kept_once": _("This start or finish was sent already."),
    "a_shift_needs_a_valid_credential": _("This shift needs a credential that is valid on its day."),
}


class BrokenPromise(Refusal):
    """What the database forbids, said in words."""


@contextmanager
def promises() -> Iterator[None]:
    """All or nothing inside, and what the database forbids is a Refusal."""
    with in_words(), transaction.atomic():
        yield


@contextmanager
def in_words() -> Iterator[None]:
    """What the database forbids is a Refusal; around a whole transaction."""
    try:
        yield
    except IntegrityError as broken:
        said = getattr(broken.__cause__, "diag", None)
        saying = said and (SAYINGS.get(said.constraint_name) or SAYINGS.get(said.message_primary))
        if not saying:
            raise
        raise BrokenPromise(saying) from broken
