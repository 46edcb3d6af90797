"""What becomes of a candidate: one person asks for it, and a second one confirms."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User
from members.standing.standings import Standing


class Admission(Stateful):
    """Somebody of the office asks that a candidate becomes an owner, or is told no; a second person decides."""

    class Outcome(models.TextChoices):
        OWNER = "owner", gettext_lazy("becomes an owner")
        NO = "no", gettext_lazy("is told no")

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        DONE = "done", gettext_lazy("done")
        DROPPED = "dropped", gettext_lazy("dropped")

    candidate = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="admissions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    words = WrittenLine(max_length=500)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("admission")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(state="asked"), name="one_thing_is_decided_about_a_candidate"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="an_admission_has_a_reason"),
        ]

    def __str__(self) -> str:
        name = self.candidate.user.short_name
        if self.outcome == self.Outcome.OWNER:
            return _("Admit %(name)s as an owner") % {"name": name}
        return _("Tell %(name)s no, and end their time as a candidate") % {"name": name}

    @transition(State.ASKED, to=State.DONE)
    def carry_out(self, *, at: datetime, by: User) -> None:
        """The second person said yes: it is so from now on, and the candidate is told."""
        if self.outcome == self.Outcome.OWNER:
            self.candidate.admit(at=at, by=by, note=self.words)
            about = {"admission": self}
            Notice.post(f"admitted:{self.pk}", to=self.candidate.user, mail="admitted", at=at, about=about)
        else:
            self.candidate.leave_coop(at=at, by=by, note=self.words)

    @transition(State.ASKED, to=State.DROPPED)
    def drop(self, *, at: datetime, by: User) -> None:
        """The second person said no, or whoever asked took it back: nothing happens."""


def told_no(left: Standing) -> tuple[str, dict[str, Any]] | None:
    """Whoever left because they were not admitted reads that, and why, instead of a mail that they left."""
    no = Admission.objects.filter(candidate=left.member_id, outcome=Admission.Outcome.NO, words=left.decision)
    found = no.exclude(state=Admission.State.DROPPED).order_by("-pk").first()
    return ("not_admitted", {"admission": found}) if found else None


def say(numbers: Collection[int]) -> dict[int, str]:
    """Several of them in words. One query."""
    rows = Admission.objects.filter(pk__in=numbers).select_related("candidate__user")
    return {one.pk: str(one) for one in rows}


def link(number: int) -> str:
    """Where the candidate's page is."""
    return reverse("candidate", args=[Admission.objects.get(pk=number).candidate_id])


def touches(number: int, user: User) -> bool:
    """Is it about this person?"""
    return Admission.objects.filter(pk=number, candidate__user=user).exists()


def carry_out(number: int, at: datetime, by: User) -> None:
    """The second person's yes."""
    Admission.objects.get(pk=number).carry_out(at=at, by=by)


def drop(number: int, at: datetime, by: User) -> None:
    """The second person's no."""
    Admission.objects.get(pk=number).drop(at=at, by=by)
