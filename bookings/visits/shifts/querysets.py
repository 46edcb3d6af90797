"""Which shifts somebody asks about: what is kept, unfilled, on the board, late."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models.functions import TruncDate
from django.utils import timezone

from bookings.matching.rotation import lock_date
from bookings.matching.slots import slot_at
from bookings.policies import FORGOTTEN_MINUTES
from bookings.states import GOING, BookingState, OfferState, ShiftState
from bookings.visits.shifts.base import ShiftBase
from bookings.visits.shifts.vacancies import Vacancy, entered, vacancy_sql
from coop.models import Event
from members.models import Credential, Member, User
from members.standing.meaning import ASKED, KEEPING
from members.standing.standings import Stretch

if TYPE_CHECKING:
    from bookings.visits.quotes import Quote
    from bookings.visits.shifts.shifts import Shift  # noqa: F401 - named in the base of the class below
    from bookings.visits.visits import Visit

State = ShiftBase.State
LATE = timedelta(minutes=15)
EXPLAINED_ALL = {"coordinator", "board"}
"""The roles that read how every turn was decided."""
ASK_AGAIN = timedelta(hours=1)
A_DAY = timedelta(days=1)


class ShiftQuerySet(models.QuerySet["Shift"]):
    def lapsed(self, at: datetime) -> "ShiftQuerySet":
        """Times kept for somebody who did not go on to book."""
        return self.filter(state=State.HELD, visit=None, held_until__lte=at)

    def around(self, *moments: datetime) -> "ShiftQuerySet":
        """Those that could touch a shift at one of these moments."""
        if not moments:
            return self.none()
        near = (models.Q(starts_at__gt=moment - A_DAY, starts_at__lt=moment + A_DAY) for moment in moments)
        return self.filter(reduce(or_, near))

    def lock_days(self, *days: tuple[datetime, ZoneInfo], at: datetime) -> None:
        """Queue behind whoever assigns shifts of these days; then times that were kept around and lapsed fall away.

        Taken before any row: first all of the days, in their order, so that nobody waits in a circle.
        """
        for moment, zone in sorted(days, key=lambda day: day[0]):
            lock_date(moment, zone)
        self.lapsed(at).around(*(moment for moment, _zone in days)).delete_holds()

    def coming(self) -> "ShiftQuerySet":
        """Those whose member said that they come, or came."""
        return self.filter(state__in=ShiftBase.COMING)

    def begun(self) -> "ShiftQuerySet":
        """Those whose member is there, or was to the end."""
        return self.filter(state__in=ShiftBase.BEGUN)

    def standing(self) -> "ShiftQuerySet":
        """All but those that are off: nothing more is to be done for them, and they were not done."""
        return self.exclude(state__in=ShiftBase.OFF)

    def going_on(self) -> "ShiftQuerySet":
        """Those of a visit that is not over, in a booking that stands."""
        return self.filter(visit__state__in=GOING, visit__booking__state=BookingState.CONFIRMED)

    def kept(self) -> "ShiftQuerySet":
        """Those whose time is only kept, for whoever is about to book."""
        return self.filter(state=State.HELD)

    def kept_for(self, quote: "Quote", *, at: datetime) -> "ShiftQuerySet":
        """The people whose time is still kept for what a quote chose."""
        assert quote.starts_at is not None
        return self.filter(quote=quote, visit=None, state=State.HELD, starts_at=quote.starts_at, held_until__gt=at)

    def open_for(self, visit: "Visit", quote: "Quote", *, at: datetime) -> None:
        """The visit of a quote stands: a shift for each of its crew, in place of the times that were kept."""
        self.filter(quote=quote).delete_holds()
        times = slot_at(visit.starts_at, visit.minutes, quote.crew, at=at).times
        of_the_visit = {"visit": visit, "state": State.OPEN, "zip": visit.booking.home.zip}
        self.model.objects.bulk_create(self.model(**of_the_visit, **times) for _one in range(quote.crew))

    def delete_holds(self) -> None:
        """Forget times that were only kept; nothing hangs on them, so one statement does it.

        What somebody else is letting go at this moment is left to them, so that nobody waits in a circle.
        """
        with transaction.atomic(savepoint=False):
            kept = self.filter(state=State.HELD, visit=None).select_for_update(skip_locked=True)
            self.model._default_manager.filter(pk__in=kept.values("pk"))._raw_delete(self.db)

    def vacant(self, at: datetime) -> "ShiftQuerySet":
        """Confirmed work that nobody has accepted yet, each with its `vacancy_now` (`Vacancy`)."""
        nobody = self.filter(state__in=[State.OPEN, State.OFFERED], visit__booking__state=BookingState.CONFIRMED)
        return nobody.annotate(vacancy_now=vacancy_sql(at))

    def unfilled(self, at: datetime) -> "ShiftQuerySet":
        """Confirmed work to come that nobody has accepted yet, soonest first."""
        return self.vacant(at).filter(ends_at__gt=at).order_by("starts_at", "pk")

    def to_ask(self, at: datetime) -> "ShiftQuerySet":
        """Open shifts for which nobody was asked, or not for an hour, or not since all are asked at once."""
        new = models.Q(vacancy_now__in=[Vacancy.NEXT, Vacancy.ALL], asked_at=None)
        again = models.Q(vacancy_now__in=[Vacancy.BOARD, Vacancy.ALL], asked_at__lte=at - ASK_AGAIN)
        near = models.Q(entered(at), vacancy_now=Vacancy.ALL)
        return self.vacant(at).filter(new | again | near).exclude(pk__in=self.just_passed().values("pk"))

    def just_passed(self) -> "ShiftQuerySet":
        """Those whose last answer can still be undone, or goes on to the next person by itself."""
        return self.filter(offers__state=OfferState.PASSED, offers__undo_until__isnull=False)

    def on_board(self, at: datetime) -> "ShiftQuerySet":
        """Open shifts for which the turn found nobody, or has no time any more: whoever can may take one."""
        theirs = models.Q(vacancy_now__in=[Vacancy.BOARD, Vacancy.ALL])
        return self.vacant(at).filter(theirs).order_by("starts_at", "pk")

    def overdue(self, at: datetime) -> "ShiftQuerySet":
        """Shifts that should have begun and did not: the time has come with nobody, or a worker is late."""
        with_nobody = models.Q(state__in=[ShiftState.OPEN, ShiftState.OFFERED], starts_at__lte=at)
        late = models.Q(state=ShiftState.ACCEPTED, starts_at__lte=at - LATE, assigned_at__lte=at - LATE)
        return self.going_on().filter(with_nobody | late).order_by("starts_at", "pk")

    def forgotten(self, at: datetime) -> "ShiftQuerySet":
        """Half an hour (a policy) after its planned end nobody has said that somebody's part is over."""
        since = at - timedelta(minutes=FORGOTTEN_MINUTES.on(timezone.localdate(at)))
        return (
            self.going_on()
            .filter(state__in=[State.ACCEPTED, State.STARTED], ends_at__lte=since)
            .order_by("starts_at", "pk")
        )

    def left_behind(self, at: datetime) -> "ShiftQuerySet":
        """Work to come that somebody has or is asked for who, on its day, neither keeps what they have nor is asked."""
        theirs = self.filter(starts_at__gt=at).alias(day=TruncDate("starts_at"))
        there = Stretch.objects.filter(member=models.OuterRef("member"), days__contains=models.OuterRef("day"))
        keeps, asked = there.filter(state__in=KEEPING), there.filter(state__in=ASKED)
        return theirs.filter(
            models.Q(~models.Exists(keeps), state=State.ACCEPTED) | models.Q(~models.Exists(asked), state=State.OFFERED)
        )

    def without_credential(self, at: datetime) -> "ShiftQuerySet":
        """Work to come that somebody said yes to, who on its day does not hold the certificate it needs; soonest first.

        Until that day a newer one can be shown, else somebody else has to go.
        """
        theirs = self.filter(starts_at__gt=at, state=State.ACCEPTED, visit__isnull=False)
        needing = theirs.exclude(visit__booking__service__credential="").alias(day=TruncDate("starts_at"))
        held = Credential.objects.filter(
            models.Q(expires_on=None) | models.Q(expires_on__gt=models.OuterRef("day")),
            member=models.OuterRef("member"),
            kind=models.OuterRef("visit__booking__service__credential"),
            issued_on__lte=models.OuterRef("day"),
        )
        return needing.filter(~models.Exists(held)).order_by("starts_at", "pk")

    def of(self, member: Member) -> "ShiftQuerySet":
        return self.filter(member=member)

    def once_of(self, member: Member) -> "ShiftQuerySet":
        """Those that this member has or had: nobody else's door is theirs to tap at."""
        did = Event.objects.filter(kind="bookings.shift", actor=member.user_id).values("subject")
        said_yes = self.model.objects.filter(offers__member=member, offers__state=OfferState.ACCEPTED).values("pk")
        mine = models.Q(member=member) | models.Q(pk__in=said_yes) | models.Q(pk__in=did)
        return self.filter(mine, visit__isnull=False)

    def visible_to(self, user: User) -> "ShiftQuerySet":
        """Every shift of a visit, to all who belong to the co-op, for what its own rule lets them do with it."""
        return self.filter(visit__isnull=False) if user.works else self.none()

    def explained_to(self, user: User) -> "ShiftQuerySet":
        """Those about which this person may read whose turn it was: their own and those they were asked for.

        All of them for whoever coordinates or is on the board. What was withdrawn is nobody's any more: what becomes
        of it later would tell why.
        """
        seen = self.visible_to(user)
        if user.roles & EXPLAINED_ALL:
            return seen
        answered = [OfferState.MADE, OfferState.PASSED, OfferState.EXPIRED]
        asked = self.model.objects.filter(offers__member=user.membership, offers__state__in=answered).values("pk")
        return seen.filter(models.Q(member=user.membership) | models.Q(pk__in=asked))

    def with_related(self) -> "ShiftQuerySet":
        return self.select_related(
            *ShiftBase.WHOLE, "member__user", "visit__booking__quote", "visit__redo_of"
        ).prefetch_related("visit__booking__extras")
