"""Days that somebody cannot work: all their shifts of these days go on to others at once."""

from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.promises import promises
from bookings.series.regulars import KEEPS
from bookings.states import OfferState, ShiftState
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, User
from members.standing.meaning import MemberState

A_DAY = timedelta(days=1)
A_WHILE = timedelta(minutes=2)
"""So long whoever says that they cannot work may still be putting shifts to others."""
GOES_ON = (ShiftState.OFFERED, ShiftState.ACCEPTED)


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: User) -> "HandOverQuerySet":
        """One's own, and all for those who coordinate."""
        return self if "coordinator" in user.roles else self.filter(member__user=user)

    def broken_off(self, at: datetime) -> "HandOverQuerySet":
        """Those of days to come that may have been broken off half-way: by now all of it should be with others."""
        rows = self.filter(last__gte=timezone.localdate(at) - A_DAY, said_at__lte=at - A_WHILE)
        had = Shift.objects.filter(member=models.OuterRef("member"), state__in=GOES_ON, starts_at__gt=at)
        return rows.filter(models.Exists(had)).select_related("member", "said_by").order_by("day", "pk")


class HandOver(models.Model):
    """Somebody cannot work from `day` to `last`; `shifts` are those that were theirs. Why is not asked and not kept.

    `back_on` is the day from which on they work again after all.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="hand_overs")
    day = models.DateField()
    last = models.DateField()
    back_on = models.DateField(null=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shifts = models.ManyToManyField(Shift, related_name="hand_overs")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("handed-over day")
        constraints = [
            models.UniqueConstraint(fields=["member", "day"], name="a_day_is_handed_over_once"),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("day")), name="an_absence_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("hand_over", args=[self.pk])

    @property
    def until(self) -> date:
        """The last day on which they cannot work; before `day` if they work on all of them after all, or have left."""
        others = [day - A_DAY for day in (self.back_on, self.gone_on) if day]
        return min([self.last, *others])

    @property
    def gone_on(self) -> date | None:
        """The day on which they are no member any more, if that ends it."""
        left = (one.days for one in self.member.stretches.all() if one.state == MemberState.FORMER)
        return next((days.lower for days in left if days.upper is None or days.upper > self.day), None)

    @property
    def is_over(self) -> bool:
        """Do they work on all of these days after all, or are they gone by then?"""
        return self.until < self.day

    @classmethod
    def begin(cls, member: Member, *, day: date, last: date | None = None, at: datetime, by: User) -> "HandOver":
        """Write the days down as off and put each shift of them to whoever's turn it is; twice is once.

        Said again it counts anew, and may be longer. Each shift is a transaction of its own: one that cannot be handed
        on keeps none of the others.
        """
        last = max(day, last or day)
        with transaction.atomic():
            member.take_leave(first=day, last=last, today=timezone.localdate(at))
            facts = {"said_at": at, "said_by": by, "last": last}
            found, is_new = cls.objects.select_for_update().get_or_create(member=member, day=day, defaults=facts)
            if is_new or found.last < last or found.back_on:
                found.last, found.back_on, found.said_at = max(found.last, last), None, at
                found.save(update_fields=["last", "back_on", "said_at"])
                found._log("begin", f"{day} – {last}", at=at, by=by)
        found.hand_on(at=at, by=by)
        return found

    def come_back(self, on: date, *, at: datetime, by: User) -> None:
        """They can work again from that day on, and each shift of these days that nobody has yet is theirs."""
        with transaction.atomic():
            locked = HandOver.objects.select_for_update(of=("self",)).select_related("member")
            self.refresh_from_db(from_queryset=locked)
            if not self.day <= on <= self.until:
                raise Refusal(_("Choose one of the days that are off."), field="on")
            for leave in self.member.leaves.filter(starts_on__gte=self.day, ends_on__lte=self.last, ends_on__gte=on):
                if on <= leave.starts_on:
                    leave.delete()
                else:
                    leave.ends_on = on - A_DAY
                    leave.save(update_fields=["ends_on"])
            self.back_on = on
            self.save(update_fields=["back_on"])
            self._log("come_back", f"{on}", at=at, by=by)
        for shift in self.shifts.filter(state=Shift.State.OPEN).with_related().order_by("starts_at", "pk"):
            if shift.starts_at.astimezone(shift.zone).date() >= on:
                self._give_again(shift, at=at, by=by)

    def _give_again(self, shift: Shift, *, at: datetime, by: User) -> None:
        """What nobody has yet is theirs again if nothing else stands against it; else the turn goes on."""
        try:
            with promises():
                shift.lock_date()
                shift.lock()
                if shift.is_wanted and shift.starts_at > at and shift.suits(self.member, at=at):
                    shift.have_again(self.member, at=at, by=by)
                    shift.say_who_comes(at=at)
        except Refusal:
            return

    def hand_on(self, *, at: datetime, by: User) -> None:
        """Put to others whatever is still theirs on these days."""
        self._put_to_others(self.still_theirs(), at=at, by=by)

    def go_on(self, *, at: datetime) -> None:
        """Put to others what was left behind half-way; what they were given since then is theirs."""
        theirs = [(shift, shift.assigned_at or shift.asked_at) for shift in self.still_theirs()]
        had = [shift for shift, since in theirs if since and since <= self.said_at]
        self._put_to_others(had, at=at, by=self.said_by)

    def _put_to_others(self, shifts: list[Shift], *, at: datetime, by: User) -> None:
        for shift in shifts:
            try:
                self._hand_on(shift, at=at, by=by)
            except Refusal:  # it began, or somebody else moved it on at this moment; the page shows what is left
                continue

    def still_theirs(self) -> list[Shift]:
        """What the member still has on these days, earliest first; what is under way is for a phone call."""
        zone = timezone.get_default_timezone()
        begins = datetime.combine(self.day - A_DAY, time(), zone)
        ends = datetime.combine(self.until + 2 * A_DAY, time(), zone)
        rows = Shift.objects.of(self.member).filter(state__in=KEEPS, starts_at__gte=begins, starts_at__lt=ends)
        whole = rows.with_related().order_by("starts_at", "pk")
        return [shift for shift in whole if self.day <= shift.starts_at.astimezone(shift.zone).date() <= self.until]

    def _hand_on(self, shift: Shift, *, at: datetime, by: User) -> None:
        with transaction.atomic():
            shift.lock_date()
            shift.lock()
            if shift.member_id != self.member_id or shift.state not in GOES_ON:
                return
            if shift.state == Shift.State.OFFERED:
                shift.offers.get(state=OfferState.MADE).withdraw(at=at, by=by)
                shift.reopen(at=at, by=by)
            else:
                shift.tell_that_somebody_else_comes(key=f"{self.pk}:{shift.pk}", at=at)
                shift.release(at=at, by=by, note="handed over with the whole day")
            self.shifts.add(shift)
            shift.offer_next(at=at)

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)
