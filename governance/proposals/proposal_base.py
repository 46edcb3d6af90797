"""What every stage of a proposal's life shares: its fields, its days, and how electors are told."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coop.errors import Refusal
from coop.states import Stateful
from coop.typed.fields import WrittenLine, WrittenText
from governance.ballots.ballots import Ballot, Elector
from governance.ballots.calendar import DAY, day_of, moment
from governance.ballots.tally import Tally, tally
from members.models import Member, Notice, User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from governance.ballots.ballots import Count
    from governance.ballots.rule import Rule
    from governance.proposals.revisions import Change, Comment, Revision


class Stage(Stateful):
    """A question to the members. Its words and its rule are frozen when notice goes out.

    `wanted_on` is the first day on which its author wants new values to hold, `effective_on` the day on which they
    do, fixed by the count. `opening_recorded_at` is when the database saw it open (see `doors`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("draft")
        DISCUSSING = "discussing", gettext_lazy("under discussion")
        NOTICED = "noticed", gettext_lazy("announced")
        VOTING = "voting", gettext_lazy("open for voting")
        COUNTING = "counting", gettext_lazy("being counted")
        PASSED = "passed", pgettext_lazy("a vote", "passed")
        FAILED = "failed", gettext_lazy("not passed")
        NO_DECISION = "no_decision", gettext_lazy("no decision")
        ENACTED = "enacted", gettext_lazy("made a rule")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")
        VOID = "void", gettext_lazy("void")

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", gettext_lazy("ordinary decision")
        CHANGE = "change", gettext_lazy("change of a rule")

    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    title = WrittenLine(max_length=120)
    text = WrittenText()
    wanted_on = models.DateField(null=True)
    proposed_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    opening_recorded_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)

    if TYPE_CHECKING:
        rule: Rule
        count: Count
        roll: RelatedManager[Elector]
        changes: RelatedManager[Change]
        revisions: RelatedManager[Revision]
        comments: RelatedManager[Comment]

    class Meta:
        abstract = True

    @property
    def window(self) -> tuple[datetime, datetime]:
        """When voting opens and when it closes; refused before notice has fixed them."""
        if not (self.opens_at and self.closes_at):
            raise Refusal(_("The days of this vote are fixed when notice goes out."))
        return self.opens_at, self.closes_at

    @property
    def reminder_due(self) -> datetime | None:
        """When those who have not voted are written to; None once that is done."""
        if self.reminded_at or not self.closes_at:
            return None
        return self.closes_at - timedelta(days=self.rule.reminder_days)

    @property
    def enactment_due(self) -> datetime | None:
        """The day before it takes effect, so that a late job changes nothing; None when nothing is enacted."""
        return moment(self.effective_on - DAY, time.min) if self.effective_on else None

    @property
    def zone(self) -> str:
        """The co-op's own time zone, in which votes open and close."""
        return timezone.get_current_timezone_name()

    @property
    def source(self) -> str:
        """How its amendments name it."""
        return f"governance.proposal:{self.pk}"

    def tally(self) -> Tally:
        """What the ballots say by the frozen rule. Before the close only the count itself may ask."""
        ballots = Ballot.objects.filter(elector__proposal_id=self.pk).values_list("choice", flat=True)
        return tally(
            ballots,
            electors=self.roll.count(),
            threshold=self.rule.threshold,
            quorum=self.rule.quorum,
            least=self.rule.quorum_least,
        )

    def write_to(self, roll: "models.QuerySet[Elector]", mail: str, *, at: datetime) -> None:
        """Post one notice to each of these electors who is still here; posting twice is posting once."""
        here = roll.filter(member__in=Member.objects.here(day_of(at)))
        for elector in here.select_related("member__user").order_by("pk"):
            user: User = elector.member.user
            Notice.post(f"{mail}:{self.pk}:{user.pk}", to=user, mail=mail, at=at, about={"proposal": self})

    write_to.alters_data = True  # type: ignore[attr-defined]


def member_of(user: User) -> Member:
    """The member who this person is; proposals and comments bear a member's name."""
    if user.membership is None:
        raise Refusal(_("Only members of the co-op take part in its decisions."))
    return user.membership
