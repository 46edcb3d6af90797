"""What asking for a booking brings about: a household, a home, and people for the visit."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from bookings.households.clients import Client, Home
from bookings.households.do_not_send import DoNotSend
from bookings.matching.errors import NobodyFree
from members.models import User

if TYPE_CHECKING:
    from bookings.visits.quotes import Quote


def household_of(quote: "Quote", *, by: User | None) -> Client | None:
    """Whose booking it is: of the household for which the office books, or of whoever is signed in; else unknown.

    An address that somebody typed says nothing about who they are.
    """
    if quote.client or by is None:
        return quote.client
    place = models.Q(homes__street=quote.street, homes__apartment=quote.apartment, homes__zip=quote.zip)
    return Client.objects.of(by).select_related("user").own_first(by, home=place).first()


def home_of(quote: "Quote", *, at: datetime, by: User | None) -> Home:
    """The home of a quote, with its client: known, or new to whoever is signed in, or that only claims its address."""
    known = household_of(quote, by=by)
    if known is None:
        user = by or User.objects.claim(quote.email, quote.name, language=quote.language, at=at)
        known = Client.objects.create(user=user, phone=quote.phone, since=at)
    elif quote.phone:
        known.call_at(quote.phone)
    home = Home.at(known, street=quote.street, apartment=quote.apartment, zip=quote.zip)
    changed = home.describe(pets=quote.pets, supplies=quote.supplies, spoken=quote.spoken)
    if quote.access_note:
        home.access_note, home.note_told_at = quote.access_note.open(), at
        changed += ["access_note", "note_told_at"]
        quote.access_note = ""  # kept with the home from now on, and nowhere else
        quote.save(update_fields=["access_note"])
    if changed:
        home.save(update_fields=changed)
    return home


def keep_time(quote: "Quote", client: Client, *, at: datetime, until: datetime) -> None:
    """Keep the time for the booking of a client, anew if it is not kept any more or with somebody they do not want.

    Raises NobodyFree. The date is locked already. Nobody is at the visit before it stands (`Booking.confirm`).
    """
    unwelcome = DoNotSend.objects.standing().of_household(client).values("member")
    kept = quote.shifts.kept_for(quote, at=at).exclude(member__in=unwelcome)
    if kept.update(held_until=until) == quote.crew:
        return
    if not quote.is_still_open(at):
        raise NobodyFree
    assert quote.starts_at is not None
    quote.shifts.model.objects.lock_days((quote.starts_at, quote.zone), at=at)
    quote.hold(at=at, until=until, client=None if client.is_claimed else client)
