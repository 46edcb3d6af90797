"""A table of clients: what of it is new, what is known, and what cannot be taken; then all of it or nothing."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.catalog.areas import served
from bookings.households.clients import Client, Home
from bookings.households.forgotten import marks
from bookings.imports.rows import COLUMNS, ClientRowForm
from coop.errors import Refusal
from coop.models import Event, ZipCode
from coop.typed.folding import folded
from coop.web.csv_import import MOST_BEFORE, Column, Problem, Row, faults, in_order, read
from members.models import User

MOST_ROWS = 3000
NOBODYS = 0
"""The number under which it is written down that a table was imported, among the events of clients."""
Facts = dict[str, Any]
Place = tuple[str, str, str]
"""A home as it is known again: its street and apartment, folded, and its ZIP code."""


@dataclass
class Household:
    """The lines of one household: who it is, `client` if we know it, and which of its homes are new."""

    said: Facts
    first: Row
    user: User | None = None
    client: Client | None = None
    known: set[Place] = field(default_factory=set)
    homes: list[Facts] = field(default_factory=list)

    @property
    def marks(self) -> list[str]:
        """By what they would be known again if they had asked to be forgotten."""
        return marks(email=self.said["email"], phone=str(self.said["phone"] or ""), name=self.said["name"])


@dataclass(frozen=True)
class Imported:
    """How many there are of each: new households, new homes, and lines that say what we know."""

    clients: int
    homes: int
    known: int

    def __str__(self) -> str:
        return f"+{self.clients} clients, +{self.homes} homes ({self.known} known)"

    @classmethod
    def noted(cls, note: str) -> "Imported":
        """As it was written down."""
        return cls(*map(int, re.findall("[0-9]+", note)))

    @property
    def words(self) -> str:
        """The same for people, in the language of the page."""
        return _("New clients %(clients)d, new homes %(homes)d, known already %(known)d.") % vars(self)


class ClientTable:
    """A text as a table of households. Questions to the database are as many for one line as for a thousand."""

    def __init__(self, text: str) -> None:
        table = read(text, COLUMNS, most_rows=MOST_ROWS)
        self.problems = list(table.problems)
        self.known = 0
        said = [(row, form.cleaned_data) for row in table.rows if (form := self._understood(row))]
        said = self._in_our_areas(said)
        self.households = self._gathered(said)
        self._look_up()
        for row, facts in said:
            self._place(row, facts)
        self.problems, self.counts = in_order(self.problems), self._counted()

    def _counted(self) -> Imported:
        new = [one for one in self.households.values() if one.homes]
        return Imported(sum(one.client is None for one in new), sum(len(one.homes) for one in new), self.known)

    def _understood(self, row: Row) -> ClientRowForm | None:
        form = ClientRowForm(row.cells)
        if form.is_valid():
            return form
        self.problems += faults(row, form, COLUMNS)
        return None

    def _refuse(self, row: Row, key: str, why: str) -> None:
        column: Column = next(one for one in COLUMNS if one.key == key)
        self.problems.append(Problem(row.line, str(column.name), row.cells.get(key, ""), why))

    def _in_our_areas(self, said: list[tuple[Row, Facts]]) -> list[tuple[Row, Facts]]:
        """The lines whose ZIP code becomes its area; those where we do not work are named."""
        today = timezone.localdate()
        areas = ZipCode.objects.served_from(today).in_bulk({facts["zip"] for _row, facts in said})
        far = [row for row, facts in said if facts["zip"] not in areas]
        words = {"areas": ", ".join(served(today))} if far else {}
        for row in far:
            self._refuse(row, "zip", _("We do not come there yet. Our areas: %(areas)s.") % words)
        return [(row, facts | {"zip": areas[facts["zip"]]}) for row, facts in said if facts["zip"] in areas]

    def _gathered(self, said: list[tuple[Row, Facts]]) -> dict[tuple[str, str], Household]:
        """The households, by e-mail, else by phone and name. One address with two names is nobody's."""
        found: dict[tuple[str, str], Household] = {}
        for row, facts in said:
            one = found.setdefault(_key(facts), Household(facts, row))
            if folded(one.said["name"]) != folded(facts["name"]):
                words = {"line": one.first.line, "name": one.said["name"]}
                self._refuse(row, "name", _("Line %(line)d has this e-mail address with the name %(name)s.") % words)
        return found

    def _look_up(self) -> None:
        """Whom we know: by an account with that address, by an earlier table, or by phone and name."""
        emails = [email for email, name in self.households if not name]
        for user in User.objects.filter(email__in=emails):
            self.households[user.email, ""].user = user
        before = Client.objects.exclude(imported_at=None).filter(user__claimed_email__in=emails)
        own = Client.objects.filter(user__email__in=emails)
        theirs: dict[int, Household] = {}
        for client in (*before.select_related("user"), *self._called(), *own.select_related("user")):
            for key in ((client.user.address, ""), (str(client.phone), folded(client.user.name))):
                if one := self.households.get(key):
                    one.client, theirs[client.pk] = client, one
        for home in Home.objects.filter(client__in=theirs):
            theirs[home.client_id].known.add((folded(home.street), folded(home.apartment), home.zip_id))
        self._leave_out_the_forgotten()

    def _leave_out_the_forgotten(self) -> None:
        """Whoever asked to be forgotten does not come back with an old table, unless they came back themselves."""
        new = [one for one in self.households.values() if one.user is None and one.client is None]
        theirs = {mark: one for one in new for mark in one.marks}
        gone = Client.objects.filter(forgotten_as__overlap=list(theirs)).values_list("forgotten_as", flat=True)
        found = {theirs[mark].first.line: theirs[mark] for marks in gone for mark in marks if mark in theirs}
        for one in found.values():
            self._refuse(one.first, "name", _("They asked to be forgotten. Please take their lines out of the table."))

    def _called(self) -> list[Client]:
        """Those that we know by their phone. Whoever has no address there brings none here: it would be another."""
        by_phone = {(str(one.said["phone"]), folded(one.said["name"])): one for one in self.households.values()}
        phones = {phone for phone, _name in by_phone if phone}
        called = list(Client.objects.filter(phone__in=phones, user__is_active=True).select_related("user"))
        for client in called:
            one = by_phone.get((str(client.phone), folded(client.user.name)))
            if one and one.said["email"] and not client.user.address:
                told = _("They are on our list without an e-mail address. Please leave it empty here, too.")
                self._refuse(one.first, "email", told)
        return called

    def _place(self, row: Row, facts: Facts) -> None:
        """A home that is new is put with its household; one that is known is counted."""
        one = self.households[_key(facts)]
        place = (folded(facts["street"]), folded(facts["apartment"]), facts["zip"].pk)
        if place in one.known:
            self.known += 1
            return
        one.known.add(place)
        one.homes.append({name: facts[name] for name in ("street", "apartment", "zip")})


