"""That a body comes to be or changes, or that somebody joins or leaves it: asked by one, confirmed by another."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.in_turn import wait_for_turn
from coop.states import transition
from coop.typed.text import in_language, isolate
from members.appointing.asked_changes import AskedChange
from members.bodies.bodies import Body, BodyTerm
from members.people.members import Member
from members.people.users import User


class BodyChange(AskedChange):
    """What is to happen to a body. `facts` are what is said of it; `term` is one that is to end."""

    KIND = "body_change"
    State = AskedChange.State

    class Act(models.TextChoices):
        FOUND = "found", gettext_lazy("a new body")
        CHANGE = "change", gettext_lazy("a body changes")
        SEAT = "seat", gettext_lazy("somebody joins a body")
        END = "end", gettext_lazy("somebody leaves a body")

    act = models.CharField(max_length=10, choices=Act.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="changes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    term = models.ForeignKey(BodyTerm, on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = gettext_lazy("change of a body")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(decision=""), name="a_body_changes_by_a_decision"),
            models.CheckConstraint(
                condition=Q(act__in=["found", "change"], member=None)
                | Q(act__in=["seat", "end"], member__isnull=False, body__isnull=False),
                name="a_change_of_a_body_is_about_it_or_a_member",
            ),
        ]

    def __str__(self) -> str:
        if self.act in (self.Act.FOUND, self.Act.CHANGE):
            name = isolate(in_language(self.facts["name_en"], self.facts["name_es"]))
            return (_("New: %s") if self.act == self.Act.FOUND else _("Changed: %s")) % name
        assert self.member is not None
        about = {"name": self.member.short_name, "body": str(self.body)}
        if self.act == self.Act.END:
            return _("%(name)s leaves %(body)s") % about
        first = date_format(self.starts_on, "DATE_FORMAT") if self.starts_on else ""
        return _("%(name)s joins %(body)s on %(first)s") % {**about, "first": first}

    @classmethod
    def about_body(cls, body: Body | None, *, decision: str, at: datetime, by: User, **facts: Any) -> "BodyChange":
        """Ask for a new body, or that one changes."""
        act = cls.Act.CHANGE if body else cls.Act.FOUND
        change = cls(act=act, body=body, facts=facts, decision=decision, asked_by=by, asked_at=at)
        return change._ask(about=[], apart=[], at=at, by=by)

    @classmethod
    def seat(
        cls, body: Body, member: Member, *, starts_on: date, ends_on: date | None, decision: str, at: datetime, by: User
    ) -> "BodyChange":
        """Ask that somebody belongs to it for a term. Refused who has not joined, or belongs to it in these days."""
        change = cls(act=cls.Act.SEAT, body=body, member=member, starts_on=starts_on, ends_on=ends_on)
        change.decision, change.asked_by, change.asked_at = decision, by, at
        change.insist_on_days(timezone.localdate(at))
        _insist(body, member, starts_on, ends_on)
        return change._ask(about=[], apart=[member], at=at, by=by)

    @classmethod
    def end(cls, term: BodyTerm, *, decision: str, at: datetime, by: User) -> "BodyChange":
        """Ask that a term ends; whoever leaves by their own wish needs nobody else."""
        change = cls(act=cls.Act.END, body=term.body, member=term.member, term=term, decision=decision)
        change.asked_by, change.asked_at = by, at
        return change._ask(about=[term.member], apart=[], at=at, by=by)

    def _keep(self) -> None:
        """Write it down. Refused while the same waits, or a new body of these names."""
        wait_for_turn("members.bodies")
        same = BodyChange.objects.filter(act=self.act, body=self.body, member=self.member, state=self.State.ASKED)
        if self.body is None:
            same = same.filter(**{f"facts__{name}": self.facts.get(name) for name in ("name_en", "name_es")})
        if same.exists():
            raise Refusal(_("That was asked already, and waits for a second person."))
        self.save()

    @transition(State.ASKED, to=State.DONE)
    def confirm(self, *, at: datetime, by: User) -> None:
        """It holds from now on, or from its first day on."""
        if self.act == self.Act.FOUND:
            self.body = Body.found(at=at, by=by, note=self.decision, **self.facts)
        elif self.act == self.Act.CHANGE and self.body:
            self.body.change(at=at, by=by, note=self.decision, **self.facts)
        elif self.term:
            self.term.end(timezone.localdate(at))
        else:
            self._seat(at=at)

    def _seat(self, *, at: datetime) -> None:
        assert self.body is not None
        assert self.member is not None
        first = self.first_day(at)
        _insist(self.body, self.member, first, self.ends_on)
        self.body.terms.create(member=self.member, starts_on=first, ends_on=self.ends_on, decision=self.decision)


def _insist(body: Body, member: Member, first: date, last: date | None) -> None:
    if not member.is_owner:
        raise Refusal(_("Only a member in good standing belongs to a body."), field="member")
    if body.terms.between(first, last).filter(member=member).exists():
        raise Refusal(_("They belong to it in these days already."), field="member")
