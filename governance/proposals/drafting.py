"""The first stage of a proposal: written, discussed, revised, perhaps withdrawn."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Self, cast

from django.db import transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.policies import Policy, check_all, named, values
from coop.states import transition
from coop.typed.text import one_line
from governance.ballots.calendar import day_of
from governance.proposals.proposal_base import Stage, member_of
from governance.proposals.revisions import Change
from members.models import User

State = Stage.State


def in_force(keys: Iterable[str], *, day: date) -> dict[str, Fraction]:
    """The values of these policies on `day`, as exact fractions."""
    policies = [cast("Policy[Fraction]", named(key)) for key in keys]
    return {key: Fraction(value) for key, value in values(day, policies).items()}


class Drafting(Stage):
    """While its words may still change."""

    class Meta:
        abstract = True

    @classmethod
    def propose(
        cls,
        *,
        title: str,
        text: str,
        changes: Mapping[str, Fraction],
        at: datetime,
        by: User,
        wanted_on: date | None = None,
    ) -> Self:
        """Write a draft. With `changes` (values by policy key) it is about rules, without any an ordinary decision."""
        with transaction.atomic():
            proposal = cls(author=member_of(by), proposed_at=at, kind=cls.Kind.ORDINARY)
            proposal._say(title, text, changes, wanted_on, at=at)
            proposal.save()
            proposal._keep_version(changes, at=at)
            proposal.record_event("propose", at=at, by=by)
        return proposal

    @transition(State.DRAFT, to=State.DISCUSSING)
    def open_discussion(self, *, at: datetime, by: User) -> None:
        """Show it to the other members."""

    @transition(State.DRAFT, State.DISCUSSING, State.NOTICED, to=None)
    def revise(
        self,
        *,
        title: str,
        text: str,
        changes: Mapping[str, Fraction],
        at: datetime,
        by: User,
        wanted_on: date | None = None,
    ) -> None:
        """Write a new version; the older ones stay readable. After notice the words are fixed."""
        if self.state == State.NOTICED:
            raise Refusal(
                _("Notice of this vote has gone out, so its words are fixed. Withdraw it and propose it anew.")
            )
        self._say(title, text, changes, wanted_on, at=at)
        self._keep_version(changes, at=at)

    @transition(State.DISCUSSING, State.NOTICED, State.VOTING, to=None)
    def comment(self, body: str, *, at: datetime, by: User) -> None:
        """Say something about it, under one's name."""
        if not body.strip():
            raise Refusal(_("Please write your comment first."), field="body")
        self.comments.create(member=member_of(by), body=body.strip(), at=at)

    @transition(State.DRAFT, State.DISCUSSING, State.NOTICED, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User) -> None:
        """Take it back before anybody votes."""

    def _say(
        self, title: str, text: str, changes: Mapping[str, Fraction], wanted_on: date | None, *, at: datetime
    ) -> None:
        """Set the words of the next version."""
        if wanted_on and wanted_on < day_of(at):
            raise Refusal(_("That day is over. Choose a later one, or leave it empty."), field="wanted_on")
        title = one_line(title)
        if not title:
            raise Refusal(_("A proposal needs a title."), field="title")
        if not text.strip():
            raise Refusal(_("Please say why: the others decide by it."), field="text")
        self.title, self.text, self.wanted_on = title, text.strip(), wanted_on
        self.kind = self.Kind.CHANGE if changes else self.Kind.ORDINARY

    def _keep_version(self, changes: Mapping[str, Fraction], *, at: datetime) -> None:
        """Check the values, make them the proposal's own and keep the version for reading; the same is no new one."""
        day = day_of(at)
        check_all(dict(changes), day=day)
        now = in_force(changes, day=day)
        if changes and now == changes:
            raise Refusal(_("These are the values already in force. Change at least one."))
        said = {key: [value.numerator, value.denominator] for key, value in changes.items()}
        last = self.revisions.order_by("number").last()
        if last and (last.title, last.text, last.changes) == (self.title, self.text, said):
            return
        self.changes.all().delete()
        for key, value in changes.items():
            Change.write(self.pk, key, value=value, was=now[key])
        self.revisions.create(
            number=self.revisions.count() + 1,
            title=self.title,
            text=self.text,
            changes=said,
            at=at,
        )
