"""What this room's part of a co-op needs before it can live."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.contact import ContactFacts
from coop.readiness.needs import Need, register
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.standing.founded import FEWEST

OFFICES = (Role.Kind.COORDINATOR, Role.Kind.TREASURER, Role.Kind.BOARD, Role.Kind.MEMBERSHIP, Role.Kind.SAFETY)
"""What somebody has to look after in every co-op."""


def who_mends(need: Need) -> str:
    """The offices that can do something about it, in words; empty where it is the machine's matter."""
    offices = dict(Role.Kind.choices)
    return ", ".join(str(offices[kind]) for kind in need.offices)


def may_mend(user: User, need: Need) -> bool:
    """Does its page lead anywhere for this person? Others read who mends it."""
    return not need.offices or not user.roles.isdisjoint(need.offices)


def _offices_are_held() -> bool:
    held = Role.objects.held(timezone.now()).filter(kind__in=OFFICES)
    return held.values("kind").distinct().count() == len(OFFICES)


def _somebody_is_second() -> bool:
    """Pay is drafted by one and approved by another."""
    return len(Role.objects.holders(timezone.now(), Role.Kind.TREASURER, Role.Kind.BOARD)) > 1


def _has_a_name() -> bool:
    return bool(ContactFacts.known().name) or settings.COOP_NAME != settings.EXAMPLE_NAME


register(
    Need(
        "name",
        _("The co-op has no name of its own yet."),
        _("Say what it is called: until then it bears the name of an example."),
        _has_a_name,
        address="contact_facts",
        offices=(Role.Kind.COORDINATOR, Role.Kind.BOARD),
    ),
    Need(
        "contact",
        _("Nobody can reach the co-op."),
        _("Say its phone number and e-mail address: they stand on every page, in mails and on receipts."),
        lambda: ContactFacts.known().is_known,
        address="contact_facts",
        offices=(Role.Kind.COORDINATOR, Role.Kind.BOARD),
        opens=True,
    ),
    Need(
        "founders",
        _("There are fewer than three members."),
        _("Invite the others with whom you begin."),
        lambda: Member.objects.owners().count() >= FEWEST,
        address="invite_founder",
        opens=True,
    ),
    Need(
        "offices",
        _("Some offices have nobody."),
        _("Share them out among you."),
        _offices_are_held,
        address="share_offices",
        opens=True,
    ),
    Need(
        "second",
        _("Nobody can approve what is paid."),
        _("It takes two people: a treasurer who drafts, and another treasurer or somebody on the board."),
        _somebody_is_second,
        address="share_offices",
    ),
)
