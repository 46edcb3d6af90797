"""What the members may change by vote about prices, shares, booking and turns."""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coop.policies import (
    CENTS,
    CENTS_PER_HOUR,
    COUNT,
    DAYS,
    HOUR_OF_DAY,
    HOURS,
    METERS,
    MINUTES,
    SHARE,
    Policy,
    PolicyConstraint,
    Text,
    values,
)

UP_AND_GO = "Up & Go, New York: public FAQ"
HOUSE = _("Founding members")

PAY_FLOOR = Policy(
    "bookings.pay_floor", _("Least pay for an hour of work"), CENTS_PER_HOUR, 2225, 1500, 10000, UP_AND_GO
)


def _share(key: str, label: Text, default: Fraction) -> Policy[Fraction]:
    return Policy(f"bookings.{key}_share", label, SHARE, default, Fraction(0), Fraction(1), UP_AND_GO)


WORKER_SHARE = _share("worker", _("The worker's part of a price"), Fraction(95, 100))
OPERATIONS_SHARE = _share("operations", _("The part for running the co-op"), Fraction(4, 100))
RESERVE_SHARE = _share("reserve", _("The part for the shared reserve"), Fraction(1, 200))
UPKEEP_SHARE = _share("upkeep", _("The part for the people who build this software"), Fraction(1, 200))
SHARES = (WORKER_SHARE, OPERATIONS_SHARE, RESERVE_SHARE, UPKEEP_SHARE)
"""A card payment costs about 3.15 % of what visits cost (2.9 % and 30 cents); running the co-op pays that, and has to
have something left."""
PolicyConstraint(
    SHARES, lambda shares: sum(shares.values()) == 1, _("The parts of a price must add up to exactly 100%.")
)
PolicyConstraint(
    SHARES[:1],
    lambda shares: shares[WORKER_SHARE.key] >= Fraction(1, 2),
    _("The worker's part of a price must be at least half."),
)

