"""The agreement to come again and again, at the same local time."""

from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.pricing import Price
from bookings.matching.recurrence import Occasion, Rule, first_in_week, from_here, moment, occasions
from bookings.policies import LEAD_HOURS, SERIES_DAYS_AHEAD, SERIES_WAIT_HOURS
from bookings.series.agreed_days import where_we_come
from bookings.series.days import SeriesDay
from bookings.series.mail import tell_clashes
from bookings.series.regulars import WithRegular, without_their_regular
from bookings.series.series_base import SeriesBase
from bookings.states import SeriesState, VisitState
from bookings.visits.bookings import Booking
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.money import dollars
from coop.states import all_or_nothing, transition
from members.models import User

A_DAY = timedelta(days=1)
State = SeriesBase.State


class SeriesQuerySet(models.QuerySet["Series"]):
    def going(self) -> "SeriesQuerySet":
        """Running or paused."""
        return self.exclude(state=Series.State.ENDED)

    def to_extend(self, at: datetime) -> "SeriesQuerySet":
        """Those whose days are not decided yet as far ahead as they should be."""
        today = timezone.localdate(at)
        ahead = today + timedelta(days=SERIES_DAYS_AHEAD.on(today))
        return self.going().filter(planned_until__lt=ahead).order_by("planned_until", "pk")

    def to_resume(self, at: datetime) -> "SeriesQuerySet":
        """Those whose pause is over."""
        return self.filter(state=Series.State.PAUSED, paused_until__lt=timezone.localdate(at))

    def to_hand_over(self, at: datetime) -> "SeriesQuerySet":
        """Running ones whose regular person has no visit to come while others have."""
        return without_their_regular(self.filter(state=Series.State.RUNNING), at).order_by("pk")

    def with_related(self) -> "SeriesQuerySet":
        return self.select_related(*Series.WHOLE, "regular__user")


