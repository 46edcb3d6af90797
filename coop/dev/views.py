"""What the demo can do and a real co-op cannot."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from coop.dev import demo_votes
from coop.web.http import Request, get_for
from governance.models import Proposal


@require_POST
def skip_wait(request: Request, proposal_id: int) -> HttpResponse:
    """Do now what the proposal waits for."""
    row, now = get_for(request, "skip_wait", Proposal.objects.visible_to(request.user), pk=proposal_id), timezone.now()
    demo_votes.skip_wait(row, at=now, by=request.user)
    row.advance(at=now)
    return redirect(row)
