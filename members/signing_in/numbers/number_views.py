"""A number of one's own: it gets text messages, and opens the account as the address does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coop.typed.fields import say_phone
from coop.web.http import Request, form_succeeded
from members.notices.contact_preference_forms import CodeForm, NumberForm
from members.notices.contact_preference_views import show_reach
from members.notices.contact_preferences import Reach
from members.notices.notices import Notice
from members.signing_in.step_up import asks_within, prove_again


@require_POST
@asks_within
def give_number(request: Request) -> HttpResponse:
    """A number for text messages: a code goes there."""
    found, form = Reach.of(request.user), NumberForm(request.POST)
    if form.is_valid():
        prove_again(request)
    if form_succeeded(form, lambda: found.ask_for_code(form.cleaned_data["phone"], at=timezone.now())):
        messages.success(request, _("A code is on its way to your phone. It is good for 10 minutes."))
        return redirect("reach")
    return show_reach(request, found, number=form)


@require_POST
def confirm_number(request: Request) -> HttpResponse:
    """The code: the number is used from now on."""
    found, form = Reach.of(request.user), CodeForm(request.POST)
    if form_succeeded(form, lambda: found.confirm(form.cleaned_data["code"], at=timezone.now())):
        _tell(request)
        messages.success(request, _("Thank you. What cannot wait comes to this number, too, and it lets you sign in."))
        return redirect("reach")
    return show_reach(request, found, code=form)


@require_POST
@asks_within
def remove_number(request: Request) -> HttpResponse:
    """No text messages any more, and no way in by them; or another number than the one that waits for its code."""
    found = Reach.of(request.user)
    if found.waits_for_code:
        found.forget_code()
    else:
        prove_again(request)
        found.forget_number()
        messages.success(request, _("We send no more text messages to you."))
    return redirect("reach")


def _tell(request: Request) -> None:
    """By mail, in case it was somebody else who gave a number of theirs."""
    user, now = request.user, timezone.now()
    user.note("prove_number", at=now, by=user)
    with translation.override(user.language):
        what = _("Your account can be opened with a code to this number: %(number)s.")
        about = {"what": what % {"number": say_phone(Reach.of(user).phone)}}
    if user.email:
        Notice.post(f"prove_number:{user.pk}:{now.timestamp():.3f}", to=user, mail="keys_changed", at=now, about=about)
