"""Who knows the home of a series, and what its client hears when somebody else comes.

Everything here goes by who has which visits, never by why: somebody who must not go there, who left, who is ill or
who is merely busy looks the same to whoever reads about it.
"""

from datetime import datetime
from typing import TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

from bookings.series.series_base import SeriesBase
from bookings.states import OfferState, SeriesState, VisitState
from bookings.visits.shifts.shifts import Shift
from coop.states import all_or_nothing
from members.models import Member, Notice, User

Found = TypeVar("Found", bound="models.QuerySet[models.Model]")
KEEPS = (Shift.State.OFFERED, Shift.State.ACCEPTED, Shift.State.STARTED)


def without_their_regular(found: Found, at: datetime) -> Found:
    """Of these series, those whose regular person has no visit to come while others have."""
    coming = Shift.objects.filter(
        visit__booking=OuterRef("booking"), visit__state=VisitState.SCHEDULED, starts_at__gt=at
    )
    others = coming.filter(state=Shift.State.ACCEPTED).exclude(member=OuterRef("regular"))
    theirs = coming.filter(state__in=KEEPS, member=OuterRef("regular"))
    not_asked_yet = coming.filter(state=Shift.State.OPEN, asked_at=None)
    known = found.filter(Exists(others), regular__isnull=False)
    return known.exclude(Exists(theirs)).exclude(Exists(not_asked_yet))


class WithRegular(SeriesBase):
    """Whoever takes a visit while there is no regular person becomes it, and the later visits are theirs, too."""

    class Meta:
        abstract = True

    def set_regular(self, member: Member, *, at: datetime) -> None:
        """Whoever takes a visit while there is no regular person becomes it, and the visits to come are theirs."""
        free = type(self)._base_manager.filter(pk=self.pk, regular=None)
        if not free.exclude(state=SeriesState.ENDED).update(regular=member):
            return
        self.regular = member
        self.record_event("set_regular", at=at, by=member.user)
        self.ask_soon()

    def hand_over(self, *, at: datetime) -> None:
        """The next who comes is the regular person from now on, and the client hears so. Twice is once."""
        with all_or_nothing(self):
            self.lock()
            stands = without_their_regular(type(self)._base_manager.filter(pk=self.pk), at).exists()
            following = self._to_come(at).filter(state=Shift.State.ACCEPTED).order_by("starts_at", "pk").first()
            if not stands or following is None:
                return
            self._become(following.member, at=at, by=None, verb="hand_over")
            self._tell_of_the_regular(following, at=at)

    def give_back(self, shift: Shift, *, at: datetime, by: User, note: str) -> None:
        """Whoever has this shift does not come any more: it and all their later ones go on in turn, all or nothing."""
        with all_or_nothing(self):
            self.lock()
            if self.regular_id == shift.member_id:
                self._become(None, at=at, by=by, verb="give_back")
            later = self._to_come(at).filter(member=shift.member, state=Shift.State.ACCEPTED).exclude(pk=shift.pk)
            for one in [shift, *later.order_by("starts_at", "pk")]:
                one.release(at=at, by=by, note=note)

    def clear_regular(self, shift: Shift, *, at: datetime, by: User) -> None:
        """The yes to this shift, which made somebody the regular person, is taken back: later visits wait as before."""
        self.regular = None
        self.save(update_fields=["regular"])
        self.record_event("clear_regular", at=at, by=by)
        later = self._to_come(at).filter(member=shift.member, state=Shift.State.ACCEPTED).exclude(pk=shift.pk)
        for one in later.order_by("starts_at", "pk"):
            for yes in one.offers.filter(state=OfferState.ACCEPTED, member=shift.member, undo_until=None):
                yes.revoke(at=at, by=by)

    def _to_come(self, at: datetime) -> "models.QuerySet[Shift]":
        coming: models.QuerySet[Shift] = Shift.objects.filter(
            visit__booking=self.booking, visit__state=VisitState.SCHEDULED, starts_at__gt=at
        )
        return coming.select_related("visit", "member__user")

    def _become(self, member: Member | None, *, at: datetime, by: User | None, verb: str) -> None:
        self.regular, self.waits_until = member, at
        self.save(update_fields=["regular", "waits_until"])
        self.record_event(verb, at=at, by=by)

    def _tell_of_the_regular(self, following: Shift, *, at: datetime) -> None:
        assert following.visit is not None
        following.visit.let_decide(at=at)
        about = {"series": self, "booking": self.booking, "visit": following.visit, "member": following.member}
        key = f"series_regular:{self.pk}:{following.pk}:{following.member_id}"
        Notice.post(key, to=self.booking.client.user, mail="series_regular", at=at, about=about)
