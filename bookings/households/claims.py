"""Bookings with an address that nobody has shown to be theirs: a household of its own that only claims the address.

A typed address is not a person. Until somebody proves it, by signing in with it or by the link that only our mail
carries, such a booking touches and reads nothing of a household that we know.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from bookings.signals import household_taken_over
from coop.errors import Refusal
from coop.models import Event
from members.models import Notice, User

if TYPE_CHECKING:
    from bookings.households.clients import Client
    from bookings.visits.bookings import Booking

FORGOTTEN = timedelta(days=14)
"""How long a household is kept that claims an address, proves nothing, and to which nobody ever came."""


class HouseholdsOf(models.Func):
    """The ids of the households whose do-not-sends count at a client's homes, as the turn and the triggers ask.

    Its own; and, of a client that only claims its address, also those of whoever has that address, and of everybody in
    the same house (`HouseOf`, and the ZIP code).
    """

    function = "bookings_households_of"
    arity = 1
    output_field = ArrayField(models.BigIntegerField())


class HouseOf(models.Func):
    """By what we know a house again within its ZIP code, however its street is written: 12 West 72nd Street is 12 w 72.

    The number, the direction and the first word, each in one spelling; an apartment is no part of it.
    """

    function = "bookings_street"
    arity = 1
    output_field = models.TextField()


@dataclass(frozen=True)
class Kept:
    """What a household keeps of what was told with a booking: how it is at the home, the number, the card."""

    details: bool = False
    phone: bool = False
    card: bool = False


class ClaimedQuerySet(models.QuerySet["Client"]):
    """Lists of households that only claim their address."""

    def claiming(self, user: User) -> "Self":
        """Those that were booked with this person's address, and wait for their word; the latest first."""
        return self.filter(user__in=User.objects.claiming(user.email)).order_by("-pk")

    def by_claim_key(self, key: str) -> "Client | None":
        """The one that this secret key of a mail is about (`Client.claim_key`), if there is any."""
        number = key.partition("-")[0]
        known = self.filter(pk=int(number)) if number.isdecimal() and len(number) < 16 else self.none()
        found = known.select_related("user").first()
        return found if found and constant_time_compare(found.claim_key, key) else None


class Claimed(models.Model):
    """The part of a household that may only claim its address."""

    class Meta:
        abstract = True

    @property
    def is_claimed(self) -> bool:
        """Was this booked with an address that nobody has proven yet?"""
        return bool(self.user.claimed_email)

    @property
    def claim_key(self) -> str:
        """The secret end (96 bits) of the address that our mail carries, and nothing else; empty once it is proven.

        It is derived from the claim and kept nowhere, so it ends with it.
        """
        if not self.is_claimed:
            return ""
        secret = salted_hmac("bookings.claim", f"{self.pk}:{self.user.claimed_email}", algorithm="sha256").digest()
        return f"{self.pk}-{urlsafe_b64encode(secret[:12]).decode()}"

    def household_for(self: "Client", user: User) -> "Client | None":  # type: ignore[misc]
        """To which household of this person it would belong: the one with this home, their own, or a shared one."""
        home = self.homes.order_by("pk")[0]
        place = models.Q(homes__street=home.street, homes__apartment=home.apartment, homes__zip=home.zip_id)
        theirs = type(self).objects.of(user).select_related("user")
        return theirs.own_first(user, home=place).first()

    def take_over(self: "Client", household: "Client | None", *, keep: "Kept", at: datetime, by: User) -> "Client":  # type: ignore[misc]
        """It was us: what was booked belongs to `household` from now on, or is the first household of `by`.

        Refused to whoever has not this address.
        """
        with transaction.atomic():
            list(User.objects.filter(pk__in=[self.user_id, by.pk]).order_by("pk").select_for_update(no_key=True))
            household = household or self.household_for(by)
            both = [self.pk, *([household.pk] if household else [])]
            list(type(self).objects.filter(pk__in=both).order_by("pk").select_for_update())
            self.refresh_from_db()
            if not self.user.claimed_email or self.user.claimed_email != by.email:
                raise Refusal(_("This was settled already."))
            self._write("take_over", at=at, by=by)
            return self._join(household, keep=keep, at=at, by=by) if household else self._become(by, at=at)

    def _become(self: "Client", owner: User, *, at: datetime) -> "Client":  # type: ignore[misc]
        claimant, self.user = self.user, owner
        self.save(update_fields=["user"])
        if not owner.name:
            owner.introduce(name=claimant.name, language=owner.language)
        claimant.pass_to(owner, at=at)
        return self

    def _join(self: "Client", household: "Client", *, keep: "Kept", at: datetime, by: User) -> "Client":  # type: ignore[misc]
        """The rooms above first, for they ask whose it was; nobody comes whom the household does not want."""
        from bookings.households.do_not_send import DoNotSend

        household_taken_over.send(sender=type(self), subject=household, claimed=self, keep_card=keep.card, at=at, by=by)
        for home in self.homes.order_by("pk"):
            home.move_in(household, keep=keep.details, at=at)
        if keep.phone and self.phone:
            household.call_at(self.phone)
        for one in DoNotSend.objects.standing().filter(client__in=[self, household]).order_by("member", "pk"):
            DoNotSend.place(client=household, member=one.member, placer=one.placer, reason=one.reason, at=at, by=by)
        self.user.pass_to(household.user, at=at)
        return household

    def disown(self: "Client", *, at: datetime) -> bool:  # type: ignore[misc]
        """It was not us: we write there no more, and what costs nothing to cancel is cancelled.

        False when something is too near for that: then somebody of the office calls the number that was given.
        Refused when somebody said yes or no already.
        """
        with transaction.atomic():
            if not self.user.disclaim(at=at):
                raise Refusal(_("This was settled already."))
            self._write("disown", at=at, by=None)
            going = [booking for home in self.homes.order_by("pk") for booking in home.bookings.going().with_related()]
            cancelled = [self._cancel(booking, at=at) for booking in going]
            return all(cancelled)

    def _cancel(self, booking: "Booking", *, at: datetime) -> bool:
        """Cancel it if that is free; else whoever booked is to be called, as everybody without an address."""
        try:
            booking.cancel_free(at=at, by=None)
        except Refusal:
            about = {"booking": booking, "visit": booking.first_visit()}
            Notice.post(f"booking_disowned:{booking.pk}", to=self.user, mail="booking_disowned", at=at, about=about)
            return False
        return True

    def _write(self, verb: str, *, at: datetime, by: User | None) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at)
