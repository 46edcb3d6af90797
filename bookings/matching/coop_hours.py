"""When the co-op itself takes bookings, as the openings read it: its hours by weekday, and the days that are closed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from members.hours.free_hours import FIRST_MONDAY, Minutes, day_number

RULE = re.compile(r"(-?\d+)=([\d,]+)/([\d,]+)")

STANDS = "{0}.takes_back_id IS NULL AND NOT EXISTS (SELECT FROM {1} t WHERE t.takes_back_id = {0}.id)"

COOP_HOURS = f"""concat(
  (SELECT string_agg((c.effective_on - date '{FIRST_MONDAY}')::text, ' ')
   FROM bookings_closedday c
   WHERE c.effective_on BETWEEN %(first_day)s AND %(last_day)s AND {STANDS.format("c", "bookings_closedday")}), '|',
  (SELECT string_agg(concat(h.effective_on - date '{FIRST_MONDAY}', '=', array_to_string(h.opens, ','), '/',
                            array_to_string(h.closes, ',')), ' ' ORDER BY h.effective_on, h.id)
   FROM bookings_bookablehours h
   WHERE h.effective_on <= %(last_day)s AND {STANDS.format("h", "bookings_bookablehours")}))"""  # noqa: S608 - our words
"""The closed days between two days and the hours that hold on them, in one text, for `coop_hours_of`."""


@dataclass(frozen=True)
class CoopHours:
    """The numbers of the days that are closed, and the weeks of hours by the number of the day on which they begin."""

    closed: frozenset[int]
    weeks: Mapping[int, tuple[Minutes, ...]]

    def on(self, day: date, *, holiday: bool) -> tuple[Minutes, ...]:
        """The span of one day in which a visit may be, if there is one. A holiday is a day as others unless closed."""
        number = day_number(day)
        if number in self.closed:
            return ()
        begun = [since for since in self.weeks if since <= number]
        low, high = self.weeks[max(begun)][day.weekday()] if begun else (0, 1440)
        return ((low, high),) if low < high else ()


def coop_hours_of(text: str) -> CoopHours:
    """What `COOP_HOURS` gives; of two weeks of hours for one day, the one that was said later."""
    closed, weeks = text.split("|")
    return CoopHours(frozenset(map(int, closed.split())), dict(_weeks(weeks)))


def _weeks(text: str) -> Iterator[tuple[int, tuple[Minutes, ...]]]:
    for since, opens, closes in RULE.findall(text):
        yield int(since), tuple(zip(map(int, opens.split(",")), map(int, closes.split(",")), strict=True))
