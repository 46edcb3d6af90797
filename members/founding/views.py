"""Setting up a co-op, a step a page: the first person, and what is still missing."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.readiness import lacking
from coop.web.http import Request, form_succeeded, require_perm
from members.founding.forms import FirstFounderForm, FounderForm
from members.founding.founders import found_coop as found
from members.founding.readiness import who_mends
from members.founding.setup_keys import SetupKey
from members.people.members import Member
from members.people.users import User
from members.signing_in.step_up import note_proof


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def found_coop(request: HttpRequest, key: str) -> HttpResponse:
    """The one-time address: whoever opens it first becomes the first member. It is the proof: it was shown once, to
    whoever looks after the machine, when no mail could be sent yet.
    """
    setup = SetupKey.find(key)
    if setup is None or setup.used_at or Member.objects.owners().exists():
        return render(request, "members/founding/used.html", {"setup": setup}, status=410)
    person = request.user if isinstance(request.user, User) else None
    typed = request.POST if request.method == "POST" else None
    form = FounderForm(typed, initial={"name": person.name}) if person else FirstFounderForm(typed)
    if request.method == "POST" and form_succeeded(form, lambda: _begin(request, setup, person, form)):
        messages.success(request, _("Welcome! You are the first member. Here is what comes next."))
        return redirect("readiness")
    return render(request, "members/founding/found_coop.html", {"form": form})


def _begin(request: HttpRequest, setup: SetupKey, person: User | None, form: FounderForm) -> None:
    language = get_language() or "en"
    first = found(setup, person, **form.cleaned_data, language=language, at=timezone.now())
    if person is None:
        login(request, first.user)
        note_proof(request, first.user)


@require_safe
def readiness(request: Request) -> HttpResponse:
    """What the co-op still lacks, with the page where each is mended."""
    require_perm(request, "members.set_up")
    return render(
        request, "members/founding/readiness.html", {"lacking": [(need, who_mends(need)) for need in lacking()]}
    )
