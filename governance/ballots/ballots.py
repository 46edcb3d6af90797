"""Who may vote, what they chose, and the certified result."""

from dataclasses import asdict
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.models import append_only
from governance import triggers
from governance.ballots.tally import ABSTAIN, FAILED, NO, NO_DECISION, PASSED, YES, Tally
from members.models import Member


class Elector(models.Model):
    """A member on the roll of one vote: in good standing when notice went out and still when it opened.

    The roll is frozen at opening; from then on `voted` turns true once and nothing else changes.
    """

    proposal = models.ForeignKey("governance.Proposal", on_delete=models.PROTECT, related_name="roll")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    voted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("elector")
        constraints = [models.UniqueConstraint(fields=["proposal", "member"], name="one_member_one_vote")]
        triggers = [triggers.ROLL]

    def __str__(self) -> str:
        return str(self.member)


class Ballot(models.Model):
    """An open ballot: its owner may change it until the close, and members may read it afterwards."""

    class Choice(models.TextChoices):
        YES = YES, _("For")
        NO = NO, _("Against")
        ABSTAIN = ABSTAIN, _("Abstain")

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="ballot")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    cast_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ballot")
        constraints = [
            models.CheckConstraint(condition=models.Q(choice__in=[YES, NO, ABSTAIN]), name="a_ballot_is_a_choice")
        ]
        triggers = [triggers.BALLOT]

    def __str__(self) -> str:
        return self.get_choice_display()


class Count(models.Model):
    """The certified result of a vote, with the quorum and the threshold that were needed."""

    class Outcome(models.TextChoices):
        PASSED = PASSED, _("Passed")
        FAILED = FAILED, _("Not passed")
        NO_DECISION = NO_DECISION, _("No decision")

    proposal = models.OneToOneField("governance.Proposal", on_delete=models.PROTECT, related_name="count")
    electors = models.PositiveIntegerField()
    yes = models.PositiveIntegerField()
    no = models.PositiveIntegerField()
    abstain = models.PositiveIntegerField()
    quorum_needed = models.PositiveIntegerField()
    yes_needed = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    certified_at = models.DateTimeField()

    class Meta:
        verbose_name = _("count")
        triggers = [triggers.COUNT, *append_only("counts_are_never_changed")]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @classmethod
    def of(cls, proposal_id: int, tally: Tally, *, at: datetime) -> "Count":
        """The result to keep; not saved."""
        return cls(proposal_id=proposal_id, outcome=tally.outcome, certified_at=at, **asdict(tally))

    @property
    def tally(self) -> Tally:
        """The numbers as they were counted."""
        return Tally(self.electors, self.yes, self.no, self.abstain, self.quorum_needed, self.yes_needed)
