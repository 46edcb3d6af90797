"""Applications of those who have no e-mail address: a text message asks whether the number is theirs."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from coop.contact import coop_name
from coop.errors import Refusal
from coop.sending.delivery import NotDelivered
from members.joining.applications import Application
from members.notices import sms
from members.notices.contact_preferences import why_not_texted


def apply_by_text(*, phone: Any, language: str, at: datetime, **told: Any) -> Application:
    """Keep what somebody tells who would like to work here, and ask at the number whether it is theirs.

    Refused where no message can be sent there: then nothing stays of it.
    """
    carrier = sms.carrier()
    if carrier is None:
        raise Refusal(_("We cannot send text messages at the moment."), field="phone")
    made = Application.send(email="", phone=phone, language=language, at=at, by=None, **told)
    with translation.override(language):
        words = _("%(coop)s: somebody applied to work with us, with this number. Was it you? Say so here:")
    text = sms.fit(sms.plain(words % {"coop": coop_name()}), f"{settings.BASE_URL}{made.get_absolute_url()}")
    try:
        carrier.send(str(phone), text)
    except (NotDelivered, OSError) as trouble:
        made.forget(at=at)
        raise Refusal(why_not_texted(trouble), field="phone") from trouble
    return made
