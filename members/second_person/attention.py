"""Acts that have waited long for a second person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.web.attention import Remedy, Row, WaitingList, register
from members.people.users import User
from members.second_person.confirmations import Confirmation, in_words

LONG = timedelta(days=2)
"""So long after it can be decided it is on the list."""


def _find(user: User, at: datetime) -> Sequence[Confirmation]:
    """Those of this person's kinds that could have been decided for long."""
    return in_words(Confirmation.objects.visible_to(user).ready(at - LONG).with_related())


def _show(asked: Confirmation) -> Row:
    address = asked.get_absolute_url()
    said = _("%(person)s asked for it: %(reason)s") % {"person": asked.asked_by.short_name, "reason": asked.reason}
    look = Remedy(_("Look at it and decide"), address, is_link=True)
    return Row(asked.said, since=asked.asked_at, reason=said, link=address, remedies=(look,))


register(
    WaitingList(
        "confirmations",
        gettext_lazy("Waiting for a second person for more than two days"),
        "members.read_confirmations",
        (),
        _find,
        _show,
        states=(Confirmation.State.ASKED,),
    )
)
