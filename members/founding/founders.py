"""The first members of a co-op, who are there before anybody can be voted in."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coop.contact import ContactFacts
from coop.errors import Refusal
from coop.models import ZipCode
from coop.postal_areas import of_county, work_in
from members.appointing.office_changes import OfficeChange, holds_between
from members.founding.setup_keys import SetupKey
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.standing.decisions import FOUNDING, SHARED
from members.standing.founded import is_founded


def lock_founding() -> None:
    """In a transaction: of two at once who found the co-op, or end its founding, the second sees what the first did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.founding'))")


def check_founding() -> None:
    """Refuse, in a transaction, what only those may do who are founding the co-op."""
    lock_founding()
    if is_founded():
        raise Refusal(_("The co-op is founded: from now on this goes the way of all its members."))


def found_coop(
    key: SetupKey,
    person: User | None,
    *,
    email: str = "",
    name: str,
    language: str,
    zip: ZipCode,
    offices: Iterable[str],
    called: str = "",
    at: datetime,
) -> Member:
    """The first person becomes a member with these offices, and the address of setting up is used up.

    `person` is whoever is signed in, else somebody new with this address; of two at once nothing of the second stays.
    Until somebody says otherwise, the co-op works in the county where they live, counts its days in that time zone, and
    speaks their language first. `called` is its name.
    """
    areas = of_county(zip.state, zip.county)  # before the transaction: reading the long list of all areas takes a while
    with transaction.atomic():
        person = person or User.objects.meet(email, name, language=language)
        person.introduce(name=name, language=language)
        key.claim(at=at, by=person)
        work_in(areas)
        known = {"name": called} if called else {}
        ContactFacts.say(zone=zip.zone, language=language, **known, at=at, by=person)
        return make_founder(person, home=zip, offices=offices, at=at)


@transaction.atomic
def make_founder(person: User, *, home: ZipCode, offices: Iterable[str], at: datetime) -> Member:
    """A member from this day on, who holds these offices. Twice is once; refused for somebody who has left."""
    known, today = Member.objects.filter(user=person).first(), timezone.localdate(at)
    member = known or Member.objects.take_in(person, zip=home, on=today, at=at, by=person, note=FOUNDING)
    if member.state_on(today) == Member.State.FORMER:
        raise Refusal(_("They left the co-op: nobody holds an office who is not a member."))
    if member.state_on(today) == Member.State.CANDIDATE:
        member.admit(at=at, by=person, note=FOUNDING)
    for kind in offices:
        seat(member, kind, at=at)
    return member


def seat(member: Member, kind: str, *, at: datetime) -> bool:
    """Give a founder an office from today on; False if they hold it already.

    Refused where they hold it from a later day on.
    """
    if Role.objects.held(at).filter(member=member, kind=kind).exists():
        return False
    today = timezone.localdate(at)
    if holds_between(member, kind, today, None):
        raise Refusal(_("They hold that office in these days already."))
    Role.objects.create(member=member, kind=kind, starts_on=today)
    return True


@transaction.atomic
def share_offices(chosen: Mapping[Member, Collection[str]], *, at: datetime, by: User) -> None:
    """Give each founder these offices and no others, from now on; whoever else it is about is told.

    Refused once the co-op is founded, and where somebody holds an office from a later day on.
    """
    check_founding()
    for member, kinds in chosen.items():
        held = {role.kind: role for role in Role.objects.held(at).filter(member=member)}
        for kind in sorted(set(kinds) - held.keys()):
            OfficeChange.agree(member, kind, decision=SHARED, at=at, by=by)
        for kind in sorted(held.keys() - set(kinds)):
            OfficeChange.agree(member, kind, term=held[kind], decision=SHARED, at=at, by=by)
