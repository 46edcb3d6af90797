"""Something went wrong at a visit: said by whoever was there, looked after by those whose office it is."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.households.clients import Client, Home
from bookings.policies import INCIDENT_DAYS
from bookings.promises import promises
from bookings.visits.shifts.shifts import Shift
from coop.contact import or_reach_us
from coop.encrypted_fields import SealedRow, SealedTextField
from coop.errors import Refusal
from coop.states import Stateful, all_or_nothing, transition
from members.models import Member, Notice, Role, User
from members.second_person.confirmations import FEW

THERE = (*Shift.COMING, Shift.State.LEFT)
LEAVES = (Shift.State.ACCEPTED, Shift.State.STARTED)
LOOK_AFTER = ("safety", "coordinator")
"""The roles that read what was reported, and do something about it."""


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User) -> "IncidentQuerySet":
        """One's own, and for those who look after them all that are not about them. Never a client's.

        What nobody of the offices may read is read by whoever stands in (`stand_ins`).
        """
        if not user.works:
            return self.none()
        own, barred = models.Q(by=user), Incident.barred.through.objects.filter(member__user=user)
        about_them = models.Q(pk__in=barred.values("incident")) | models.Q(
            shift__visit__booking__home__client__in=Client.objects.about(user)
        )
        if user.roles.isdisjoint(LOOK_AFTER):
            named = Incident.stand_ins.through.objects.filter(member__user=user)
            return self.filter(own | (models.Q(pk__in=named.values("incident")) & ~about_them))
        return self.filter(own | ~about_them)

    def unread(self, at: datetime) -> "list[Incident]":
        """Those that nobody reads any more, because whoever did has left the office or the co-op."""
        return [one for one in self.standing().select_related("by") if not one.readers(at)]

    def standing(self) -> "IncidentQuerySet":
        """Those that are not closed yet."""
        return self.exclude(state=Incident.State.CLOSED)

    def with_related(self) -> "IncidentQuerySet":
        """With all that a page about them reads."""
        return self.select_related(
            "by",
            "looked_after_by",
            "shift__zip",
            "shift__visit__booking__service",
            "shift__visit__booking__home__client__user",
        )


class Incident(SealedRow, Stateful):
    """What somebody reports from a visit. The words, and what was done, are sealed, and stand in no mail and no log.

    `uuid` is the number that a phone gives it, so that sending it again is sending it once.
    """

    class State(models.TextChoices):
        REPORTED = "reported", gettext_lazy("reported")
        IN_HAND = "in_hand", gettext_lazy("in hand")
        CLOSED = "closed", gettext_lazy("closed")

    class Kind(models.TextChoices):
        UNSAFE = "unsafe", gettext_lazy("I do not feel safe")
        HURT = "hurt", gettext_lazy("Somebody is hurt")
        BROKEN = "broken", gettext_lazy("Something is broken")
        HOME = "home", gettext_lazy("The home is not as described")
        DISPUTE = "dispute", gettext_lazy("A dispute, or something is missing")
        OTHER = "other", gettext_lazy("Something else")

    uuid = models.UUIDField(default=uuid4)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="incidents")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="incidents")
    state = models.CharField(max_length=20, choices=State.choices, default=State.REPORTED)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = SealedTextField(blank=True, default="")
    reported_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    looked_after_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = SealedTextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    barred = models.ManyToManyField(Member, related_name="+")
    stand_ins = models.ManyToManyField(Member, related_name="+")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("report")
        constraints = [
            models.UniqueConstraint(fields=["uuid"], name="a_report_is_kept_once"),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="a_report_is_closed_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="reported") | models.Q(looked_after_by__isnull=False),
                name="somebody_looks_after_a_report",
            ),
        ]
        indexes = [models.Index(fields=["-reported_at"], name="reports_by_time")]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """By its `uuid`: numbers in a row would say that there is a report which one does not see."""
        return reverse("incident", args=[self.uuid])

    @classmethod
    def until_when(cls, shift: Shift) -> datetime:
        """Until when something may be reported from this shift."""
        over = shift.done_at or shift.ends_at
        return over + timedelta(days=INCIDENT_DAYS.on(timezone.localdate(over)))

    @classmethod
    def report(
        cls,
        shift: Shift,
        *,
        kind: str,
        words: str,
        left: bool,
        at: datetime,
        by: User,
        barred: Iterable[Member] = (),
    ) -> "Incident":
        """Say that something is wrong, at hand or at a visit lately done; those who look after it hear at once.

        Those `barred` by the reporter do not read it, nor do the others who were at that visit or who live there.
        """
        if shift.state not in THERE or at < shift.note_from:
            raise Refusal(_("You can report from a visit from two hours before it.") + or_reach_us())
        if at > cls.until_when(shift):
            raise Refusal(_("That visit was a while ago.") + or_reach_us())
        left_at = at if left else None
        return cls._take(uuid4(), shift, kind=kind, words=words, left_at=left_at, at=at, by=by, barred=barred)

    @classmethod
    def deliver(
        cls,
        uuid: UUID,
        *,
        shift: Shift,
        kind: str,
        words: str,
        left_at: datetime | None,
        at: datetime,
        by: User,
        barred: Iterable[Member] = (),
    ) -> "Incident":
        """Take what waited on a phone, exactly once, whatever became of the visit meanwhile: nothing of it is lost."""
        with promises():
            shift.lock()
            known = cls.objects.filter(uuid=uuid, by=by).first()
            if known:
                return known
            return cls._take(uuid, shift, kind=kind, words=words, left_at=left_at, at=at, by=by, barred=barred)

    @classmethod
    def _take(
        cls,
        uuid: UUID,
        shift: Shift,
        *,
        kind: str,
        words: str,
        left_at: datetime | None,
        at: datetime,
        by: User,
        barred: Iterable[Member] = (),
    ) -> "Incident":
        incident = cls(uuid=uuid, shift=shift, by=by, kind=kind, reported_at=at, left_at=left_at)
        incident.words = words
        with all_or_nothing(incident), transaction.atomic():
            shift.lock()
            incident.save(force_insert=True)
            incident.barred.set([*barred, *incident._there()])
            incident.record_event("report", at=at, by=by)
            incident.find_readers(at=at)
            if left_at and shift.state in LEAVES and shift.member == by.membership:
                shift.leave_for_safety(at=at, by=by, moment=left_at)
        return incident

    def is_about(self, user: User) -> bool:
        """Is it about this person, or did its reporter want that they do not read it?"""
        return self.by != user and (self.barred.filter(user=user).exists() or self._home.client.is_about(user))

    def readers(self, at: datetime) -> list[User]:
        """Who looks after it: the offices, but for those whom it is about; else whoever stands in for them."""
        kept, day = self._kept_from(), timezone.localdate(at)
        office = [one for one in Role.objects.holders(at, *LOOK_AFTER) if one.pk not in kept]
        here = self.stand_ins.filter(pk__in=Member.objects.acting(day)).exclude(user__in=kept).select_related("user")
        return office or [one.user for one in here.order_by("pk")]

    def find_readers(self, *, at: datetime) -> None:
        """Somebody reads it, always: where nobody of the offices may, the board, else the longest-standing members."""
        if not self.readers(at):
            kept = self._kept_from()
            board = [one for one in Role.objects.holders(at, "board") if one.pk not in kept]
            others = Member.objects.acting(timezone.localdate(at)).exclude(user__in=kept)
            chosen = others.filter(user__in=board) if board else others.by_seniority()[:FEW]
            self.stand_ins.set(chosen)
        self._tell_the_readers(at=at)

    def _there(self) -> "models.QuerySet[Member]":
        """The others of that visit's crew, and members who live there."""
        assert self.shift.visit is not None
        lives = models.Q(user__in=self._household())
        crew = models.Q(pk__in=self.shift.visit.shifts.exclude(member=None).values("member"))
        return Member.objects.filter(lives | crew).exclude(user=self.by)

    def _kept_from(self) -> set[int]:
        """Who does not look after it: the reporter, those barred, and whoever lives there by now."""
        return {*self.barred.values_list("user", flat=True), *self._household(), self.by_id}

    def _household(self) -> set[int]:
        return set(self._home.client.concerned().values_list("pk", flat=True))

    @property
    def _home(self) -> Home:
        assert self.shift.visit is not None
        return self.shift.visit.booking.home

    def _tell_the_readers(self, *, at: datetime) -> None:
        """That there is something to look at, and not a word of what."""
        for person in self.readers(at):
            if person != self.by:
                key = f"incident_reported:{self.pk}:{person.pk}"
                Notice.post(key, to=person, mail="incident_reported", at=at, about={"incident": self})

    @transition(State.REPORTED, to=State.IN_HAND)
    def take_in_hand(self, *, at: datetime, by: User) -> None:
        """Somebody looks after it from now on."""
        self.looked_after_by = by

    @transition(State.REPORTED, State.IN_HAND, to=State.CLOSED)
    def close(self, outcome: str, *, at: datetime, by: User) -> None:
        """It is done with; `outcome` says what was done, to whoever reported it, who is told that it stands there."""
        self.looked_after_by = self.looked_after_by or by
        self.outcome, self.closed_at = outcome, at
        if self.by != by:
            about = {"incident": self}
            Notice.post(f"incident_closed:{self.pk}", to=self.by, mail="incident_closed", at=at, about=about)

    def forget_words(self) -> None:
        """Leave no more than that there was something, of what kind, and that it was closed."""
        self.words = self.outcome = ""
        self.save(update_fields=["words", "outcome"])
