"""What is written down of somebody who is invited, until they say yes themselves."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from members.people.members import Member
from members.people.spans import Span
from members.people.users import User

BROUGHT = "from the table with which they were invited"


@dataclass(frozen=True)
class Told:
    """Phone and home ZIP code, minutes of work wanted a week, codes of skills and languages, and a usual week.

    A span of the week is its weekday (Monday is 0), and from when to when.
    """

    phone: str = ""
    zip: str = ""
    minutes: int | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    week: tuple[tuple[int, str, str], ...] = ()

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Told":
        """As it was kept (`kept_form`)."""
        return cls(**kept)

    def kept_form(self) -> dict[str, Any]:
        """As it is kept: only what was said."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, ())}

    def spans(self) -> list[Span]:
        return [Span(day, time.fromisoformat(starts), time.fromisoformat(ends)) for day, starts, ends in self.week]

    def lines(self, skills: dict[str, str]) -> list[str]:
        """The same in words, for whoever it is about; `skills` are their names by code."""
        spans = [f"{WEEKDAYS[one.weekday]} {one.starts:%H:%M}–{one.ends:%H:%M}" for one in self.spans()]
        said = (
            _("Phone: %(it)s") % {"it": self.phone} if self.phone else "",
            _("Hours wanted a week: %(it)s") % {"it": f"{self.minutes / 60:g}"} if self.minutes is not None else "",
            _("Can do: %(it)s") % {"it": _names(skills.get(code, code) for code in self.skills)} if self.skills else "",
            _("Languages at work: %(it)s") % {"it": _names(self.languages)} if self.languages else "",
            _("Takes work: %(it)s") % {"it": _names(spans)} if spans else "",
        )
        return [line for line in said if line]

    def write_down(self, member: Member, *, at: datetime, by: User) -> None:
        """Keep it with somebody who has just become a member; they change it themselves under *Me*."""
        if self.phone:
            member.move(phone=self.phone, zip=member.zip, areas=member.areas)
        if self.languages:
            member.adapt(languages=self.languages, avoids=member.avoids)
        if self.minutes is not None:
            member.ask_for(self.minutes, at=at, by=by, note=BROUGHT)
        if self.week:
            member.open_week(self.spans(), holidays=member.works_on_holidays)
        if self.skills:
            member.skills = sorted(set(self.skills))
            member.save(update_fields=["skills"])
            member.record_event("give_skills", at=at, by=by, note=f"{', '.join(member.skills)}: {BROUGHT}")


def _names(words: Iterable[str]) -> str:
    return ", ".join(words)
