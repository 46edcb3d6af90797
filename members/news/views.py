"""What is new, and that it was read."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coop.web.http import Request, require_perm
from members.news.forms import ReadForm
from members.news.reading import NewsRead


@require_POST
def read_news(request: Request) -> HttpResponse:
    """All that the page showed is read, by one tap."""
    require_perm(request, "members.read_news")
    form, now = ReadForm(request.POST), timezone.now()
    assert request.user.membership is not None
    if form.is_valid():
        NewsRead.mark(request.user.membership, until=datetime.fromtimestamp(form.cleaned_data["until"], UTC), at=now)
        messages.success(request, _("Read. It all still stands on its own pages."))
    return redirect("today")
