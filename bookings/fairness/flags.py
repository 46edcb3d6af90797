"""What the numbers of the spotlight ask somebody about: questions in words, each with a place for an answer.

A flag is a question and no accusation. Its limits are rules that members can change.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.fairness.flag_answers import FlagAnswer
from bookings.fairness.override_statistics import Decisions
from bookings.fairness.spotlight import PERIODS, Spotlight, Twice, WorkShare, spotlight
from bookings.policies import OVERRIDE_CHANCE, OVERRIDE_COUNT, SPOTLIGHT_HIGH, SPOTLIGHT_LOW
from coop.policies import Policy, values
from coop.templatetags.coop import whole_percent
from members.models import Member


@dataclass(frozen=True)
class Flag:
    """A question about one member, in words; `slug` names it in addresses."""

    member: Member
    about: Member | None
    text: str

    @property
    def kind(self) -> str:
        return FlagAnswer.Kind.OVERRIDES if self.about else FlagAnswer.Kind.HOURS

    @property
    def slug(self) -> str:
        return f"{self.kind}-{self.about.pk}" if self.about else self.kind

    def answer(self, words: str, *, at: datetime) -> FlagAnswer:
        """Say what the numbers do not; what was said before stays readable."""
        return FlagAnswer.write(self.member, kind=self.kind, about=self.about, words=words, at=at)


@dataclass(frozen=True)
class Asked:
    """A flag with the answers so far, newest first; `mine` for the one whom it asks."""

    flag: Flag
    answers: list[FlagAnswer]
    mine: bool


def flags(seen: Spotlight, *, on: date) -> list[Flag]:
    """What the numbers ask, by the rules of a day: about hours first, by name."""
    shares: tuple[Policy[Fraction], ...] = (SPOTLIGHT_LOW, SPOTLIGHT_HIGH, OVERRIDE_CHANCE)
    rules = values(on, shares)
    count = OVERRIDE_COUNT.on(on)
    common = (common_share(seen.lately.values()), common_share(seen.before.values()))
    found = [
        Flag(member, None, _hours(member, parts, common))
        for member, parts in seen.twice()
        if is_outside(parts, common, low=rules[SPOTLIGHT_LOW.key], high=rules[SPOTLIGHT_HIGH.key])
    ]
    often = [
        Flag(one.giver, one.receiver, _override(one))
        for one in seen.ever
        if one.pair.given >= count and one.pair.chance < rules[OVERRIDE_CHANCE.key]
    ]
    return [*found, *often]


def with_answers(found: list[Flag], *, reader: Member | None) -> list[Asked]:
    """The flags with what was answered. One query."""
    answers = defaultdict(list)
    asked = FlagAnswer.objects.filter(member__in={flag.member.pk for flag in found}).exclude(words="")
    for answer in asked.newest_first():
        answers[answer.member_id, answer.about_id].append(answer)
    return [
        Asked(flag, answers[flag.member.pk, flag.about.pk if flag.about else None], flag.member == reader)
        for flag in found
    ]


def own(slug: str, *, member: Member | None, at: datetime) -> Flag | None:
    """The flag of this name that asks a member now; None when there is none (any more)."""
    seen = spotlight(days=PERIODS[0], at=at)
    found = flags(seen, on=timezone.localdate(at))
    return next((flag for flag in found if flag.member == member and flag.slug == slug), None)


def common_share(parts: Iterable[WorkShare]) -> Fraction:
    """What all together had of what they asked for, and at most all of it: nobody has a claim to more."""
    counted = [part for part in parts if part.counts]
    asked = sum(part.asked for part in counted)
    return min(Fraction(sum(part.had for part in counted), asked), Fraction(1)) if asked else Fraction(0)


def is_outside(parts: Twice, common: tuple[Fraction, Fraction], *, low: Fraction, high: Fraction) -> bool:
    """Less than the low limit of the common share in both times, or more than the high one in both.

    Where there was work for four hours of ten, four of ten is the measure: being short of work is no question of turns.
    """
    if not all(common) or not all(part.counts for part in parts):
        return False
    shares = [(part.share or 0) / share for part, share in zip(parts, common, strict=True)]
    return max(shares) < low or min(shares) > high


def _hours(member: Member, parts: Twice, common: tuple[Fraction, Fraction]) -> str:
    now, before = parts
    return _(
        "%(name)s had %(now)s of the hours they asked for in the last 4 weeks, and %(before)s in the 4 weeks before; "
        "all together had %(all_now)s and %(all_before)s."
    ) % {
        "name": member.short_name,
        "now": whole_percent(now.share),
        "before": whole_percent(before.share),
        "all_now": whole_percent(common[0]),
        "all_before": whole_percent(common[1]),
    }


def _override(one: Decisions) -> str:
    return _("%(giver)s decided %(given)d of %(all)d turns for %(receiver)s in the last 90 days. %(rare)s") % {
        "giver": one.giver.short_name,
        "given": one.pair.given,
        "all": one.pair.all,
        "receiver": one.receiver.short_name,
        "rare": one.rare,
    }
