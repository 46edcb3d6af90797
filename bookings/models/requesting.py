"""What asking for a booking brings about: an account, a household, a home, and people for the visit."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction

from bookings.models.clients import Client, Home
from bookings.models.guards import DoNotSend
from members.models import User

if TYPE_CHECKING:
    from bookings.models.quotes import Quote
    from bookings.models.visits import Visit


def home_of(quote: "Quote", *, at: datetime, by: User | None) -> Home:
    """The home of a quote, with its client; somebody new gets an account that a code by e-mail opens.

    For whom the office books is known, with or without an e-mail address.
    """
    if quote.client:
        return _known_home(quote, quote.client, at=at, by=by)
    address = quote.email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        try:
            with transaction.atomic():
                return _newcomers_home(quote, at=at)
        except IntegrityError:  # the same person booked something else at this moment
            user = User.objects.get(email=address)
    return _known_home(quote, _client_of(quote, user, at=at), at=at, by=by)


def _newcomers_home(quote: "Quote", *, at: datetime) -> Home:
    user = User.objects.create_user(quote.email, quote.name, language=quote.language)
    client = Client.objects.create(user=user, phone=quote.phone, since=at)
    home = Home(client=client, street=quote.street, apartment=quote.apartment, zip=quote.zip)
    home.describe(pets=quote.pets, supplies=quote.supplies, spoken=quote.spoken)
    if quote.access_note:
        home.access_note, home.note_told_at = quote.access_note.open(), at
    home.save()
    _forget_note(quote)
    return home


def _client_of(quote: "Quote", user: User, *, at: datetime) -> Client:
    """The household that books: the one that has this home, else the person's own, else one that they belong to."""
    place = models.Q(homes__street=quote.street, homes__apartment=quote.apartment, homes__zip=quote.zip)
    found = Client.objects.of(user).select_related("user").own_first(user, home=place).first()
    return found or Client.objects.get_or_create(user=user, defaults={"phone": quote.phone, "since": at})[0]


def _known_home(quote: "Quote", client: Client, *, at: datetime, by: User | None) -> Home:
    """Only who is signed in, or the office for them, changes the phone number or the note that is known already.

    A stranger's note and pets are added.
    """
    theirs = client == quote.client or client.includes(by)
    if theirs and quote.phone:
        client.call_at(quote.phone)
    home = Home.at(client, street=quote.street, apartment=quote.apartment, zip=quote.zip)
    pets = quote.pets if theirs else {*home.pets, *quote.pets}
    changed = home.describe(pets=pets, supplies=quote.supplies, spoken=quote.spoken)
    if quote.access_note:
        known, told = home.access_note.open(), quote.access_note.open()
        home.access_note = told if theirs or not known else known if told in known else f"{known}\n{told}"
        home.note_told_at = at
        changed += ["access_note", "note_told_at"]
        _forget_note(quote)
    if changed:
        home.save(update_fields=changed)
    return home


def _forget_note(quote: "Quote") -> None:
    """The note is kept with the home from now on, and nowhere else."""
    if quote.access_note:
        quote.access_note = ""
        quote.save(update_fields=["access_note"])


def staff(quote: "Quote", visit: "Visit", *, at: datetime, until: datetime) -> None:
    """Give the visit the people whose time is kept; the turn decides anew where one must not go there, or none is.

    Raises NobodyFree. The date is locked already.
    """
    from bookings.models.shifts import Shift

    client = visit.booking.home.client
    unwelcome = DoNotSend.objects.standing().filter(client=client).values("member")
    kept = Shift.objects.kept_for(quote, at=at).exclude(member__in=unwelcome)
    if kept.update(visit=visit, held_until=until) == quote.crew:
        return
    visit.shifts.update(visit=None)
    if not quote.is_still_open(at):
        raise Shift.NobodyFree
    held = quote.hold(at=at, until=until, client=client)
    Shift.objects.filter(pk__in=[shift.pk for shift in held]).update(visit=visit)
