"""The last stage of a proposal: the count, what follows from it, and its first day."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal, WrongState
from coop.models import Amendment
from coop.policies import check_all
from coop.states import transition
from governance.ballots.ballots import Count
from governance.ballots.calendar import DAY, day_of
from governance.ballots.tally import FAILED, NO_DECISION, PASSED
from governance.proposals.proposal_base import Stage
from members.models import User

State = Stage.State


class Deciding(Stage):
    """After the close."""

    class Meta:
        abstract = True

    def certify(self, *, at: datetime, by: User | None) -> None:
        """Count the ballots, keep the result for good and follow it."""
        with transaction.atomic():
            self.lock()
            follow = {PASSED: self.carry, FAILED: self.reject, NO_DECISION: self.lapse}[self.tally().outcome]
            follow(at=at, by=by)

    certify.alters_data = True  # type: ignore[attr-defined]

    @transition(State.COUNTING, to=State.PASSED)
    def carry(self, *, at: datetime, by: User | None) -> None:
        """Enough voted, and enough of them for it: a change of rules now waits for its day."""
        self._record(at=at)
        if self.rule.delay_days is not None:
            earliest = day_of(at) + self.rule.delay_days * DAY
            self.effective_on = max(earliest, self.wanted_on or earliest)

    @transition(State.COUNTING, to=State.FAILED)
    def reject(self, *, at: datetime, by: User | None) -> None:
        """Enough voted, but too few of them for it."""
        self._record(at=at)

    @transition(State.COUNTING, to=State.NO_DECISION)
    def lapse(self, *, at: datetime, by: User | None) -> None:
        """Too few voted, so nothing is decided."""
        self._record(at=at)

    @transition(State.PASSED, to=State.ENACTED)
    def enact(self, *, at: datetime, by: User | None) -> None:
        """Write the new values, to hold from their day on; what was agreed before keeps the rule of its day."""
        if not self.effective_on or not self.enactment_due or at < self.enactment_due:
            raise Refusal(_("The day of this change has not come yet."))
        changes = list(self.changes.order_by("pk"))
        check_all({change.policy: change.value for change in changes}, day=self.effective_on)
        for change in changes:
            Amendment.objects.create(
                policy=change.policy,
                numerator=change.numerator,
                denominator=change.denominator,
                effective_on=self.effective_on,
                enacted_at=at,
                source=self.source,
            )

    @transition(State.VOTING, State.COUNTING, State.PASSED, State.FAILED, State.NO_DECISION, to=State.VOID)
    def void(self, *, at: datetime, by: User | None, note: str) -> None:
        """Set a vote aside, with the reason in `note`. It is never opened again: a new one may be held."""
        if not note.strip():
            raise Refusal(_("Please give the reason, for everybody to read."), field="note")

    def enact_or_void(self, *, at: datetime, by: User | None) -> None:
        """Enact, unless another decision has changed the rules so that these values do not fit any more."""
        try:
            self.enact(at=at, by=by)
        except WrongState:
            raise
        except Refusal as misfit:
            note = _("It does not fit the rules now in force. %(why)s") % {"why": misfit}
            self.void(at=at, by=by, note=note)

    enact_or_void.alters_data = True  # type: ignore[attr-defined]

    def _record(self, *, at: datetime) -> None:
        self.count = Count.of(self.pk, self.tally(), at=at)
        self.count.save()
        self.write_to(self.roll.all(), "vote_result", at=at)