LEAD_HOURS = Policy("bookings.lead_hours", _("Shortest notice for a booking"), HOURS, 24, 1, 168, HOUSE)
HORIZON_DAYS = Policy("bookings.horizon_days", _("How far ahead one can book"), DAYS, 60, 7, 365, HOUSE)
HOLD_MINUTES = Policy("bookings.hold_minutes", _("How long a chosen time is kept"), MINUTES, 10, 5, 60, HOUSE)
MOST_HOLDS = Policy("bookings.most_holds", _("Times kept at once for one visitor"), COUNT, 3, 1, 50, HOUSE)
CHECKOUT_MINUTES = Policy("bookings.checkout_minutes", _("Time to save a card"), MINUTES, 15, 5, 60, HOUSE)
AT_RISK_HOURS = Policy("bookings.at_risk_hours", _("Time to mend a declined card"), HOURS, 24, 1, 72, HOUSE)
FREE_CANCEL_HOURS = Policy(
    "bookings.free_cancel_hours", _("Free to cancel until so long before"), HOURS, 24, 0, 168, UP_AND_GO
)
WAITLIST_MINUTES = Policy(
    "bookings.waitlist_minutes",
    _("How long a time that opened is kept for a household on the waitlist"),
    MINUTES,
    30,
    10,
    240,
    HOUSE,
)
LATE_HOURS = Policy(
    "bookings.late_hours", _("Cancelling costs the whole price from so long before"), HOURS, 2, 0, 168, UP_AND_GO
)
LATE_FEE = Policy("bookings.late_fee", _("Fee for cancelling late"), CENTS, 2500, 0, 20000, UP_AND_GO)
THINK_MINUTES = Policy(
    "bookings.think_minutes", _("Free to cancel for so long after booking"), MINUTES, 15, 0, 1440, HOUSE
)
CANCELLING: tuple[Policy[int], ...] = (FREE_CANCEL_HOURS, LATE_HOURS, LATE_FEE, THINK_MINUTES)
LOCK_OUT_CONTACTS = Policy(
    "bookings.lock_out_contacts", _("Tries to reach a client who does not open"), COUNT, 3, 1, 10, HOUSE
)
LOCK_OUT_MINUTES = Policy(
    "bookings.lock_out_minutes", _("How long to wait for a client who does not open"), MINUTES, 20, 5, 120, HOUSE
)
MOST_LOCK_OUT = Policy(
    "bookings.most_lock_out", _("The most a client owes who does not open"), CENTS, 20000, 0, 100000, HOUSE
)
LATE_WORKER_MINUTES = Policy(
    "bookings.late_worker_minutes", _("Ask whoever was to come, so long after the start"), MINUTES, 10, 1, 60, HOUSE
)
LATE_OFFICE_MINUTES = Policy(
    "bookings.late_office_minutes", _("Tell the office, so long after the start"), MINUTES, 15, 1, 60, HOUSE
)
LATE_CLIENT_MINUTES = Policy(
    "bookings.late_client_minutes", _("Tell the client, so long after the start"), MINUTES, 20, 1, 120, HOUSE
)
FAR_METERS = Policy(
    "bookings.far_meters", _("A start or finish so far from the home is looked at"), METERS, 150, 50, 5000, HOUSE
)
CLOCK_MINUTES = Policy(
    "bookings.clock_minutes", _("A phone's clock that is off by more is looked at"), MINUTES, 5, 1, 120, HOUSE
)
EARLY_FINISH = Policy(
    "bookings.early_finish",
    _("A visit that ends before this part of its planned time is asked about, and looked at"),
    SHARE,
    Fraction(1, 2),
    Fraction(0),
    Fraction(1),
    HOUSE,
)
LONG_FINISH = Policy(
    "bookings.long_finish",
    _("A visit that took longer than this part of its planned time is looked at"),
    SHARE,
    Fraction(3, 2),
    Fraction(1),
    Fraction(5),
    HOUSE,
)
UNDO_MINUTES = Policy("bookings.undo_minutes", _("How long a start or finish can be undone"), MINUTES, 5, 1, 60, HOUSE)
FORGOTTEN_MINUTES = Policy(
    "bookings.forgotten_minutes",
    _("Ask whoever has not said that they are done, so long after the planned end"),
    MINUTES,
    30,
    5,
    240,
    HOUSE,
)
PLACE_DAYS = Policy(
    "bookings.place_days", _("How long the place of a start or finish is kept"), DAYS, 90, 1, 365, HOUSE
)
LATE_TELL_MINUTES = Policy(
    "bookings.late_tell_minutes", _("Tell the office when somebody says they are later than"), MINUTES, 15, 0, 60, HOUSE
)
INCIDENT_DAYS = Policy(
    "bookings.incident_days", _("Days after a visit in which something can be reported"), DAYS, 14, 1, 90, HOUSE
)
PHOTO_DAYS = Policy("bookings.photo_days", _("How long photos of a visit are kept"), DAYS, 90, 7, 365, HOUSE)
MOST_MOVES = Policy("bookings.most_moves", _("How often a client may move a visit"), COUNT, 2, 0, 20, HOUSE)
LEAST_MINUTES = Policy("bookings.least_minutes", _("Shortest visit"), MINUTES, 120, 60, 480, HOUSE)
CREW_MINUTES = Policy(
    "bookings.crew_minutes", _("Two people come together from so much work on"), MINUTES, 360, 180, 1440, HOUSE
)
TRAVEL_MINUTES = Policy("bookings.travel_minutes", _("Least time between two homes"), MINUTES, 15, 0, 120, HOUSE)

REDO_ASK_HOURS = Policy(
    "bookings.redo_ask_hours", _("Time to ask that something is done again"), HOURS, 48, 0, 336, HOUSE
)
REDO_DAYS = Policy("bookings.redo_days", _("Days in which something is done again"), DAYS, 5, 1, 30, HOUSE)

