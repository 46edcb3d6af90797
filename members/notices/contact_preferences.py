"""How somebody wants to be told: by which way, at once or once a day, and to which number."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from coop.contact import coop_name
from coop.errors import Refusal
from coop.sending.delivery import NotDelivered, Undeliverable
from members.notices import sms
from members.notices.notice_timing import Kind
from members.notices.push_addresses import PushAddress
from members.people.users import User

NO_LIST = "members.no_list"
"""The salt of the address by which a mail program switches the evening's list off."""
CODE_GOOD_FOR = timedelta(minutes=10)
MOST_CODES, MOST_GUESSES = 3, 5
"""Codes sent to one person in a day; guesses at one code."""


class Way(models.TextChoices):
    """How a message is sent."""

    MAIL = "mail", gettext_lazy("e-mail")
    SMS = "sms", gettext_lazy("text message")
    PUSH = "push", gettext_lazy("message on the screen")
    DIGEST = "digest", gettext_lazy("in the daily e-mail")


class Pace(models.TextChoices):
    """When what can wait is told."""

    AT_ONCE = "at_once", gettext_lazy("at once")
    EVENING = "evening", gettext_lazy("once a day, at 6 PM")
    MORNING = "morning", gettext_lazy("once a day, at 8 AM")


DIGEST_HOURS = {Pace.EVENING: 18, Pace.MORNING: 8}


def by_mail() -> list[str]:
    return [Way.MAIL]


class ReachQuerySet(models.QuerySet["Reach"]):
    def in_use(self) -> "ReachQuerySet":
        """Those with a number that is used: its owner confirmed it, and has not stopped our messages."""
        return self.filter(confirmed_at__isnull=False, stopped_at=None)


