"""Proposals: which there are for whom, and how the clock moves them on."""

from collections.abc import Callable
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from governance import triggers
from governance.ballots.ballots import Elector
from governance.proposals.deciding import Deciding
from governance.proposals.drafting import Drafting
from governance.proposals.proposal_base import Stage
from governance.proposals.voting import Voting
from members.models import User

State = Stage.State


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """Members read everything but one another's drafts; nobody else reads anything."""
        if not user.has_perm("governance.read"):
            return self.none()
        return self.exclude(~models.Q(author__user=user), state=State.DRAFT)

    def open_first(self) -> "ProposalQuerySet":
        """Open votes, the first to close at the top; then what is coming; then what is over, the latest first."""
        ladder = [[State.VOTING], [State.NOTICED], [State.DISCUSSING], [State.DRAFT], [State.COUNTING, State.PASSED]]
        rungs = [models.When(state__in=states, then=rung) for rung, states in enumerate(ladder)]
        soonest = models.Case(models.When(state__in=[State.NOTICED, State.VOTING], then="closes_at"), default=None)
        return self.order_by(models.Case(*rungs, default=len(ladder)), soonest, "-pk")

    def with_turnout(self) -> "ProposalQuerySet":
        """With `electors` and `voted`: the only numbers that are told before the close."""
        return self.annotate(
            electors=models.Count("roll"), voted=models.Count("roll", filter=models.Q(roll__voted=True))
        )

    def waiting_for(self, user: User) -> "ProposalQuerySet":
        """Open votes in which this person may vote and has not yet."""
        if user.membership is None or not user.membership.is_owner:
            return self.none()
        mine = Elector.objects.filter(member__user=user, voted=False)
        return self.filter(state=State.VOTING, pk__in=mine.values("proposal"))

    def underway(self, at: datetime) -> "ProposalQuerySet":
        """Those that the clock may have to move on by `at`."""
        return self.filter(
            models.Q(state=State.NOTICED, opens_at__lte=at)
            | models.Q(state__in=[State.VOTING, State.COUNTING])
            | models.Q(state=State.PASSED, effective_on__isnull=False)
        ).order_by("pk")


class Proposal(Drafting, Voting, Deciding):
    """A question to the members, from a draft to a decision (`Stage`, `Drafting`, `Voting`, `Deciding`)."""

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("proposal")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "discussing", "withdrawn"])
                | models.Q(noticed_at__isnull=False, opens_at__isnull=False, closes_at__isnull=False),
                name="a_vote_has_its_days",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__isnull=True) | models.Q(closes_at__gt=models.F("opens_at")),
                name="a_vote_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["state", "opens_at"], name="proposals_underway")]
        triggers = [triggers.PROPOSAL]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("proposal", args=[self.pk])

    def advance(self, *, at: datetime) -> None:
        """Take every step that is due by `at`. Safe to do twice: a step that was taken is not due any more."""
        while step := self._step_due(at):
            step(at=at, by=None)

    advance.alters_data = True  # type: ignore[attr-defined]

    def _step_due(self, at: datetime) -> "Callable[..., None] | None":
        steps: dict[str, list[tuple[datetime | None, Callable[..., None]]]] = {
            State.NOTICED: [(self.opens_at, self.open_voting)],
            State.VOTING: [(self.closes_at, self.close), (self.reminder_due, self.remind)],
            State.COUNTING: [(self.closes_at, self.certify)],
            State.PASSED: [(self.enactment_due, self.enact_or_void)],
        }
        return next((step for due, step in steps.get(self.state, []) if due and due <= at), None)
