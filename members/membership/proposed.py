"""What the membership office asks for about somebody's standing, and a second person confirms."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.events import GONE, only_words_go
from coop.typed.fields import WrittenLine
from members.people.members import Member
from members.people.users import User
from members.second_person.confirmations import Confirmation
from members.standing.meaning import MemberState


class ProposedStep(models.Model):
    """That somebody's standing changes, and why; its Confirmation says what became of it."""

    KIND: ClassVar[str]
    """What a second person confirms is called by this."""

    reason = WrittenLine(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member: "models.ForeignKey[Member, Member]"

    class Meta:
        abstract = True

    @classmethod
    @abstractmethod
    def sources(cls) -> tuple[MemberState, ...]:
        """What somebody is of whom this can be asked."""

    @classmethod
    def ask(cls, member: Member, *, reason: str, at: datetime, by: User) -> Self:
        """Let it wait for a second person."""
        with transaction.atomic():
            member.lock()
            member.insist_on(cls.sources(), timezone.localdate(at), at=at)
            if cls.waiting_for(member):
                raise Refusal(_("That was asked already, and waits for a second person."))
            made = cls._default_manager.create(member=member, reason=reason, asked_at=at, asked_by=by)
            made._wait(at=at, by=by)
        return made

    @classmethod
    def waiting_for(cls, member: Member) -> list[Confirmation]:
        """The questions to a second person about this member that nobody has answered yet."""
        rows: models.Manager[Any] = cls._default_manager
        about = rows.filter(member=member).values("pk")
        return list(Confirmation.objects.waiting().filter(kind=cls.KIND, subject__in=about))

    @abstractmethod
    def _wait(self, *, at: datetime, by: User) -> None:
        """Ask the second person."""

    @abstractmethod
    def carry_out(self, *, at: datetime, by: User) -> None:
        """A second person said yes."""


class ProposedSuspension(ProposedStep):
    """That somebody be suspended, and why; they are told why, and answer."""

    KIND = "suspension"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposed_suspensions")

    class Meta:
        verbose_name = gettext_lazy("proposed suspension")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_proposed_suspension_has_a_reason")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="a_proposed_suspension_is_never_deleted", operation=pgtrigger.Delete),
            only_words_go("a_proposed_suspension_stays_as_it_was", "reason", gone=GONE),
        ]

    def __str__(self) -> str:
        return _("%(name)s is suspended") % {"name": self.member.short_name}

    @classmethod
    def sources(cls) -> tuple[MemberState, ...]:
        return Member.suspend.sources  # type: ignore[attr-defined, no-any-return]

    def _wait(self, *, at: datetime, by: User) -> None:
        Confirmation.ask(self.KIND, self.pk, reason=self.reason, about=[self.member], at=at, by=by)

    def carry_out(self, *, at: datetime, by: User) -> None:
        self.member.suspend(at=at, by=by, note=self.reason)


class ProposedReturn(ProposedStep):
    """That somebody who left is a member again, as they were before, and why; it makes an owner, as an admission does.

    Refused of whoever never was an owner.
    """

    KIND = "return"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposed_returns")

    class Meta:
        verbose_name = gettext_lazy("proposed return")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="a_proposed_return_has_a_reason")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="a_proposed_return_is_never_deleted", operation=pgtrigger.Delete),
            only_words_go("a_proposed_return_stays_as_it_was", "reason", gone=GONE),
        ]

    def __str__(self) -> str:
        return _("%(name)s is a member again") % {"name": self.member.short_name}

    @classmethod
    def sources(cls) -> tuple[MemberState, ...]:
        return Member.return_as_member.sources  # type: ignore[attr-defined, no-any-return]

    def _wait(self, *, at: datetime, by: User) -> None:
        self.member.insist_that_they_may_return()
        Confirmation.ask(self.KIND, self.pk, reason=self.reason, about=[], apart=[self.member], at=at, by=by)

    def carry_out(self, *, at: datetime, by: User) -> None:
        self.member.return_as_member(at=at, by=by, note=self.reason)