DOMAIN = _("As other co-ops do it")
REVIEW_HOUSEHOLDS = Policy(
    "bookings.review_households",
    _("Households that ask not to be sent a member before somebody talks with them"),
    COUNT,
    3,
    2,
    20,
    DOMAIN,
)
REVIEW_HOUSEHOLDS_DAYS = Policy(
    "bookings.review_households_days", _("Days in which those households count"), DAYS, 183, 30, 730, DOMAIN
)
REVIEW_ASKED = Policy(
    "bookings.review_asked",
    _("Members that a household may ask not to be sent before somebody looks at it"),
    COUNT,
    3,
    1,
    20,
    DOMAIN,
)
REVIEW_ASKED_DAYS = Policy(
    "bookings.review_asked_days", _("Days in which those members count"), DAYS, 365, 30, 730, DOMAIN
)

ANSWER_FAR_MINUTES = Policy(
    "bookings.answer_far_minutes", _("Time to answer an offer more than two days ahead"), MINUTES, 120, 10, 1440, HOUSE
)
ANSWER_NEAR_MINUTES = Policy(
    "bookings.answer_near_minutes", _("Time to answer an offer 6 to 48 hours ahead"), MINUTES, 30, 5, 720, HOUSE
)
ANSWER_SOON_MINUTES = Policy(
    "bookings.answer_soon_minutes", _("Time to answer an offer less than 6 hours ahead"), MINUTES, 10, 5, 120, HOUSE
)
ASK_ALL_MINUTES = Policy(
    "bookings.ask_all_minutes",
    _("Ask everybody who is free at once from so long before a visit that nobody has"),
    MINUTES,
    120,
    0,
    720,
    HOUSE,
)
TAKE_LATE_MINUTES = Policy(
    "bookings.take_late_minutes",
    _("How long after its start somebody may still take a visit that nobody has"),
    MINUTES,
    60,
    0,
    480,
    HOUSE,
)
QUIET_FROM = Policy(
    "bookings.quiet_from", _("The evening hour from which nobody has to answer"), HOUR_OF_DAY, 21, 18, 24, HOUSE
)
QUIET_UNTIL = Policy(
    "bookings.quiet_until", _("The morning hour until which nobody has to answer"), HOUR_OF_DAY, 7, 0, 10, HOUSE
)
MOST_PASSES = Policy("bookings.most_passes", _("Passes before a shift goes to the open board"), COUNT, 5, 1, 50, HOUSE)
DAYS_BACK = Policy("bookings.turn_days_back", _("Past days that count for a turn"), DAYS, 28, 7, 90, HOUSE)
DAYS_AHEAD = Policy("bookings.turn_days_ahead", _("Coming days that count for a turn"), DAYS, 14, 0, 60, HOUSE)
PASS_WEIGHT = Policy(
    "bookings.turn_pass_weight",
    _("How much of a passed shift counts as received"),
    SHARE,
    Fraction(1, 2),
    Fraction(0),
    Fraction(1),
    HOUSE,
)
REGULAR_POINTS = Policy(
    "bookings.regular_points",
    _("How far ahead of whoever has had the least a home's regular person may be and still keep the visit"),
    SHARE,
    Fraction(15, 100),
    Fraction(0),
    Fraction(1),
    HOUSE,
)

SPOTLIGHT_LOW = Policy(
    "bookings.spotlight_low",
    _("Ask why a member had less than this part of the common share of the hours asked for, twice four weeks"),
    SHARE,
    Fraction(85, 100),
    Fraction(0),
    Fraction(1),
    DOMAIN,
)
SPOTLIGHT_HIGH = Policy(
    "bookings.spotlight_high",
    _("Ask why a member had more than this part of the common share of the hours asked for, twice four weeks"),
    SHARE,
    Fraction(115, 100),
    Fraction(1),
    Fraction(3),
    DOMAIN,
)
OVERRIDE_COUNT = Policy(
    "bookings.override_count",
    _("Turns that one person may decide for the same member before we ask why"),
    COUNT,
    3,
    1,
    50,
    DOMAIN,
)
OVERRIDE_CHANCE = Policy(
    "bookings.override_chance",
    _("How unlikely by chance those turns must be before we ask why"),
    SHARE,
    Fraction(1, 100),
    Fraction(1, 1000),
    Fraction(1, 2),
    DOMAIN,
)

