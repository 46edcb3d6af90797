"""What each office may do: named bundles of permissions, in one table. The page *Offices* shows it, rules ask it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from rules.predicates import Predicate

from coop.policies import Text
from members.offices.roles import Role
from members.rules import holds

Kind = Role.Kind


@dataclass(frozen=True)
class Bundle:
    """Some permissions that belong together: what they are in words, and the offices that have them all."""

    words: Text
    offices: tuple[str, ...]
    perms: tuple[str, ...]


BUNDLES = {
    "visits": Bundle(
        _("Plans visits: who comes, when, and what happens if nobody can"),
        (Kind.COORDINATOR,),
        (
            *("bookings.coordinate", "bookings.reschedule_visit", "bookings.cancel_visit", "bookings.miss_visit"),
            *("bookings.give_shift", "bookings.confirm_booking", "bookings.plan_redo", "bookings.set_prices"),
        ),
    ),
    "door": Bundle(
        _("Opens and closes the co-op for bookings, and says how to reach it"),
        (Kind.COORDINATOR, Kind.BOARD),
        ("bookings.hang_doorsign", "members.say_contact"),
    ),
    "money": Bundle(
        _("Sees what went wrong with money, and gives money back"),
        (Kind.TREASURER, Kind.COORDINATOR),
        ("payouts.see_trouble", "bookings.refund_visit"),
    ),
    "pay": Bundle(
        _("Drafts what members are paid, and sends charges and payouts again"),
        (Kind.TREASURER,),
        (
            *("payouts.draft_payrun", "payouts.retry_payout", "payouts.retry_charge", "payouts.retry_refund"),
            "payouts.pay_outside_payout",
        ),
    ),
    "duties": Bundle(
        _("Keeps the duties of the year"),
        (Kind.BOARD, Kind.TREASURER),
        ("members.keep_duties",),
    ),
    "wages": Bundle(
        _("Writes down the least wage that the law asks for"),
        (Kind.TREASURER, Kind.BOARD),
        ("bookings.write_down_leastwage", "bookings.take_back_leastwage"),
    ),
    "register": Bundle(
        _("Reads the register of members"),
        (Kind.MEMBERSHIP, Kind.COORDINATOR, Kind.BOARD, Kind.SAFETY),
        ("members.read_register",),
    ),
    "records": Bundle(
        _("Writes down what members said to be changed"),
        (Kind.MEMBERSHIP, Kind.COORDINATOR),
        ("members.change_member",),
    ),
    "skills": Bundle(
        _("Says what members can do, and keeps their certificates"),
        (Kind.MEMBERSHIP,),
        ("members.give_skills_member", "members.keep_certificates", "members.end_credential"),
    ),
    "joining": Bundle(
        _("Reads applications and why members left"),
        (Kind.MEMBERSHIP, Kind.BOARD),
        ("members.read_applications", "members.read_leaving_reasons"),
    ),
    "candidates": Bundle(
        _("Goes along with candidates"),
        (Kind.MEMBERSHIP, Kind.BOARD, Kind.MENTOR),
        ("members.read_candidates",),
    ),
    "offices": Bundle(
        _("Asks that offices and bodies change; a second person confirms it"),
        (Kind.MEMBERSHIP, Kind.BOARD, Kind.COORDINATOR),
        ("members.change_offices", "members.change_bodies"),
    ),
    "safety": Bundle(
        _("Is told when something is wrong at a home, and talks about it"),
        (Kind.SAFETY,),
        ("bookings.review",),
    ),
    "votes": Bundle(
        _("Looks after votes, and sets aside what went wrong"),
        (Kind.ELECTIONS,),
        ("governance.void_proposal",),
    ),
    "announcements": Bundle(
        _("Writes to members, and sees who has read it"),
        (Kind.COORDINATOR, Kind.TREASURER, Kind.MEMBERSHIP, Kind.SAFETY, Kind.BOARD, Kind.ELECTIONS),
        ("members.send_announcement",),
    ),
}


def of_office(kind: str) -> list[Bundle]:
    """What an office may do."""
    return [bundle for bundle in BUNDLES.values() if kind in bundle.offices]


def has_bundle(name: str) -> Predicate:
    """Somebody whose office has this bundle."""
    return holds(*BUNDLES[name].offices)
