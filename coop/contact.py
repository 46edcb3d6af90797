"""How people reach the co-op: a phone number, an e-mail address, where it is, and when somebody answers."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.events import Event
from coop.typed.fields import StoredEmailField, WrittenLine, spelled_one_way

if TYPE_CHECKING:
    from members.models import User

THE_ONE = 1


class ContactFacts(models.Model):
    """One row, which a coordinator or the board fills in; what it said before stands in its events."""

    phone = PhoneNumberField(gettext_lazy("phone"), blank=True)
    email = StoredEmailField(gettext_lazy("e-mail"), blank=True)
    address = WrittenLine(gettext_lazy("address"), max_length=200, blank=True)
    hours_en = WrittenLine(gettext_lazy("when somebody answers, in English"), max_length=120, blank=True)
    hours_es = WrittenLine(gettext_lazy("when somebody answers, in Spanish"), max_length=120, blank=True)

    FACTS = ("phone", "email", "address", "hours_en", "hours_es")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=THE_ONE), name="contact_facts_are_one_row"),
            spelled_one_way("the_address_of_the_coop_is_spelled_one_way"),
            models.CheckConstraint(
                condition=~models.Q(phone="", email=""), name="contact_facts_say_how_to_reach_the_coop"
            ),
        ]

    def __str__(self) -> str:
        return "; ".join(str(getattr(self, name)) for name in self.FACTS if getattr(self, name))

    @classmethod
    def known(cls) -> "ContactFacts":
        """What is known; an empty one, not kept, while nobody has said anything."""
        return cls.objects.filter(pk=THE_ONE).first() or cls(pk=THE_ONE)

    @classmethod
    @transaction.atomic
    def say(cls, *, at: datetime, by: "User", **facts: Any) -> None:
        """Keep how the co-op is reached, and who said so. `facts`: all of FACTS."""
        before = str(cls.objects.select_for_update().filter(pk=THE_ONE).first() or "")
        now = cls(pk=THE_ONE, **facts)
        now.save()
        if str(now) != before:
            note = f"{before} → {now}"
            Event.objects.create(kind=cls._meta.label_lower, subject=THE_ONE, verb="say", actor=by, at=at, note=note)

    @property
    def is_known(self) -> bool:
        """Can anybody reach the co-op? While not, no text says that they can."""
        return bool(self.phone or self.email)

    @property
    def phone_words(self) -> str:
        """The number as people here write it."""
        return self.phone.as_national if self.phone else ""

    @property
    def phone_link(self) -> str:
        return self.phone.as_rfc3966 if self.phone else ""

    @property
    def hours(self) -> str:
        """When somebody answers, in the language of the reader; in the other one rather than not at all."""
        said = (self.hours_es, self.hours_en) if get_language() == "es" else (self.hours_en, self.hours_es)
        return said[0] or said[1]

    def lines(self) -> list[str]:
        """The same as lines of a mail or a paper; none while nothing is known."""
        call = _("Call us: %(number)s") % {"number": self.phone_words} if self.phone else ""
        call = f"{call} ({self.hours})" if call and self.hours else call
        write = _("Write to us: %(address)s") % {"address": self.email} if self.email else ""
        return [line for line in (call, write, self.address) if line]


def or_reach_us() -> str:
    """What follows on a no: how to talk with somebody about it. Empty while nobody has said how."""
    known = ContactFacts.known()
    words = {"number": known.phone_words, "address": known.email}
    if known.phone:
        return " " + _("Call us at %(number)s, and we find a way together.") % words
    return " " + _("Write to us at %(address)s, and we find a way together.") % words if known.email else ""
