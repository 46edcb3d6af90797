"""Applications: somebody would like to work here. They need no account until they are accepted.

A typed address is not a person: an application counts once the link of our mail was pressed, which nobody else has.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.errors import Refusal
from coop.models import ZipCode
from coop.states import Stateful, transition
from coop.typed.fields import StoredEmailField, WrittenText, spelled_one_way
from members.joining.candidates import OFFICES, Candidate
from members.joining.policies import APPLICATION_DAYS
from members.notices.contact_preferences import Reach
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.personal_data import erase
from members.signing_in.numbers.numbers import opened_by

UNPROVEN_KEPT = timedelta(days=14)
"""How long an application is kept of which nobody has shown that the address is theirs."""


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """All that counts, for the offices that look after them; nobody else reads any."""
        if user.roles.isdisjoint(OFFICES):
            return self.none()
        return self.exclude(proven_at=None)

    def waiting(self) -> "ApplicationQuerySet":
        """Those that wait for the office, the oldest first."""
        return self.filter(state__in=Application.WAITING).order_by("proven_at", "pk")

    def decided(self) -> "ApplicationQuerySet":
        """Those that are over, the latest first."""
        return self.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")

    def of(self, user: User) -> "ApplicationQuerySet":
        """What somebody who is signed in sent, and what still waits for their word that it was they; latest first."""
        return self.filter(user=user, state__in=[Application.State.SENT, *Application.WAITING]).order_by("-pk")

    def to_forget(self, at: datetime) -> "ApplicationQuerySet":
        """Those whose time is over: never proven, or declined or withdrawn long ago."""
        kept = timedelta(days=APPLICATION_DAYS.on(timezone.localdate(at)))
        unproven = Q(state=Application.State.SENT, sent_at__lte=at - UNPROVEN_KEPT)
        over = Q(state__in=[Application.State.DECLINED, Application.State.WITHDRAWN], ended_at__lte=at - kept)
        return self.filter(unproven | over).order_by("pk")

    def with_related(self) -> "ApplicationQuerySet":
        """With all that a page about them reads."""
        return self.select_related("user", "zip", "member__user")


class Application(Stateful):
    """Somebody would like to work here; `user` may be known by nothing but an address that they typed.

    `minutes_wanted` is work a week, `days` are weekdays (Monday is 0), `areas` ZIP codes or how they begin, `skills`
    codes, as with a member. `told` is what the office wrote to them last.
    """

    class State(models.TextChoices):
        SENT = "sent", gettext_lazy("not confirmed by the link in our mail")
        PROVEN = "proven", gettext_lazy("new")
        INVITED = "invited", gettext_lazy("invited to talk")
        ACCEPTED = "accepted", gettext_lazy("accepted")
        DECLINED = "declined", gettext_lazy("declined")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")

    WAITING = (State.PROVEN, State.INVITED)

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    email = StoredEmailField(blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SENT)
    phone = PhoneNumberField()
    zip = models.ForeignKey(ZipCode, on_delete=models.PROTECT, related_name="+")
    minutes_wanted = models.PositiveIntegerField()
    days = ArrayField(models.PositiveSmallIntegerField())
    areas = ArrayField(models.CharField(max_length=5), default=list)
    languages = ArrayField(models.CharField(max_length=5), default=list)
    skills = ArrayField(models.CharField(max_length=20), default=list)
    may_work = models.BooleanField()
    words = WrittenText(max_length=3000, blank=True)
    sent_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    told = WrittenText(max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="applications")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("application")
        constraints = [
            spelled_one_way("an_applicants_address_is_spelled_one_way"),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(state__in=["proven", "invited"]) & ~Q(email=""),
                name="an_address_applies_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["proven", "invited"]),
                name="somebody_applies_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", proven_at=None) | (~Q(state="sent") & Q(proven_at__isnull=False)),
                name="an_application_counts_once_its_address_is_proven",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "proven", "invited"], ended_at=None)
                | (Q(state__in=["accepted", "declined", "withdrawn"]) & Q(ended_at__isnull=False)),
                name="an_application_is_over_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", member__isnull=False) | (~Q(state="accepted") & Q(member=None)),
                name="whoever_is_accepted_works_here",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proven_at"], condition=Q(state__in=["proven", "invited"]), name="applications_that_wait"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        """Where whoever sent it reads it; nobody but our mail has this address."""
        return reverse("application", args=[self.token])

    @property
    def waits(self) -> bool:
        return self.state in self.WAITING

    @property
    def is_by_text(self) -> bool:
        """Did somebody without an address send it, of whom nothing is known but the number in it?"""
        is_new = self.user.joined_at == self.sent_at and self.user.last_login is None
        return is_new and not self.user.address

    @property
    def weekdays(self) -> list[str]:
        """The days on which they could work, in words."""
        return [str(WEEKDAYS[day]) for day in self.days]

    @property
    def spoken(self) -> list[str]:
        """The languages that they speak, as each calls itself."""
        return [get_language_info(code)["name_local"].capitalize() for code in self.languages]

    @property
    def forgotten_on(self) -> date | None:
        """The day on which what was declined or withdrawn is deleted."""
        if self.ended_at is None or self.state == self.State.ACCEPTED:
            return None
        day = timezone.localdate(self.ended_at)
        return day + timedelta(days=APPLICATION_DAYS.on(timezone.localdate()))

    @classmethod
    def send(
        cls, *, name: str, email: str, language: str, at: datetime, by: User | None, **answers: Any
    ) -> "Application":
        """Keep what somebody tells who would like to work here, and ask by mail whether the address is theirs.

        Of whoever is signed in we know it; refused to who works here already. Without an address nothing is asked yet
        (`apply_by_text`).
        """
        if by and by.works:
            raise Refusal(_("You work here already."))
        with transaction.atomic():
            person = by or User.objects.claim(email, name, language=language, at=at)
            made = cls.objects.create(user=person, email=person.address, sent_at=at, **answers)
            made.record_event("send", at=at, by=by)
            if by:
                made.prove(at=at, by=by)
            elif email:
                made.post("application_prove", at=at)
        return made

    @transition(State.SENT, to=State.PROVEN)
    def prove(self, *, at: datetime, by: User | None) -> None:
        """The address or number is theirs: from now on it waits for the office. Refused while another one waits."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"application:{self.email or self.phone}"])
        if self.is_by_text:
            self._show_number(at)
        mine = Q(user=self.user) | (Q(email=self.email) & ~Q(email=""))
        if Application.objects.waiting().filter(mine).exists():
            raise Refusal(_("You applied before, and that application still waits. The link to it is in our mails."))
        self.proven_at = at
        self.post("application_proven", at=at)
        for person in _office(at):
            key = f"application_waits:{self.pk}:{person.pk}"
            Notice.post(key, to=person, mail="application_waits", at=at, about={"application": self})

    def _show_number(self, at: datetime) -> None:
        """Whoever has the number applied; the account that it opens is theirs."""
        if owner := opened_by(self.phone):
            if owner.works:
                raise Refusal(_("You work here already."))
            self.user.pass_to(owner, at=at)
            self.user = owner
        Reach.of(self.user).prove(self.phone, at=at)

    def disown(self, *, at: datetime) -> None:
        """Whoever has the address did not send this: all of it is deleted. Refused once it was proven."""
        with transaction.atomic():
            self.lock()
            if self.state != self.State.SENT:
                raise Refusal(_("This was settled already."))
            self.forget(at=at)

    @transition(*WAITING, to=State.INVITED)
    def invite(self, words: str, *, at: datetime, by: User) -> None:
        """Ask them to talk; `words` say when and where. Again for another time."""
        self.told = words
        self.post("application_invited", at=at, step=f":{at:%Y%m%d%H%M%S}")

    @transition(*WAITING, to=None)
    def note(self, words: str, *, at: datetime, by: User) -> None:
        """Write down what was said, for the office alone."""
        self.notes.create(words=words, at=at, by=by)

    @transition(*WAITING, to=State.ACCEPTED)
    def accept(self, *, skills: Iterable[str], mentor: Member | None, at: datetime, by: User) -> None:
        """They work here from now on, as a candidate, with an account by their address; whoever has one keeps it."""
        self.user = self._account(at)
        self.member = candidate = Candidate.begin_with(
            self.user,
            phone=self.phone,
            zip=self.zip,
            minutes_wanted=self.minutes_wanted,
            languages=self.languages,
            areas=self.areas,
            skills=skills,
            at=at,
            by=by,
        )
        self.ended_at = at
        if mentor:
            candidate.choose_mentor(mentor, at=at, by=by)
        self.post("application_accepted", at=at)

    @transition(*WAITING, to=State.DECLINED)
    def decline(self, words: str, *, at: datetime, by: User) -> None:
        """Say no, in words that they read."""
        self.told, self.ended_at = words, at
        self.post("application_declined", at=at)

    @transition(*WAITING, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User | None) -> None:
        """They do not want it any more."""
        self.ended_at = at
        self.post("application_withdrawn", at=at)

    def _account(self, at: datetime) -> User:
        """Whoever has this address signs in with it; nobody is here twice."""
        if not self.user.claimed_email:
            return self.user
        if known := User.objects.filter(email=self.email, is_active=True).first():
            self.user.pass_to(known, at=at)
            return known
        self.user.prove(at=at)
        return self.user

    def forget(self, *, at: datetime) -> None:
        """Delete it; with it whoever is known by nothing but the address or the number that they typed into it."""
        others = Application.objects.filter(user=self.user).exclude(pk=self.pk)
        if (self.user.claimed_email or self.is_by_text) and not others.exists():
            erase(self.user, at=at)
        else:
            self.delete()

    def post(self, mail: str, *, at: datetime, step: str = "") -> None:
        """Write to them, once a step."""
        Notice.post(f"{mail}:{self.pk}{step}", to=self.user, mail=mail, at=at, about={"application": self})


def _office(at: datetime) -> list[User]:
    """Who is told that an application waits: the membership office, or the board where nobody holds it."""
    return Role.objects.holders(at, "membership") or Role.objects.holders(at, "board")
