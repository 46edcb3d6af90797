"""The page of rules. Members only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coop.web.http import Request
from governance.proposals.views import members_only
from governance.rulebook.presenters import RulesPage


@require_safe
def policies(request: Request) -> HttpResponse:
    """Every rule that a vote can change: its value today, where it comes from, what it was and will be."""
    members_only(request, "governance.read")
    return render(request, "governance/rulebook/policies.html", {"page": RulesPage(timezone.now())})