class Series(WithRegular):
    """Visits every so many weeks under one booking (`SeriesBase`): planned, skipped, paused, changed, ended."""

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("series")
        verbose_name_plural = gettext_lazy("series")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=SeriesState.PAUSED, paused_from__isnull=False)
                | (~models.Q(state=SeriesState.PAUSED) & models.Q(paused_from__isnull=True, paused_until__isnull=True)),
                name="a_pause_has_a_first_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_until"], condition=~models.Q(state=SeriesState.ENDED), name="series_to_extend"
            )
        ]

    def rules(self) -> list[Rule]:
        """Its rules in the order of time."""
        return [rhythm.rule for rhythm in self.rhythms.order_by("since")]

    def pauses(self, day: date) -> bool:
        """Does a pause lie on this day?"""
        return self.paused_from is not None and self.paused_from <= day <= (self.paused_until or date.max)

    def occasions(self, first: date, last: date) -> list[Occasion]:
        """Its days from `first` to `last`, both included, less those of a pause and those where we come no more."""
        found = [occasion for occasion in occasions(self.rules(), first, last) if not self.pauses(occasion.day)]
        return where_we_come(self, found)

    def missing(self, *, at: datetime) -> list[Occasion]:
        """The days to come that are not decided yet, as far ahead as a series is booked."""
        decided = self.days.exclude(became=SeriesDay.Became.PAUSED).values_list("day", flat=True)
        known = set(decided.filter(day__gte=timezone.localdate(at) - A_DAY))
        days = self.occasions(timezone.localdate(at), self._horizon(at))
        return [one for one in days if one.day not in known and one.starts_at(self.zone) > at]

    def wants(self, occasion: Occasion) -> bool:
        """Is this still one of its days, and not decided yet? Asked under the lock."""
        if self.state == self.State.ENDED or occasion not in self.occasions(occasion.day, occasion.day):
            return False
        return not self.days.exclude(became=SeriesDay.Became.PAUSED).filter(day=occasion.day).exists()

    def price(self, occasion: Occasion) -> Price:
        """What a later visit costs on that day, by the rules and prices of that day."""
        assert self.booking.quote is not None
        return self.booking.quote.price(on=occasion.day, every=occasion.rule.every)

    @classmethod
    def begin(cls, booking: Booking, *, at: datetime, by: User | None) -> "Series | None":
        """Make the series that a confirmed booking asked for, if it did; its later visits are planned soon."""
        if booking.quote is None or not booking.quote.every:
            return None
        visit, every = booking.first_visit(), booking.quote.every
        local = visit.starts_at.astimezone(booking.home.zone)
        first, wait = local.date(), timedelta(hours=SERIES_WAIT_HOURS.on(timezone.localdate(at)))
        series = cls.objects.create(booking=booking, every=every, planned_until=first, waits_until=at + wait)
        series.rhythms.create(since=first, starts_on=first, every=every, clock=local.time())
        series.days.create(day=first, became=SeriesDay.Became.VISIT, visit=visit)
        series.record_event("begin", at=at, by=by)
        series._extend_soon()
        return series

    def extend(self, *, at: datetime) -> None:
        """Decide the coming days that are not decided yet, each in its own transaction, and tell what could not be.

        Killed anywhere and run again it does the rest; run twice at once it does it once.
        """
        until = self._horizon(at)
        for occasion in self.missing(at=at):
            SeriesDay.plan(self, occasion, at=at)
        with transaction.atomic():
            self.lock()
            Series.objects.filter(pk=self.pk).going().update(planned_until=until)
            tell_clashes(self, at=at)
            if self.state == self.State.RUNNING and self._has_left_its_area(timezone.localdate(at), until):
                self.stop(at=at, by=None)
                self.booking.end_if_over(at=at, by=None)
        self.ask_soon()

    @transition(State.RUNNING, State.PAUSED, to=None)
    def skip(self, row: SeriesDay, *, at: datetime, by: User | None, note: str = "") -> None:
        """Leave one day out, at no cost while the notice is kept; its people are free again."""
        row.refresh_from_db()
        if row.visit is None or row.visit.state != VisitState.SCHEDULED:
            raise Refusal(_("There is no visit to skip on that day any more."))
        self._refuse_late(row, at)
        row.call_off(SeriesDay.Became.SKIPPED, at=at, by=by, note="skipped")

    def take_back(self, row: SeriesDay, *, at: datetime, by: User | None) -> None:
        """Have the visit of a day after all that was skipped, cancelled, or found nobody. Refused when nobody can."""
        occasion = next(iter(self.occasions(row.day, row.day)), None)
        if occasion is None:
            raise Refusal(_("That day is not part of your series any more."))
        with all_or_nothing(self):
            Shift.objects.lock_days((occasion.starts_at(self.zone), self.zone), at=at)
            self.restore(row, occasion, at=at, by=by, note=str(row.day))

    @transition(State.RUNNING, State.PAUSED, to=None)
    def restore(self, row: SeriesDay, occasion: Occasion, *, at: datetime, by: User | None, note: str) -> None:
        """The same under the lock of the day."""
        row.refresh_from_db()
        if row.visit and row.visit.state != VisitState.CANCELLED:
            raise Refusal(_("The visit of that day is booked already."))
        if SeriesDay.decide(self, occasion, at=at, by=by).visit is None:
            raise Refusal(_("Nobody can come on that day at that time any more. You can book another time for it."))
        self.ask_soon()

    @transition(State.RUNNING, to=State.PAUSED)
    def pause(self, first: date, last: date | None, *, at: datetime, by: User | None) -> None:
        """Have no visits from `first` to `last` (both included; None: until it is resumed). Refused for the past."""
        if first < at.astimezone(self.zone).date():
            raise Refusal(_("That day is over. Please choose today or a later day."), field="first")
        if last and last < first:
            raise Refusal(_("The last day is before the first one."), field="last")
        self.paused_from, self.paused_until = first, last
        for row in self.days.booked().filter(day__gte=first, day__lte=last or date.max).order_by("day"):
            self._refuse_late(row, at)
            row.call_off(SeriesDay.Became.PAUSED, at=at, by=by, note="paused")

    @transition(State.PAUSED, to=State.RUNNING)
    def resume(self, *, at: datetime, by: User | None) -> None:
        """The pause is over; the days to come are planned again."""
        self.paused_from = self.paused_until = None
        self.planned_until = min(self.planned_until, timezone.localdate(at))
        self._extend_soon()

    def change(
        self, *, since: date, weekday: int, clock: time, every: int, at: datetime, by: User | None
    ) -> list[SeriesDay]:
        """Come at another time from the visit of `since` on: what is booked from there is let go and made anew.

        What became of each new day comes back. Refused, and nothing has changed, when nobody can come on any of them.
        """
        soonest = at + timedelta(hours=LEAD_HOURS.on(timezone.localdate(at)))
        first = first_in_week(since, weekday, not_before=soonest.astimezone(self.zone).date() + A_DAY)
        rule = Rule(min(since, first), first, every, clock)
        with all_or_nothing(self):
            days = rule.days(first, self._horizon(at))
            Shift.objects.lock_days(*((moment(day, clock, self.zone), self.zone) for day in days), at=at)
            return self.follow(rule, at=at, by=by, note=f"{rule.first} {rule.clock}, {rule.every}")

    @transition(State.RUNNING, State.PAUSED, to=None)
    def follow(self, rule: Rule, *, at: datetime, by: User | None, note: str) -> list[SeriesDay]:
        """The same under the locks of the days."""
        now = self.rules()[-1]
        if (now.every, now.clock) == (rule.every, rule.clock) and now.days(rule.first, rule.first):
            raise Refusal(_("That is how your visits are already."))
        self._clear(rule, at=at, by=by)
        self.every = rule.every
        skipped = set(self.days.filter(day__gte=rule.since).values_list("day", flat=True))
        coming = [one for one in self.occasions(rule.since, self._horizon(at)) if one.day not in skipped]
        made = [SeriesDay.decide(self, occasion, at=at, by=by) for occasion in coming]
        if made and not any(row.visit for row in made):
            raise Refusal(_("Nobody can come regularly at that time. Nothing has changed; please try another time."))
        tell_clashes(self, at=at)
        self.ask_soon()
        return made

    def _clear(self, rule: Rule, *, at: datetime, by: User | None) -> None:
        """Let what is booked under the old rules go; what was skipped stays so if it is a day of the new rule."""
        for row in self.days.filter(day__gte=rule.since).select_related("visit").order_by("day"):
            if row.visit and row.visit.state == VisitState.SCHEDULED:
                self._refuse_late(row, at)
                row.call_off(SeriesDay.Became.PAUSED, at=at, by=by, note="changed")
            elif row.visit:
                row.call_off(SeriesDay.Became.SKIPPED, at=at, by=by, note="")
        stays = models.Q(became=SeriesDay.Became.SKIPPED, day__in=rule.days(rule.first, self._horizon(at)))
        self.days.filter(day__gte=rule.since).exclude(stays).delete()
        *stand, _new = from_here(self.rules(), rule)
        self.rhythms.exclude(since__in=[one.since for one in stand]).delete()
        self.rhythms.create(since=rule.since, starts_on=rule.first, every=rule.every, clock=rule.clock)

    def finish(self, *, keep: bool, expected_cents: int = 0, at: datetime, by: User | None) -> None:
        """End the series as the client; with `keep` the visits that are booked still take place.

        Those that are cancelled too late cost their fees, which together are what the client was shown.
        """
        with all_or_nothing(self):
            self.stop(at=at, by=by)
            booked = self.days.none() if keep else self.days.booked().filter(visit__starts_at__gt=at)
            fees = {row: row.visit.cancellation(at).cents for row in booked.order_by("day") if row.visit}
            if sum(fees.values()) != (0 if keep else expected_cents):
                raise Refusal(
                    _("Cancelling costs %(fee)s by now. Nothing is cancelled yet; please look at it once more.")
                    % {"fee": dollars(sum(fees.values()))}
                )
            for row, fee in fees.items():
                row.call_off(SeriesDay.Became.SKIPPED, at=at, by=by, note="the series ended", fee_cents=fee)
            self.booking.end_if_over(at=at, by=by)

    @property
    def is_going(self) -> bool:
        """Does it make visits, now or after a pause?"""
        return self.state in (self.State.RUNNING, self.State.PAUSED)

    @transition(State.RUNNING, State.PAUSED, to=State.ENDED)
    def stop(self, *, at: datetime, by: User | None) -> None:
        """No further visits are made; those that are booked stand."""
        self.paused_from = self.paused_until = None

    def _extend_soon(self) -> None:
        enqueue("bookings.extend_series", self.pk)

    def _has_left_its_area(self, today: date, until: date) -> bool:
        """Does the co-op come there no more, so that no day is left to plan?"""
        return self.booking.home.zip.next_served(today) is None and not self.occasions(today, until)

    def _horizon(self, at: datetime) -> date:
        today = timezone.localdate(at)
        return today + timedelta(days=SERIES_DAYS_AHEAD.on(today))

    def _refuse_late(self, row: SeriesDay, at: datetime) -> None:
        """What is too near costs something, which its own page says before the click."""
        assert row.visit is not None
        if row.visit.cancellation(at).cents:
            raise Refusal(
                _("The visit on %(day)s is too near to be left out for free. You can still cancel it on its own page.")
                % {"day": date_format(row.day, "DAY_FORMAT")}
            )