def _key(facts: Facts) -> tuple[str, str]:
    return (facts["email"], "") if facts["email"] else (str(facts["phone"]), folded(facts["name"]))


def import_clients(text: str, *, at: datetime, by: User) -> Imported:
    """Put every household and home of a table on the list that is not there yet: all, or (Refusal) none.

    Whoever has an account with an address is that person; any other address is only claimed, until somebody signs in
    with it. Nobody is written to. Of two at once, the second finds what the first has brought.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bookings.import_clients'))")
            table = ClientTable(text)
            if table.problems:
                raise Refusal(_("Something has changed meanwhile. Please look it over once more."))
            new = [one for one in table.households.values() if one.homes]
            if new:
                _keep(new, at=at, by=by)
                _write(NOBODYS, at=at, by=by, note=str(table.counts)).save()
            return table.counts
    except IntegrityError as trouble:
        raise Refusal(_("Something has changed meanwhile. Please look it over once more.")) from trouble


def _keep(new: list[Household], *, at: datetime, by: User) -> None:
    strangers = [one for one in new if one.user is None and one.client is None]
    for one, user in zip(strangers, User.objects.bulk_create(_person(one, at=at) for one in strangers), strict=True):
        one.user = user
    first = [one for one in new if one.client is None]
    made = [Client(user=one.user, phone=one.said["phone"] or "", since=at, imported_at=at) for one in first]
    for one, client in zip(first, Client.objects.bulk_create(made), strict=True):
        one.client = client
    Home.objects.bulk_create(Home(client=one.client, **home) for one in new for home in one.homes)
    events = (_write(one.client.pk, at=at, by=by, note=f"+{len(one.homes)} homes") for one in new if one.client)
    Event.objects.bulk_create(events)


def _person(one: Household, *, at: datetime) -> User:
    said = one.said
    facts = {"name": said["name"], "language": said["language"], "joined_at": at, "password": make_password(None)}
    return User(claimed_email=said["email"], **facts)


def _write(subject: int, *, at: datetime, by: User, note: str) -> Event:
    return Event(kind=Client._meta.label_lower, subject=subject, verb="import", actor=by, at=at, note=note)


def imports_before() -> list[tuple[Event, str]]:
    """The last tables that were imported: when and by whom, and in words how much came of it."""
    found = Event.objects.filter(kind=Client._meta.label_lower, subject=NOBODYS, verb="import")
    last = found.select_related("actor").order_by("-at", "-pk")[:MOST_BEFORE]
    return [(event, Imported.noted(event.note).words) for event in last]
