"""A change that all agreed on by a decision: asked for by one, confirmed by another."""

from abc import abstractmethod
from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine
from members.people.members import Member
from members.people.users import User
from members.second_person.confirmations import Confirmation
from members.standing.founded import FEWEST, is_founded


def are_few(at: datetime) -> bool:
    """Are there fewer owners than it takes to have a second person about one of them?"""
    return Member.objects.owners(timezone.localdate(at)).count() < FEWEST


class AskedChange(Stateful):
    """What is to change; `decision` says by what, in words. It holds once a second person confirms it."""

    KIND: ClassVar[str]

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        DONE = "done", gettext_lazy("done")
        DROPPED = "dropped", gettext_lazy("not done")

    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    decision = WrittenLine(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        abstract = True

    def insist_on_days(self, today: date) -> None:
        """Refuse a term that begins before today, or ends before it begins."""
        if self.starts_on and self.starts_on < today:
            raise Refusal(_("That day is over."), field="starts_on")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise Refusal(_("The last day comes before the first."), field="ends_on")

    def first_day(self, at: datetime) -> date:
        """The day on which a term begins that is confirmed now. Refused where its days are over."""
        first = max(self.starts_on or timezone.localdate(at), timezone.localdate(at))
        if self.ends_on and self.ends_on < first:
            raise Refusal(_("The days of this term are over. Withdraw it, and ask anew."))
        return first

    def _keep(self) -> None:
        """Write it down."""
        self.save()

    def _ask(self, *, about: list[Member], apart: list[Member], at: datetime, by: User) -> Self:
        """Let it wait for a second person; what somebody asks about themselves, and among few who found the co-op,
        holds at once. Once it is founded, of two who are left the other one confirms, also where it is for them.
        """
        with transaction.atomic():
            self._keep()
            own = by.pk in {member.user_id for member in about}
            few = are_few(at)
            if own or (few and not is_founded()):
                self.confirm(at=at, by=by)
            else:
                apart = [member for member in apart if not few or member.user_id == by.pk]
                Confirmation.ask(self.KIND, self.pk, reason=self.decision, about=about, apart=apart, at=at, by=by)
                self.refresh_from_db()
        return self

    @abstractmethod
    def confirm(self, *, at: datetime, by: User) -> None:
        """It holds from now on, or from its first day on."""

    @transition(State.ASKED, to=State.DROPPED)
    def drop(self, *, at: datetime, by: User) -> None:
        """Nothing changes."""