class Reach(models.Model):
    """What a person chose; who has no row is told by e-mail, at once.

    A number is used from `confirmed_at` on, when its owner typed the code that we sent there: that is their consent.
    It is not used after `stopped_at`, when they answered STOP. A new number waits in `code_to` until then; the code
    itself is not kept. A number that is used opens the account of whoever proved it last.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="reach")
    urgent_by = ArrayField(models.CharField(max_length=10, choices=Way.choices), default=by_mail)
    rest_by = ArrayField(models.CharField(max_length=10, choices=Way.choices), default=by_mail)
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.AT_ONCE)
    tomorrow = models.BooleanField(default=False)
    phone = PhoneNumberField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=64, blank=True)
    code_to = PhoneNumberField(blank=True)
    code_sent_at = models.DateTimeField(null=True)
    codes = models.PositiveSmallIntegerField(default=0)
    guesses = models.PositiveSmallIntegerField(default=0)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True) | ~models.Q(phone=""),
                name="what_is_confirmed_is_a_number",
            ),
            models.CheckConstraint(condition=models.Q(code="") | ~models.Q(code_to=""), name="a_code_goes_to_a_number"),
        ]
        indexes = [
            models.Index(
                fields=["phone"],
                condition=models.Q(confirmed_at__isnull=False, stopped_at=None),
                name="reaches_by_number_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.urgent_by)}; {', '.join(self.rest_by)}"

    @property
    def takes_sms(self) -> bool:
        """Is there a number that its owner confirmed, and somebody who carries messages?"""
        return bool(self.confirmed_at and not self.stopped_at and settings.SMS_URL)

    @property
    def takes_push(self) -> bool:
        """Is there a browser that shows them messages, and a key of ours to send some?"""
        return bool(settings.VAPID_PRIVATE_KEY) and PushAddress.objects.filter(user_id=self.user_id).exists()

    @property
    def waits_for_code(self) -> bool:
        """Was a code sent that has not been typed yet?"""
        return bool(self.code)

    @classmethod
    def of(cls, user: User) -> "Reach":
        """What this person chose; a row not saved yet when they never did."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    @classmethod
    def owner_of(cls, phone: Any) -> User | None:
        """Whose account this number opens: of those who use it, whoever proved it last."""
        used = cls.objects.in_use().filter(phone=phone, user__is_active=True)
        found = used.select_related("user").order_by("-confirmed_at", "-pk").first()
        return found.user if found else None

    def ways(self, kind: Kind) -> list[str]:
        """The ways by which a message goes to them, of those that are open today; an answer comes by e-mail."""
        ways = self.open_ways()
        if kind is Kind.ANSWER:
            return ways[:1] or [Way.MAIL]
        wanted = self.urgent_by if kind is Kind.URGENT else self.rest_by
        chosen = [way for way in ways if way in wanted] or ways[:1] or [Way.MAIL]
        if kind is Kind.NEWS and self.pace in DIGEST_HOURS and self.user.address:
            return [Way.DIGEST if way == Way.MAIL else way for way in chosen]
        return chosen

    @property
    def digest_hour(self) -> int:
        """When their daily e-mail goes out, where they live."""
        return DIGEST_HOURS[Pace(self.pace)]

    def open_ways(self) -> list[str]:
        """E-mail where there is an address, messages to a phone where a number is confirmed, and to known browsers."""
        ways = {Way.MAIL: bool(self.user.address), Way.SMS: self.takes_sms, Way.PUSH: self.takes_push}
        return [way for way, is_open in ways.items() if is_open]

    def choose(self, *, urgent_by: list[str], rest_by: list[str], pace: str, tomorrow: bool) -> None:
        """Keep by which ways they want to be told, and when."""
        with self._locked() as row:
            row.urgent_by, row.rest_by, row.pace, row.tomorrow = urgent_by, rest_by, pace, tomorrow
            row.save()

    def ask_for_code(self, phone: Any, *, at: datetime) -> None:
        """Send a code to a number, to see that it is theirs; the one before is used until then."""
        carrier = sms.carrier()
        if carrier is None:
            raise Refusal(_("We cannot send text messages at the moment."))
        code = f"{secrets.randbelow(10**6):06}"
        with self._locked() as row:
            row.count_codes(at)
            row.code_to = phone
            row.code, row.code_sent_at, row.guesses = row.kept(code), at, 0
            row.save()
        try:
            carrier.send(str(phone), sms.plain(self._asking(code)))
        except (NotDelivered, OSError) as trouble:
            self.forget_code()
            raise Refusal(why_not_texted(trouble), field="phone") from trouble

    def _asking(self, code: str) -> str:
        with translation.override(self.user.language):
            words = _("%(coop)s: your code is %(code)s. Type it on our page to get messages here. STOP ends them.")
        return words % {"coop": coop_name(), "code": code}

    def count_codes(self, at: datetime) -> None:
        """No more than a few codes a day, whatever the numbers."""
        if self.code_sent_at is None or at - self.code_sent_at >= timedelta(days=1):
            self.codes = 0
        if self.codes >= MOST_CODES:
            raise Refusal(_("Those were enough codes for today. Please try again tomorrow."), field="phone")
        self.codes += 1

    def kept(self, code: str) -> str:
        """How a code is kept: good for this person and this number only."""
        return salted_hmac("members.reach", f"{self.user_id}:{self.code_to}:{code}", algorithm="sha256").hexdigest()

    def confirm(self, code: str, *, at: datetime) -> None:
        """The code was typed: from now on the number is used."""
        with self._locked() as row:
            over = row.code_sent_at is None or at - row.code_sent_at > CODE_GOOD_FOR or row.guesses >= MOST_GUESSES
            right = not over and bool(row.code) and constant_time_compare(row.kept(code), row.code)
            row.guesses += 1
            if right:
                row.use(row.code_to, at=at)
            row.save()
        if over:
            raise Refusal(_("This code is no longer good. Please have a new one sent."), field="code")
        if not right:
            raise Refusal(_("That is not the code we sent."), field="code")

    def take_push(self, *, endpoint: str, key: str, auth: str, at: datetime) -> None:
        """This browser shows messages from now on, at least what cannot wait."""
        with self._locked() as row:
            PushAddress.keep(row.user, endpoint=endpoint, key=key, auth=auth, at=at)
            row.urgent_by = sorted({*row.urgent_by, Way.PUSH})
            row.save()

    def use(self, phone: Any, *, at: datetime) -> None:
        """They have shown that this number is theirs. Does not save."""
        self.phone, self.confirmed_at, self.stopped_at = phone, at, None
        self.code, self.code_to, self.urgent_by = "", "", sorted({*self.urgent_by, Way.SMS})

    def prove(self, phone: Any, *, at: datetime) -> None:
        """A code that went to this number has come back."""
        with self._locked() as row:
            if not (row.confirmed_at and row.phone == phone):
                row.use(phone, at=at)
                row.save()

    def forget_code(self) -> None:
        """The number that waits for its code is not theirs after all."""
        with self._locked() as row:
            row.code, row.code_to = "", ""
            row.save()

    def lose_number(self) -> None:
        """Whoever has this phone now is not them."""
        with self._locked() as row:
            row.phone, row.confirmed_at, row.code, row.code_to = "", None, "", ""
            row.save()

    def forget_number(self) -> None:
        """Use no number any more. Refused where nothing else would let them in."""
        if not self.user.email:
            raise Refusal(_("This number is how you sign in. Add an e-mail address first."))
        with self._locked() as row:
            row.phone, row.confirmed_at, row.stopped_at, row.code, row.code_to = "", None, None, "", ""
            row.save()

    @staticmethod
    def way_out(user: User, *, key: str) -> dict[str, str]:
        """The headers of a mail that somebody switched on, by which a mail program switches it off (RFC 8058)."""
        if not key.startswith("tomorrow:"):
            return {}
        page = f"{settings.BASE_URL}{reverse('no_list', args=[Reach.no_list_token(user)])}"
        return {"List-Unsubscribe": f"<{page}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

    @staticmethod
    def no_list_token(user: User) -> str:
        """What stands in the address by which this person's list is switched off; it is good for nothing else."""
        return signing.dumps(user.pk, salt=NO_LIST)

    @classmethod
    def by_no_list_token(cls, token: str) -> "Reach | None":
        """Of whom that token is."""
        try:
            number = signing.loads(token, salt=NO_LIST)
        except signing.BadSignature:
            return None
        user = User.objects.filter(pk=number).first()
        return cls.of(user) if user else None

    def no_list(self) -> None:
        """Send no list of tomorrow's shifts any more."""
        with self._locked() as row:
            row.tomorrow = False
            row.save()

    @classmethod
    def stop(cls, user: User, *, at: datetime) -> None:
        """They answered STOP to a message: none goes there any more."""
        cls.objects.filter(user=user, confirmed_at__isnull=False).update(stopped_at=at)

    @contextmanager
    def _locked(self) -> Iterator["Reach"]:
        """Their row, made if need be, for one transaction in which nobody else writes it."""
        with transaction.atomic():
            Reach.objects.get_or_create(user=self.user)
            yield Reach.objects.select_for_update().select_related("user").get(user=self.user)


def why_not_texted(trouble: Exception) -> str:
    """Why no text message went to a number, in words."""
    if getattr(trouble, "stopped", False):
        return _("This phone has stopped our messages. Answer START to the last of them, and try again.")
    if isinstance(trouble, Undeliverable):
        return _("No message could be sent to this number. Is it a mobile phone?")
    return _("We cannot send text messages at the moment.")
