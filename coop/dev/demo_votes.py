"""Votes in the demo: what takes days elsewhere can be seen through in minutes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import transition
from governance.ballots.calendar import closing, day_of
from governance.models import Proposal
from governance.proposals.presenters import SAYINGS
from members.models import User

State = Proposal.State
SAYINGS["skip_wait"] = gettext_lazy("skipped the wait, as the demonstration allows")


@transition(State.NOTICED, State.VOTING, State.PASSED, to=None)
def skip_wait(proposal: Proposal, *, at: datetime, by: User) -> None:
    """What this waits for is due now, which its history shows. No ballot is made up."""
    if not settings.DEMO:
        raise Refusal(_("Only the demonstration can skip a wait."))
    if proposal.state == State.NOTICED:
        proposal.opens_at, proposal.closes_at = at, closing(at, days=proposal.rule.open_days)
    elif proposal.state == State.VOTING:
        opens_at, _closes_at = proposal.window
        proposal.closes_at = max(at, opens_at + timedelta(seconds=1))
    elif proposal.effective_on:
        proposal.effective_on = day_of(at)
