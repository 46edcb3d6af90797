"""That somebody takes an office for a term, or that a term ends: asked for by one, confirmed by another."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import transition
from members.appointing.asked_changes import AskedChange
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.second_person.confirmations import Confirmation
from members.standing.decisions import in_words

AHEAD = timedelta(days=366)
"""How far from today a term may begin."""


class OfficeChange(AskedChange):
    """A term that somebody is to begin (`term` is empty), or one that is to end."""

    KIND = "office_change"
    State = AskedChange.State

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="office_changes")
    office = models.CharField(max_length=20, choices=Role.Kind.choices)
    term = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, related_name="changes")

    class Meta:
        verbose_name = gettext_lazy("change of an office")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "office"], condition=Q(state="asked"), name="an_office_changes_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(term=None, starts_on__isnull=False) | Q(term__isnull=False, starts_on=None, ends_on=None),
                name="a_term_begins_or_ends",
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="an_office_changes_by_a_decision"),
        ]

    def __str__(self) -> str:
        about = {"office": self.get_office_display(), "name": self.member.short_name}
        if self.term_id:
            return _("%(name)s stops being %(office)s") % about
        if self.ends_on is None:
            return _("%(name)s becomes %(office)s from %(first)s on") % {**about, "first": _day(self.starts_on)}
        days = {"first": _day(self.starts_on), "last": _day(self.ends_on)}
        return _("%(name)s becomes %(office)s from %(first)s to %(last)s") % {**about, **days}

    @property
    def decided(self) -> str:
        """By which decision, in the reader's language where the words are ours."""
        return in_words(self.decision)

    @classmethod
    def seat(
        cls,
        member: Member,
        office: str,
        *,
        starts_on: date,
        ends_on: date | None,
        decision: str,
        at: datetime,
        by: User,
    ) -> "OfficeChange":
        """Ask that somebody holds an office for a term. Refused who has not joined, or holds it in these days, and a
        first day that is over or more than a year away.
        """
        days = {"starts_on": starts_on, "ends_on": ends_on}
        change = cls(member=member, office=office, decision=decision, asked_by=by, asked_at=at, **days)
        if starts_on > timezone.localdate(at) + AHEAD:
            raise Refusal(_("A term begins within a year from today."), field="starts_on")
        change.insist_on_days(timezone.localdate(at))
        if not member.is_owner:
            raise Refusal(_("Only a member in good standing holds an office."), field="member")
        if holds_between(member, office, starts_on, ends_on):
            raise Refusal(_("They hold that office in these days already."), field="office")
        return change._ask(about=[], apart=[member], at=at, by=by)

    @classmethod
    @transaction.atomic
    def end(cls, term: Role, *, decision: str, at: datetime, by: User) -> "OfficeChange":
        """Ask that a term ends. Whoever gives up their own office needs nobody else; what was asked about it falls."""
        if term.ended_at or (term.ends_on and term.ends_on < timezone.localdate(at)):
            raise Refusal(_("This term is over already."))
        if by.pk == term.member.user_id:
            asked = cls.objects.filter(member=term.member, office=term.kind, state=cls.State.ASKED)
            for question in Confirmation.objects.waiting().filter(kind=cls.KIND, subject__in=asked.values("pk")):
                question.withdraw(at=at, by=by)
        change = cls(member=term.member, office=term.kind, term=term, decision=decision, asked_by=by, asked_at=at)
        return change._ask(about=[term.member], apart=[], at=at, by=by)

    @classmethod
    @transaction.atomic
    def agree(
        cls, member: Member, office: str, *, term: Role | None = None, decision: str, at: datetime, by: User
    ) -> None:
        """A term that begins now, or `term` that ends now, where founders agree and nobody else has to confirm."""
        first = None if term else timezone.localdate(at)
        change = cls(member=member, office=office, term=term, starts_on=first, decision=decision)
        change.asked_by, change.asked_at = by, at
        change._keep()
        change.confirm(at=at, by=by)

    def _keep(self) -> None:
        """Write it down. Refused while another change of the same office waits."""
        Member.objects.select_for_update().get(pk=self.member_id)
        if OfficeChange.objects.filter(member=self.member_id, office=self.office, state=self.State.ASKED).exists():
            raise Refusal(_("A change of this office waits for a second person already."), field="office")
        self.save()

    @transition(State.ASKED, to=State.DONE)
    def confirm(self, *, at: datetime, by: User) -> None:
        """It holds from now on, or from its first day on; whoever it is about is told."""
        if self.term:
            self.term.end(at=at, by=by, note=self.decision)
        else:
            self._begin(at=at)
        if self.member.user_id != by.pk:
            about = {"change": self, "words": str(self)}
            Notice.post(f"office_changed:{self.pk}", to=self.member.user, mail="office_changed", at=at, about=about)

    def _begin(self, *, at: datetime) -> None:
        Member.objects.select_for_update(of=("self",), no_key=True).get(pk=self.member_id)
        first = self.first_day(at)
        if not self.member.is_owner:
            raise Refusal(_("Only a member in good standing holds an office."))
        if holds_between(self.member, self.office, first, self.ends_on):
            raise Refusal(_("They hold that office in these days already."))
        gone_on = self.member.leaves_after(timezone.localdate(at))
        if gone_on and gone_on <= first:
            raise Refusal(_("They leave the co-op before that day."))
        days = {"starts_on": first, "ends_on": self.ends_on, "leaves_on": gone_on}
        Role.objects.create(member=self.member, kind=self.office, decision=self.decision, **days)


def holds_between(member: Member, office: str, first: date, last: date | None) -> bool:
    """Do they hold this office on any of these days?"""
    rows = Role.objects.filter(member=member, kind=office, ended_at=None)
    rows = rows.exclude(ends_on__lt=first).exclude(leaves_on__lte=first)
    return (rows.filter(starts_on__lte=last) if last else rows).exists()


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
