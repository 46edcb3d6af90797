"""A day that somebody cannot work: all their shifts of that day go on to others at once."""

from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.models.shifts import Shift
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, Notice, User

A_DAY = timedelta(days=1)


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: User) -> "HandOverQuerySet":
        """One's own, and all for those who coordinate."""
        return self if "coordinator" in user.roles else self.filter(member__user=user)


class HandOver(models.Model):
    """Somebody cannot work on a day; `shifts` are those that were theirs. Why is not asked and not kept."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="hand_overs")
    day = models.DateField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shifts = models.ManyToManyField(Shift, related_name="hand_overs")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("handed-over day")
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="a_day_is_handed_over_once")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.day}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("hand_over", args=[self.pk])

    @classmethod
    def begin(cls, member: Member, *, day: date, at: datetime, by: User) -> "HandOver":
        """Write the day down as off and put each shift of it to whoever's turn it is; twice is once.

        Each shift is a transaction of its own: one that cannot be handed on keeps none of the others.
        """
        with transaction.atomic():
            member.take_leave(first=day, last=day, today=timezone.localdate(at))
            found, is_new = cls.objects.get_or_create(member=member, day=day, defaults={"said_at": at, "said_by": by})
            if is_new:
                found._log(at=at, by=by)
        found.hand_on(at=at, by=by)
        return found

    def hand_on(self, *, at: datetime, by: User) -> None:
        """Put to others whatever is still theirs on that day."""
        for shift in self.still_theirs():
            try:
                self._hand_on(shift, at=at, by=by)
            except Refusal:  # it began, or somebody else moved it on at this moment; the page shows what is left
                continue

    def still_theirs(self) -> list[Shift]:
        """What the member still has on that day, earliest first; what is under way is for a phone call."""
        begins = datetime.combine(self.day - A_DAY, time(), timezone.get_default_timezone())
        rows = Shift.objects.of(self.member).filter(
            state__in=["offered", "accepted", "started"], starts_at__gte=begins, starts_at__lt=begins + 3 * A_DAY
        )
        whole = rows.whole().order_by("starts_at", "pk")
        return [shift for shift in whole if shift.starts_at.astimezone(shift.zone).date() == self.day]

    def _hand_on(self, shift: Shift, *, at: datetime, by: User) -> None:
        with transaction.atomic():
            shift.lock_date()
            shift.lock()
            if shift.member_id != self.member_id or shift.state not in ("offered", "accepted"):
                return
            if shift.state == Shift.State.OFFERED:
                shift.offers.get(state="made").withdraw(at=at, by=by)
                shift.reopen(at=at, by=by)
            else:
                self._tell_the_client(shift, at=at)
                shift.release(at=at, by=by, note="handed over with the whole day")
            self.shifts.add(shift)
            shift.offer_next(at=at)

    def _tell_the_client(self, shift: Shift, *, at: datetime) -> None:
        assert shift.visit is not None
        Notice.post(
            f"person_changes:{self.pk}:{shift.pk}",
            to=shift.home.client.user,
            mail="person_changes",
            at=at,
            about={"booking": shift.visit.booking, "visit": shift.visit, "member": self.member},
        )

    def _log(self, *, at: datetime, by: User) -> None:
        Event.objects.create(
            kind=self._meta.label_lower, subject=self.pk, verb="begin", actor=by, at=at, note=f"{self.day}"
        )
