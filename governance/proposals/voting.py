"""The second stage of a proposal: notice, the roll, the ballots, the close."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal, WrongState
from coop.policies import check_all
from coop.states import transition
from governance.ballots.ballots import Ballot, Elector
from governance.ballots.calendar import closing, day_of, opening
from governance.ballots.rule import Rule
from governance.proposals.drafting import in_force
from governance.proposals.proposal_base import Stage
from members.models import Member, User

State = Stage.State


class Voting(Stage):
    """From notice to close: the words, the rule, and from opening on the roll are frozen."""

    class Meta:
        abstract = True

    @transition(State.DISCUSSING, to=State.NOTICED)
    def send_notice(self, *, at: datetime, by: User) -> None:
        """Announce the vote: freeze its words and its rule, fix its days, write to every member who may vote."""
        self._check_changes(at=at)
        rule = Rule.of_the_day(self.pk, self.kind, day=day_of(at))
        rule.save()
        self.noticed_at = at
        self.opens_at = opening(at, clear_days=rule.notice_days)
        self.closes_at = closing(self.opens_at, days=rule.open_days)
        Elector.objects.bulk_create(
            Elector(proposal_id=self.pk, member=member) for member in Member.objects.owners(day_of(at)).order_by("pk")
        )
        self.write_to(self.roll.all(), "vote_notice", at=at)

    @transition(State.NOTICED, to=State.VOTING)
    def open_voting(self, *, at: datetime, by: User | None) -> None:
        """Freeze the roll (who has left since notice is off it) and let ballots in.

        A vote that opens late closes late, so that nobody has fewer days than the rule says.
        """
        opens_at, closes_at = self.window
        if at < opens_at:
            raise Refusal(_("Voting has not opened yet."))
        self.roll.exclude(member__in=Member.objects.owners(day_of(at))).delete()
        self.closes_at = max(closes_at, closing(at, days=self.rule.open_days))
        self.write_to(self.roll.all(), "vote_open", at=at)

    def cast(self, choice: str, *, at: datetime, by: User) -> Ballot:
        """Cast a ballot, or change the one cast before: one an elector, while the vote is open.

        The elector's row is locked first; then the database holds the door (`doors.BALLOT`). An open ballot is
        its own record, so no Event is written.
        """
        with transaction.atomic():
            elector = self.roll.select_for_update(of=("self",)).filter(member__user=by).first()
            if elector is None:
                raise Refusal(_("You are not on the roll of this vote: it was drawn up when notice went out."))
            if choice not in Ballot.Choice.values:
                raise Refusal(_("Please choose For, Against or Abstain."))
            ballot = _put(elector, choice, at=at)
            if not elector.voted:
                Elector.objects.filter(pk=elector.pk).update(voted=True)
        return ballot

    cast.alters_data = True  # type: ignore[attr-defined]

    @transition(State.VOTING, to=None)
    def remind(self, *, at: datetime, by: User | None) -> None:
        """Write once to those who can vote and have not."""
        if self.reminded_at:
            raise Refusal(_("The reminder has gone out already."))
        self.reminded_at = at
        late = self.roll.filter(voted=False, member__in=Member.objects.owners(day_of(at)))
        self.write_to(late, "vote_reminder", at=at)

    @transition(State.VOTING, to=State.COUNTING)
    def close(self, *, at: datetime, by: User | None) -> None:
        """Let no more ballots in."""
        _opens_at, closes_at = self.window
        if at < closes_at:
            raise Refusal(_("Voting has not closed yet."))

    def _check_changes(self, *, at: datetime) -> None:
        """Refuse values that do not fit (any more), or that were written against others than those in force."""
        day, changes = day_of(at), list(self.changes.all())
        check_all({change.policy: change.value for change in changes}, day=day)
        if in_force([change.policy for change in changes], day=day) != {row.policy: row.was for row in changes}:
            raise Refusal(_("The rule has changed since this was written. Revise the proposal and look again."))


def _put(elector: Elector, choice: str, *, at: datetime) -> Ballot:
    """Write the ballot, or say in words that the door is shut."""
    try:
        with transaction.atomic():
            return Ballot.objects.update_or_create(elector=elector, defaults={"choice": choice, "cast_at": at})[0]
    except IntegrityError as shut:
        raise WrongState(_("This vote is not open: ballots count only between its opening and its close.")) from shut
