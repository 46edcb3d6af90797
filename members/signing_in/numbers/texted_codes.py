"""Codes that go out by text message.

Who carries them is slow, and is asked only where somebody is known: so the page never waits for it. A row is written
in either case, and whoever works behind the pages sends it, or throws it away.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import models
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.contact import coop_name
from coop.encrypted_fields import SealedRow, SealedTextField
from coop.jobs import enqueue
from coop.sending.delivery import NotDelivered
from members.notices import sms
from members.notices.contact_preferences import Reach

log = structlog.get_logger()
GOOD_FOR = timedelta(minutes=10)


class TextedCodeQuerySet(models.QuerySet["TextedCode"]):
    def over(self, at: datetime) -> "TextedCodeQuerySet":
        """Those whose code is no longer good."""
        return self.filter(at__lte=at - GOOD_FOR)


class TextedCode(SealedRow):
    """A text message with a code that waits to be sent `to` a number; one without a number goes to nobody."""

    to = PhoneNumberField(blank=True)
    words = SealedTextField()
    at = models.DateTimeField()

    objects = TextedCodeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="texted_codes_by_age")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def ask(cls, to: Any, code: str, *, at: datetime) -> None:
        """Let a code go to a number, or to nobody. In the language that is spoken."""
        words = _("%(coop)s: your code is %(code)s. Nobody from the co-op will ever ask you for it.") % {
            "coop": coop_name(),
            "code": code,
        }
        enqueue("members.send_texted_code", cls.objects.create(to=str(to or ""), words=sms.plain(words), at=at).pk)

    def send(self, *, at: datetime) -> None:
        """Send it once. Whoever gets none asks for a new one: two codes would only confuse."""
        carrier, words = sms.carrier(), self.words.open()
        if not TextedCode.objects.filter(pk=self.pk).delete()[0] or not self.to or carrier is None:
            return
        try:
            carrier.send(str(self.to), words)
        except (NotDelivered, OSError) as trouble:
            log.warning("no text message with a code", trouble=str(trouble))
            if getattr(trouble, "stopped", False):
                Reach.objects.filter(phone=self.to, confirmed_at__isnull=False).update(stopped_at=at)
