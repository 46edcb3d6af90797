"""How far candidates are: months and hours, as the policies of the day ask, and what is learned."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from coop.policies import values
from members.joining.learning import Learned, Lesson
from members.joining.policies import CANDIDATE_HOURS, CANDIDATE_MONTHS
from members.joining.worked import minutes_of
from members.people.members import Member


@dataclass(frozen=True)
class Progress:
    """How far somebody is on a day, beside what is asked for; `learned` are of the lessons that stand."""

    since: date
    months: int
    months_wanted: int
    minutes: int
    minutes_wanted: int
    learned: int
    lessons: int

    @property
    def enough_on(self) -> date:
        """The day on which they have been here for long enough."""
        return self.since + relativedelta(months=self.months_wanted)

    @property
    def scale(self) -> int:
        """The minutes at the right end of a bar: what is asked for, or more if more was worked."""
        return max(self.minutes, self.minutes_wanted, 1)

    @property
    def is_met(self) -> bool:
        """Is all there that is asked for?"""
        both = self.months >= self.months_wanted and self.minutes >= self.minutes_wanted
        return both and self.learned >= self.lessons

    def __str__(self) -> str:
        return _(
            "%(months)s of %(months_wanted)s months, %(hours)s of %(hours_wanted)s hours,"
            " %(learned)s of %(lessons)s things learned"
        ) % {
            "months": self.months,
            "months_wanted": self.months_wanted,
            "hours": self.minutes // 60,
            "hours_wanted": self.minutes_wanted // 60,
            "learned": self.learned,
            "lessons": self.lessons,
        }


def progress_of(candidates: Collection[Member], *, on: date) -> dict[int, Progress]:
    """Each by their number; the same few queries however many there are."""
    rules = values(on, (CANDIDATE_MONTHS, CANDIDATE_HOURS))
    lessons = set(Lesson.objects.standing().values_list("pk", flat=True))
    learned = Counter(
        Learned.objects.filter(candidate__in=candidates, lesson__in=lessons).values_list("candidate", flat=True)
    )
    minutes = minutes_of(candidates)
    return {
        one.pk: Progress(
            since=one.started_on,
            months=max(0, _months(one.started_on, on)),
            months_wanted=rules[CANDIDATE_MONTHS.key],
            minutes=minutes.get(one.pk, 0),
            minutes_wanted=rules[CANDIDATE_HOURS.key] * 60,
            learned=learned[one.pk],
            lessons=len(lessons),
        )
        for one in candidates
    }


def _months(since: date, on: date) -> int:
    """Whole months between two days."""
    gone = relativedelta(on, since)
    return gone.years * 12 + gone.months
