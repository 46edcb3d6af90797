"""What the co-op is called, how people reach it and when somebody answers, its time zone and its first language.

What nobody has said yet is as the machine's settings have it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.errors import Refusal
from coop.events import Event
from coop.typed.fields import StoredEmailField, WrittenLine, spelled_one_way

if TYPE_CHECKING:
    from members.models import User

THE_ONE = 1
settles_zone: list[Callable[[], bool]] = []
"""What fixes the time zone once it is there, such as visits: rooms above say so."""
_reading: ContextVar["list[ContactFacts] | None"] = ContextVar("one reading of the facts", default=None)


@contextmanager
def facts_cache() -> Iterator[None]:
    """Within this block (a request, a sweep) the facts are read once, not at each question."""
    token = _reading.set([])
    try:
        yield
    finally:
        _reading.reset(token)


class ContactFacts(models.Model):
    """One row, which a coordinator or the board fills in; what it said before stands in its events.

    `zone` is the co-op's own calendar (that of visits is their home's); `language` is for whoever speaks none of ours.
    """

    phone = PhoneNumberField(gettext_lazy("phone"), blank=True)
    email = StoredEmailField(gettext_lazy("e-mail"), blank=True)
    address = WrittenLine(gettext_lazy("address"), max_length=200, blank=True)
    hours_en = WrittenLine(gettext_lazy("when somebody answers, in English"), max_length=120, blank=True)
    hours_es = WrittenLine(gettext_lazy("when somebody answers, in Spanish"), max_length=120, blank=True)

    name = WrittenLine(gettext_lazy("name of the co-op"), max_length=60, blank=True)
    zone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, blank=True)

    FACTS = ("phone", "email", "address", "hours_en", "hours_es", "name", "zone", "language")

    last_called: str = ""
    """What this process knows that the co-op is called, for a page that may ask no database."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=THE_ONE), name="contact_facts_are_one_row"),
            spelled_one_way("the_address_of_the_coop_is_spelled_one_way"),
            models.CheckConstraint(
                condition=~models.Q(phone="", email="", name="", zone=""), name="contact_facts_say_something"
            ),
        ]

    def __str__(self) -> str:
        return "; ".join(str(getattr(self, name)) for name in self.FACTS if getattr(self, name))

    @classmethod
    def known(cls) -> "ContactFacts":
        """What is known; an empty one, not kept, while nobody has said anything."""
        kept = _reading.get()
        if kept:
            return kept[0]
        found = cls.objects.filter(pk=THE_ONE).first() or cls(pk=THE_ONE)
        if kept is not None:
            kept.append(found)
        cls.last_called = found.called
        return found

    @classmethod
    @transaction.atomic
    def say(cls, *, at: datetime, by: "User", **facts: Any) -> None:
        """Keep what is said of the co-op, and who said so. `facts`: some of FACTS; the others stay as they are.

        Refused for another time zone once there is something that counts in it.
        """
        known = cls.objects.select_for_update().filter(pk=THE_ONE).first() or cls(pk=THE_ONE)
        before, zone = str(known), known.local_zone
        for fact, value in facts.items():
            setattr(known, fact, value)
        if known.local_zone != zone and zone_is_settled():
            raise Refusal(WHY_SETTLED, field="zone")
        known.save()
        if kept := _reading.get():
            kept.clear()
        if str(known) != before:
            note = f"{before} → {known}"
            Event.objects.create(kind=cls._meta.label_lower, subject=THE_ONE, verb="say", actor=by, at=at, note=note)

    @property
    def called(self) -> str:
        return self.name or settings.COOP_NAME

    @property
    def local_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone or settings.TIME_ZONE)

    @property
    def first_language(self) -> str:
        return self.language or settings.LANGUAGE_CODE

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


WHY_SETTLED = gettext_lazy("Visits and books count their days in this time zone by now, so it stays as it is.")


def zone_is_settled() -> bool:
    """Does anything count its days in the time zone already?"""
    return any(there_is() for there_is in settles_zone)


def coop_name() -> str:
    """What the co-op is called. A query, but within `facts_cache`."""
    return ContactFacts.known().called


def or_reach_us() -> str:
    """What follows on a no: how to talk with somebody about it. Empty while nobody has said how."""
    known = ContactFacts.known()
    words = {"number": known.phone_words, "address": known.email}
    if known.phone:
        return " " + _("Call us at %(number)s, and we find a way together.") % words
    return " " + _("Write to us at %(address)s, and we find a way together.") % words if known.email else ""
