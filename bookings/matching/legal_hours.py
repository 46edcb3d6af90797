"""How long somebody would work with one more shift, and whether that is more than they should.

No hard rule: nobody is kept from work that they want. But whoever would be past a limit is asked only when nobody else
is free, and reads so before they say yes. Only planned times count; the way and a break between two shifts of up to
`PAID_GAP_MINUTES` are work, as they are paid (New York labour law: travel during the day is work, the commute is not).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.policies import LEAST_REST_HOURS, MOST_DAY_HOURS, MOST_WEEK_HOURS, PAID_GAP_MINUTES
from coop.templatetags.coop import in_hours

BY_LIMIT = {"week": MOST_WEEK_HOURS, "day": MOST_DAY_HOURS, "rest": LEAST_REST_HOURS}
LIMITS = (*BY_LIMIT.values(), PAID_GAP_MINUTES)
Rules = Mapping[str, int | Fraction]


@dataclass(frozen=True)
class Load:
    """What one member would work with a shift, in minutes: in its week (Monday to Sunday), on its day where the home
    is, and the shortest `rest` to the work of another day (none within two days: None).
    """

    week: int
    day: int
    rest: int | None

    def over(self, rules: Rules) -> tuple[str, ...]:
        """Past which limits that is: `week`, `day`, `rest`."""
        hours = _limits(rules)
        past = {
            "week": self.week > 60 * hours["week"],
            "day": self.day > 60 * hours["day"],
            "rest": self.rest is not None and self.rest < 60 * hours["rest"],
        }
        return tuple(limit for limit, is_past in past.items() if is_past)


def warnings(load: Load, rules: Rules) -> list[str]:
    """What somebody should know before they say yes to a shift, a sentence for each limit that it would pass."""
    said = {
        "week": _(
            "With this shift you would work %(hours)s h that week. Past %(week)s h you are asked only when nobody else "
            "is free."
        ),
        "day": _(
            "With this shift you would work %(hours)s h that day. Past %(day)s h you are asked only when nobody else "
            "is free."
        ),
        "rest": _(
            "With this shift you would rest only %(hours)s h between two days of work. With less than %(rest)s h you "
            "are asked only when nobody else is free."
        ),
    }
    return [said[limit] % {**_limits(rules), "hours": in_hours(getattr(load, limit))} for limit in load.over(rules)]


def briefly(over: Iterable[str], rules: Rules) -> list[str]:
    """The same about somebody else, in a few words each."""
    said = {
        "week": _("would be past %(week)s h that week"),
        "day": _("would be past %(day)s h that day"),
        "rest": _("would rest less than %(rest)s h"),
    }
    return [said[limit] % _limits(rules) for limit in over]


def _limits(rules: Rules) -> dict[str, int]:
    return {name: int(rules[policy.key]) for name, policy in BY_LIMIT.items()}


def load_sql(need: Mapping[str, str], *, whose: str = "true", without: str = "NULL") -> str:
    """The columns `week`, `day` and `rest` of member `m` with a shift that `need` describes in SQL, as a lateral join.

    Spans are drawn out by the gap and put together, so that what lies between two that touch counts. Whoever asks about
    one shift gives its `BOUNDS` as values, which spares the database to reckon them anew for each row; `whose` says for
    which members there is anything to reckon at all (there is no row for others), `without` is a shift that they would
    give for it.
    """
    reckoned = {name: text.format(**need) for name, text in _BOUNDS.items()}
    return _LOAD.format(whose=whose, without=without, **{**reckoned, **need})


def bounds(starts_at: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """When the local week and the local day of a shift begin and end."""
    midnight = starts_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    found = (monday, monday + timedelta(days=7), midnight, midnight + timedelta(days=1))
    return dict(zip(BOUNDS, found, strict=True))


_DRAWN = """int4range((date_part('epoch', {starts_at}) / 60)::int,
                       (date_part('epoch', {ends_at}) / 60)::int + {gap})"""
BOUNDS = ("monday", "next_monday", "midnight", "next_midnight")
_BOUNDS = {
    "monday": "(date_trunc('week', {starts_at} AT TIME ZONE {zone}) AT TIME ZONE {zone})",
    "next_monday": "((date_trunc('week', {starts_at} AT TIME ZONE {zone}) + interval '7 days') AT TIME ZONE {zone})",
    "midnight": "(date_trunc('day', {starts_at} AT TIME ZONE {zone}) AT TIME ZONE {zone})",
    "next_midnight": "((date_trunc('day', {starts_at} AT TIME ZONE {zone}) + interval '1 day') AT TIME ZONE {zone})",
    "this": _DRAWN,
    "other": _DRAWN.format(starts_at="s.starts_at", ends_at="s.ends_at", gap="{gap}"),
}
_LOAD = """LATERAL (
  SELECT
    (SELECT sum(upper(one) - lower(one) - {gap})::int
     FROM unnest(coalesce(in_week, '{{}}') + int4multirange({this})) one) AS week,
    (SELECT sum(upper(one) - lower(one) - {gap})::int
     FROM unnest(coalesce(on_day, '{{}}') + int4multirange({this})) one) AS day,
    (date_part('epoch', least({starts_at} - last_before, first_after - {ends_at})) / 60)::int AS rest
  FROM (
    SELECT
      range_agg({other}) FILTER (WHERE s.starts_at >= {monday} AND s.starts_at < {next_monday}) AS in_week,
      range_agg({other}) FILTER (WHERE s.starts_at >= {midnight} AND s.starts_at < {next_midnight}) AS on_day,
      max(s.ends_at) FILTER (WHERE s.starts_at < {midnight}) AS last_before,
      min(s.starts_at) FILTER (WHERE s.starts_at >= {next_midnight}) AS first_after
    FROM bookings_shift s
    WHERE {whose} AND s.member_id = m.id AND s.id IS DISTINCT FROM {shift} AND s.id IS DISTINCT FROM {without}
      AND s.state IN ('held', 'offered', 'accepted', 'started', 'done')
      AND s.starts_at >= {monday} - interval '2 days' AND s.starts_at < {next_monday} + interval '2 days'
    HAVING {whose}
  ) around
) load"""
