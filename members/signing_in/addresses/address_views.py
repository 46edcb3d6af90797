"""Changing one's address, step by step, and stopping it from the old one."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coop.errors import Refusal
from coop.jobs import enqueue
from coop.web.http import Request, form_succeeded
from members.signing_in import sent_codes
from members.signing_in.account_forms import asks_too_often
from members.signing_in.accounts import AccountAdapter
from members.signing_in.addresses.address_changes import AddressChange
from members.signing_in.addresses.address_forms import NewAddressForm, SentCodeForm
from members.signing_in.step_up import asks_within, prove_again

NEW_ADDRESS = "new_address"


@require_http_methods(["GET", "HEAD", "POST"])
@asks_within
def change_address(request: Request) -> HttpResponse:
    """Say the new address. Whoever has no key shows by a code from the old one's mail that they may."""
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        prove_again(request)
        if form_succeeded(form, lambda: _send_code(request, form.cleaned_data["email"])):
            return redirect("prove_address")
    return render(request, "members/signing_in/change_address.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def prove_address(request: Request) -> HttpResponse:
    """Type the code from the new address's mail: from then on it is one's own."""
    email = sent_codes.sent_to(request, NEW_ADDRESS)
    if not email:
        return redirect("change_address")
    form = SentCodeForm(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: _prove(request, email, form.cleaned_data["code"])):
        messages.success(request, _("Your new address is in use. We told the old one."))
        return redirect("signing_in")
    return render(request, "members/signing_in/prove_address.html", {"form": form, "email": email})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_address_change(request: HttpRequest, token: str) -> HttpResponse:
    """It was not them: whoever reads the old mail takes it back. Looking at the page does nothing."""
    change, now = AddressChange.objects.by_token(token), timezone.now()
    if request.method == "POST" and change:
        change.stop(at=now)
        messages.success(request, _("Stopped. Your old address is yours again, and everybody is signed out."))
        return redirect("account_login")
    can = bool(change and change.can_be_stopped(now))
    return render(request, "members/signing_in/stop_address.html", {"change": change if can else None})


def _send_code(request: Request, email: str) -> None:
    """To an address that has an account goes a mail that says so, and the page is the same."""
    if asks_too_often(request) or not ratelimit.consume(request, action="request_login_code", key=email):
        raise Refusal(str(AccountAdapter.error_messages["rate_limited"]), field="email")
    adapter = AccountAdapter(request)
    code = adapter.generate_login_code()
    adapter.send_to_new_address(email, code)
    sent_codes.keep(request, NEW_ADDRESS, code, to=email)


def _prove(request: Request, email: str, code: str) -> None:
    if trouble := sent_codes.trouble_with(request, NEW_ADDRESS, code):
        raise Refusal(trouble, field="code")
    AddressChange.make(request.user, email, at=timezone.now())
    enqueue("members.sweep_addresses")
