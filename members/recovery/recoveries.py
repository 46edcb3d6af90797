"""A new way into an account: two people of the office have met its owner, who then shows that the way is theirs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from coop.contact import or_reach_us
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.states import Stateful, transition
from coop.typed.fields import StoredEmailField, WrittenLine, say_phone, spelled_one_way
from members.notices.contact_preferences import Reach
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User
from members.policies import RECOVERY_HOURS
from members.second_person.confirmations import Confirmation

KIND = "account_recovery"
"""What a second person confirms is called by this."""
STOP, FINISH = "members.stop_recovery", "members.finish_recovery"
"""The salts of the addresses by which the old way stops it, and the new one finishes it."""
OPEN_FOR = timedelta(days=7)
"""How long the new way can be used once nobody can stop it any more."""
MOST_TRIES = 20


class AccountRecoveryQuerySet(models.QuerySet["AccountRecovery"]):
    def running(self) -> "AccountRecoveryQuerySet":
        """Those that may still come about."""
        return self.filter(state__in=[AccountRecovery.State.ASKED, AccountRecovery.State.WAITING])

    def to_tell(self) -> "AccountRecoveryQuerySet":
        """Those that were confirmed, and of which neither the old nor the new way has heard."""
        return self.filter(state=AccountRecovery.State.WAITING, told_at=None, tries__lt=MOST_TRIES)

    def to_open(self, at: datetime) -> "AccountRecoveryQuerySet":
        """Those that nobody stopped in time, after their old way was told as far as can be; the new one has no link."""
        told = Q(told_at__isnull=False) | Q(tries__gte=MOST_TRIES)
        ready = self.filter(told, state=AccountRecovery.State.WAITING, ready_at__lte=at, opened_at=None)
        return ready.filter(tries__lt=2 * MOST_TRIES)

    def over(self, at: datetime) -> "AccountRecoveryQuerySet":
        """Those whose link was not used in time."""
        return self.filter(state=AccountRecovery.State.WAITING, ready_at__lte=at - OPEN_FOR)

    def by_token(self, token: str, *, salt: str) -> "AccountRecovery | None":
        """The one that this part of an address stands for."""
        try:
            return self.select_related("user").filter(pk=signing.loads(token, salt=salt)).first()
        except signing.BadSignature:
            return None


class AccountRecovery(Stateful):
    """Somebody is to come into their account by `email` or `phone`, `reason` says how they were known.

    Once a second person confirms it, the old address and number are told, and can stop it until `ready_at`. Then the
    new one gets a link: whoever follows it has shown that it is theirs, and only then the old keys go.
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        WAITING = "waiting", gettext_lazy("can be stopped, then used")
        DONE = "done", gettext_lazy("done")
        STOPPED = "stopped", gettext_lazy("stopped from the old address")
        DROPPED = "dropped", gettext_lazy("not done")
        LAPSED = "lapsed", gettext_lazy("not used in time")

    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    email = StoredEmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    reason = WrittenLine(max_length=500)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = AccountRecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("new way into an account")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["asked", "waiting"]),
                name="an_account_is_recovered_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "waiting", "done"])
                | (Q(email="") & ~Q(phone=""))
                | (~Q(email="") & Q(phone="")),
                name="an_account_gets_one_new_way_in",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_recovery_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(user=models.F("asked_by")) & ~Q(user=models.F("confirmed_by")),
                name="nobody_recovers_their_own_account",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=models.F("confirmed_by")), name="a_recovery_is_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(ready_at__isnull=False, confirmed_by__isnull=False),
                name="a_recovery_waits_until_a_moment",
            ),
            spelled_one_way("a_new_way_in_is_spelled_one_way"),
        ]

    def __str__(self) -> str:
        return _("%(name)s lost every way in: two of us have met them") % {"name": self.user.short_name}

    @property
    def new_way(self) -> str:
        """The address or number, as people write it."""
        return self.email or say_phone(self.phone)

    @property
    def stop_link(self) -> str:
        """The whole address where it is stopped; it goes to the old ways in and nowhere else."""
        return self._link("stop_recovery", STOP)

    @property
    def finish_link(self) -> str:
        """The whole address where it comes about; it goes to the new way in and nowhere else."""
        return self._link("finish_recovery", FINISH)

    def _link(self, page: str, salt: str) -> str:
        return f"{settings.BASE_URL}{reverse(page, args=[signing.dumps(self.pk, salt=salt)])}"

    def can_be_stopped(self) -> bool:
        """Until it has come about."""
        return self.state == self.State.WAITING

    def can_be_used(self, at: datetime) -> bool:
        """Once nobody can stop it, for a week."""
        return (
            self.state == self.State.WAITING and self.ready_at is not None and 0 <= (at - self.ready_at) / OPEN_FOR < 1
        )

    def old_ways(self) -> Iterator[Any]:
        """The address and the number by which the account is opened now."""
        if self.user.address:
            yield self.user.address
        if (reach := Reach.of(self.user)).takes_sms:
            yield reach.phone

    @classmethod
    def ask(cls, user: User, *, email: str, phone: Any, reason: str, at: datetime, by: User) -> "AccountRecovery":
        """Ask for it, having met them: a second person who has met them, too, confirms it."""
        with transaction.atomic():
            user = user.locked()
            for over in cls.objects.over(at).filter(user=user):
                over.lapse(at=at, by=None)
            if cls.objects.running().filter(user=user).exists():
                raise Refusal(_("A new way into this account was asked for already."))
            if email and User.objects.filter(email=email).exists():
                raise Refusal(_("This address has an account already."), field="email")
            if phone and Reach.owner_of(phone) not in (None, user):
                raise Refusal(_("This number opens the account of somebody else."), field="phone")
            made = cls.objects.create(user=user, email=email, phone=phone, reason=reason, asked_by=by, asked_at=at)
            made.record_event("ask", at=at, by=by, note=reason)
            apart = Member.objects.filter(user=user)
            Confirmation.ask(KIND, made.pk, reason=reason, about=[], apart=apart, at=at, by=by)
        return made

    @transition(State.ASKED, to=State.WAITING)
    def confirm(self, *, at: datetime, by: User) -> None:
        """The second person has met them, too: from now on it can be stopped, and then used."""
        self.confirmed_by = by
        self._wait(at)
        enqueue("members.sweep_recoveries")

    def wait_from(self, at: datetime) -> None:
        """Only now the old way is told, which has all its hours to stop it. Does not save what else was changed."""
        self._wait(at)
        waiting = AccountRecovery.objects.filter(pk=self.pk, state=self.State.WAITING)
        waiting.update(ready_at=self.ready_at)

    def _wait(self, at: datetime) -> None:
        self.ready_at = at + timedelta(hours=RECOVERY_HOURS.on(timezone.localdate(at)))

    @transition(State.ASKED, to=State.DROPPED)
    def drop(self, *, at: datetime, by: User) -> None:
        """Nothing changes."""
        self._forget_new_way()

    @transition(State.WAITING, to=State.STOPPED)
    def stop(self, *, at: datetime, by: User | None) -> None:
        """Whoever reads the old mail says that it was not them: nothing changes, and both of the office are told."""
        self._forget_new_way()
        for person in (self.asked_by, self.confirmed_by):
            assert person
            about = {"person": self.user.short_name, "recovery": self}
            Notice.post(
                f"recovery_stopped:{self.pk}:{person.pk}", to=person, mail="recovery_stopped", at=at, about=about
            )

    @transition(State.WAITING, to=State.LAPSED)
    def lapse(self, *, at: datetime, by: User | None) -> None:
        """Nobody used it in time."""
        self._forget_new_way()

    @transition(State.WAITING, to=State.DONE)
    def finish(self, *, at: datetime, by: User | None) -> None:
        """They follow the link that only the new way got: it is theirs, and what opened the account before is gone."""
        if not self.can_be_used(at):
            raise Refusal(_("This cannot be used now.") + or_reach_us())
        user = self.user.locked()
        Authenticator.objects.filter(user=user).delete()
        Reach.of(user).lose_number()
        user.change_address(self.email, at=at, by=user)
        if self.phone:
            Reach.of(user).prove(self.phone, at=at)
        user.end_sessions()
        about = {"what": _("You have a new way into your account. What opened it before does not open it any more.")}
        Notice.post(f"recovered:{self.pk}", to=user, mail="keys_changed", at=at, about=about)

    def _forget_new_way(self) -> None:
        self.email, self.phone = "", ""
