"""Who belongs to a household: asking somebody in, saying yes, going."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.households.clients import Client
from bookings.households.housemate_forms import InviteForm
from bookings.households.housemates import HouseholdMember
from coop.web.http import Request, form_succeeded, get_for


@require_http_methods(["GET", "HEAD", "POST"])
def household(request: Request) -> HttpResponse:
    """The people of one's household, a form to invite another, and the households of others that one belongs to."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _invited(request, form):
        email = form.cleaned_data["email"]
        messages.success(request, _("We wrote to %(email)s. They see nothing until they say yes.") % {"email": email})
        return redirect("household")
    people = list(HouseholdMember.objects.standing().visible_to(request.user).with_related())
    context = {
        "form": form,
        "own": Client.objects.filter(user=request.user).first(),
        "people": [who for who in people if who.client.user_id == request.user.pk],
        "invitations": [who for who in people if who.is_about(request.user) and who.state == who.State.INVITED],
        "joined": [who for who in people if who.user_id == request.user.pk and who.state == who.State.JOINED],
    }
    return render(request, "bookings/households/household.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join_household(request: Request, person_id: int) -> HttpResponse:
    """Where the mailed link leads: what it means to belong to this household, and yes or no."""
    found = get_for(request, "join", HouseholdMember.objects.visible_to(request.user).with_related(), pk=person_id)
    if request.method == "POST":
        found.join(at=timezone.now(), by=request.user)
        messages.success(request, _("Welcome. You see and manage this household's visits now."))
    if found.state == HouseholdMember.State.JOINED:
        return redirect("my_bookings")
    return render(request, "bookings/households/join_household.html", {"invited": found})


@require_POST
def leave_household(request: Request, person_id: int) -> HttpResponse:
    """No, thank you; or going; or the owner removes somebody, at once."""
    found = get_for(request, "leave", HouseholdMember.objects.visible_to(request.user).with_related(), pk=person_id)
    found.leave(at=timezone.now(), by=request.user)
    if found.is_about(request.user):
        messages.success(request, _("You do not belong to this household any more."))
    else:
        messages.success(request, _("%(name)s does not see your household any more.") % {"name": found.known_as})
    return redirect("household")


def _invited(request: Request, form: InviteForm) -> bool:
    """Only the client invites; whoever has no household of their own finds no such form."""
    own = get_object_or_404(Client, user=request.user)
    return form_succeeded(
        form,
        lambda: HouseholdMember.invite(own, email=form.cleaned_data["email"], at=timezone.now(), by=request.user),
    )
