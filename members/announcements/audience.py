"""To whom an office writes: every member, or those who fit all that was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.offices.roles import Role
from members.people.members import Member, MemberQuerySet
from members.skills.skills import Skill
from members.standing.meaning import TOLD, MemberState


@dataclass(frozen=True)
class Audience:
    """Whoever holds one of the offices, can do one of the skills, stands so and lives there; what is empty is all.

    `areas` are ZIP codes or how they begin; `county` is a county with its state, as in `Kings County, NY`.
    """

    offices: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    county: str = ""

    def members(self, at: datetime) -> MemberQuerySet:
        """Those who fit now. Whoever is not told what all members are told is never among them."""
        states = [state for state in TOLD if not self.standings or state in self.standings]
        found = Member.objects.in_state(*states, on=timezone.localdate(at))
        if self.offices:
            found = found.filter(pk__in=Role.objects.held(at).filter(kind__in=self.offices).values("member"))
        if self.skills:
            found = found.filter(skills__overlap=list(self.skills))
        return self._living_there(found).order_by("user__name", "pk")

    def _living_there(self, found: MemberQuerySet) -> MemberQuerySet:
        if self.county:
            county, _comma, state = self.county.rpartition(", ")
            found = found.filter(zip__county=county, zip__state=state)
        begins = Q()
        for area in self.areas:
            begins |= Q(zip__code__startswith=area)
        return found.filter(begins)

    @property
    def is_of_the_register(self) -> bool:
        """Does who was chosen tell something of people that only the register says? Offices and skills all know."""
        return bool(self.standings or self.areas or self.county)

    @property
    def in_words(self) -> str:
        """Who that is, for people."""
        skills = {skill.code: str(skill) for skill in Skill.objects.filter(code__in=self.skills)} if self.skills else {}
        parts = [
            _or(str(Role.Kind(code).label) for code in self.offices),
            _or(skills.get(code, code) for code in self.skills),
            _or(str(MemberState(code).label) for code in self.standings),
            ", ".join(self.areas),
            self.county,
        ]
        return " · ".join(part for part in parts if part) or _("All members")


def mark_of(members: Iterable[Member]) -> str:
    """A short sign for exactly these people, so that it shows if somebody came or went since one looked."""
    return sha256(",".join(str(pk) for pk in sorted(one.pk for one in members)).encode()).hexdigest()[:16]


def _or(names: Iterable[str]) -> str:
    between = _("or")
    return f" {between} ".join(names)