MOST_OVERRIDES = Policy(
    "bookings.most_overrides",
    _("Part of the visits whose turn a coordinator may decide otherwise before a meeting talks about it"),
    SHARE,
    Fraction(5, 100),
    Fraction(0),
    Fraction(1),
    HOUSE,
)

LAW = _("New York labour law")
MOST_WEEK_HOURS = Policy(
    "bookings.most_week_hours",
    _("Hours a week past which somebody is asked only when nobody else is free"),
    HOURS,
    40,
    20,
    60,
    LAW,
)
MOST_DAY_HOURS = Policy(
    "bookings.most_day_hours",
    _("Hours a day past which somebody is asked only when nobody else is free"),
    HOURS,
    10,
    4,
    16,
    LAW,
)
LEAST_REST_HOURS = Policy(
    "bookings.least_rest_hours",
    _("Rest between two days of work; with less, somebody is asked only when nobody else is free"),
    HOURS,
    10,
    0,
    16,
    HOUSE,
)
PAID_GAP_MINUTES = Policy(
    "bookings.paid_gap_minutes",
    _("Longest way and break between two visits of a day that count as work"),
    MINUTES,
    60,
    0,
    240,
    _("Travel between jobs and short breaks are work: 12 NYCRR 142-2.1, 29 CFR 785.18 and 785.38"),
    help=_("Up to so long, all of it is paid at the pay floor. After a longer one, the way from home to home is paid."),
)

SERIES_DAYS_AHEAD = Policy(
    "bookings.series_days_ahead", _("How many days ahead a series is booked"), DAYS, 56, 28, 180, HOUSE
)
SERIES_WAIT_HOURS = Policy(
    "bookings.series_wait_hours",
    _("How long the later visits of a new series wait for the person of the first"),
    HOURS,
    48,
    0,
    168,
    HOUSE,
)

SUBSTITUTE_HOURS = Policy(
    "bookings.substitute_hours",
    _("How long before a visit a client hears that somebody else than their regular person comes"),
    HOURS,
    72,
    24,
    168,
    HOUSE,
)


REMIND_FIRST_HOURS = Policy(
    "bookings.remind_first_hours", _("How long before a visit a household is reminded of it"), HOURS, 72, 12, 168, HOUSE
)
REMIND_LAST_HOURS = Policy(
    "bookings.remind_last_hours", _("How long before a visit it is reminded once more"), HOURS, 24, 12, 72, HOUSE
)


def _discount(key: str, label: Text, percent: int) -> Policy[Fraction]:
    most = Fraction(1, 2)
    return Policy(f"bookings.{key}_discount", label, SHARE, Fraction(percent, 100), Fraction(0), most, HOUSE)


DISCOUNTS = {
    1: _discount("weekly", _("What a weekly visit costs less"), 15),
    2: _discount("two_weekly", _("What a visit every 2 weeks costs less"), 10),
    4: _discount("four_weekly", _("What a visit every 4 weeks costs less"), 5),
}
"""By the number of weeks from one visit of a series to the next; the first visit has none."""


def shares_on(day: date) -> dict[str, Fraction]:
    """Where each cent of a price goes on `day`: worker, operations, reserve, upkeep. One query."""
    return _by_name(values(day, SHARES))


def _by_name(found: dict[str, Fraction]) -> dict[str, Fraction]:
    return {policy.key.removeprefix("bookings.").removesuffix("_share"): found[policy.key] for policy in SHARES}
